import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { requireFreshBuild, serving } from '../support/cli'
import { runDemo } from '../support/demo'
import { temporaryDirectory } from '../support/server'
import { login } from '../support/soap'
import { installNode } from './support/node'

const SMOKE = path.join(__dirname, 'support', 'smoke.js')

const run = promisify(execFile)

/** Versions that are supported beside the one that runs all other tests. */
describe.each([22, 24])('on Node %d', (major) => {
  let node: string
  let directory: string
  let remove: () => Promise<void>

  beforeAll(async () => {
    requireFreshBuild()
    ;({ directory, remove } = await temporaryDirectory())
    node = await installNode(major, directory)
  }, 300_000)

  afterAll(() => remove())

  it('is what runs the next tests', async () => {
    expect((await run(node, ['--version'])).stdout).toMatch(new RegExp(`^v${major}\\.`))
  })

  it('the built server starts on a new data directory, answers, and ends when it is told to, without a warning', async () => {
    const data = path.join(directory, 'data')
    const server = await serving({ KEEPSAKE_DATA_DIR: data }, ['--port', '0'], [], node)
    const apiKey = /^API user apiUser, key ([0-9a-f]{32}) /m.exec(server.stdout())?.[1] ?? ''
    const client = await login(server.url, { username: 'apiUser', apiKey })
    expect(await client.call('product_media.list', 'Sku')).toEqual([])
    const { code, stderr } = await server.stop('SIGTERM')
    expect(code).toBe(0)
    // Its log is a JSON object in each line; a warning of Node's would be a line of its own.
    expect(stderr).toMatch(/^(?:\{"level":(?:30|20).*\}\n)*$/)
  })

  it('the demo plays to its end', async () => {
    const { directory: empty, remove: removeEmpty } = await temporaryDirectory()
    const { code, stdout, stderr } = await runDemo(empty, node)
    await removeEmpty()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^7\. See the images without it\n.*\n {3}→ \[\]$/m)
  })

  it('the library starts a server for a test, and ends with it', async () => {
    const { stdout, stderr } = await run(node, [SMOKE])
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({
      session: expect.stringMatching(/^[0-9a-f]{32}$/),
      methods: ['login'],
    })
  })
})
