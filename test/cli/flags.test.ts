import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { program } from '../../src/cli/program'
import { packageRoot } from '../../src/packageRoot'
import { SETTINGS } from '../../src/settings/settings'
import { serving } from '../support/cli'
import { send } from '../support/http'

const keepsake = program()

/** The command that these words begin with; the words that follow are its arguments. */
function commandNamed(words: readonly string[]): Command {
  return words.reduce<Command>(
    (command, word) => command.commands.find((child) => child.name() === word) ?? command,
    keepsake,
  )
}

/** The long flags of a command and of those below it, one of which may be meant when none is named. */
function flagsOf(command: Command): readonly string[] {
  const own = command.options.map(({ long }) => long ?? '')
  return ['--help', ...own, ...command.commands.flatMap(flagsOf)]
}

const FLAG = /(?<![\w-])--[A-Za-z][\w-]*/g

const FLAGGED = Object.entries(SETTINGS).flatMap(([name, setting]) =>
  'flag' in setting ? [[setting.flag, name] as const] : [],
)

describe('start', () => {
  it.each(FLAGGED)('takes %s, for the setting %s', (flag, name) => {
    const option = commandNamed(['start']).options.find(({ flags }) => flags === flag)
    expect(option?.attributeName()).toBe(name)
  })

  it('serves the console with --console', async () => {
    const served = async (...flags: readonly string[]) => {
      const server = await serving({}, ['--port', '0', '--memory', ...flags])
      const { status } = await send(server.url, { path: '/console/' })
      await server.stop('SIGTERM')
      return status
    }
    expect(await served('--console')).toBe(200)
    expect(await served()).toBe(404)
  })
})

const DOCUMENTS = [
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync(path.join(packageRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join('docs', name)),
]

/** A command line as documents write it, up to the end of its code or a comment. */
const COMMAND_LINE = /(?:\bkeepsake|\bnpm run keepsake --|\bnpm (start) --) ([^`#\n]*)/g

/** Flags of npm, Docker, Node, Jest and PHPUnit. */
const FLAGS_OF_OTHERS = [
  '--bootstrap',
  '--build',
  '--experimental-vm-modules',
  '--modulePaths',
  '--publish',
  '--rm',
  '--rootDir',
  '--save-dev',
  '--tag',
]

describe.each(DOCUMENTS)('%s', (name) => {
  const text = readFileSync(path.join(packageRoot, name), 'utf8')

  it('gives each command flags that it takes', () => {
    const refused = [...text.matchAll(COMMAND_LINE)].flatMap(([line, start = '', rest = '']) => {
      const command = commandNamed([start, ...rest.split(/\s+/)].filter(Boolean))
      const unknown = (rest.match(FLAG) ?? []).filter((flag) => !flagsOf(command).includes(flag))
      return unknown.map((flag) => `${flag} in ${line}`)
    })
    expect(refused).toEqual([])
  })

  it('names no flag that no command takes', () => {
    const known = new Set([...flagsOf(keepsake), ...FLAGS_OF_OTHERS])
    expect((text.match(FLAG) ?? []).filter((flag) => !known.has(flag))).toEqual([])
  })
})
