import { readFileSync } from 'node:fs'
import path from 'node:path'
import { SETTINGS } from '../../src/settings/settings'

/** The rows of the page's table, each as its cells. */
const rows = readFileSync(path.join(__dirname, '../../docs/reference/settings.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

const code = (text: string | null | undefined) => (text ? `\`${text}\`` : '')

test('docs/reference/settings.md has the settings, in order, with their flags, defaults and words', () => {
  expect(rows).toEqual(
    Object.values(SETTINGS).map((setting) => [
      code(setting.environment),
      code('flag' in setting ? setting.flag : null),
      code(setting.fallback),
      setting.help,
    ]),
  )
})
