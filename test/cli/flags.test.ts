import { program } from '../../src/cli/program'
import { SETTINGS } from '../../src/settings/settings'
import { serving } from '../support/cli'
import { send } from '../support/http'

const FLAGGED = Object.entries(SETTINGS).flatMap(([name, setting]) =>
  'flag' in setting ? [[setting.flag, name] as const] : [],
)

describe('start', () => {
  it.each(FLAGGED)('takes %s, for the setting %s', (flag, name) => {
    const start = program().commands.find((command) => command.name() === 'start')
    const option = start?.options.find(({ flags }) => flags === flag)
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
