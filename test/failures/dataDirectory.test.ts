import { readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Environment, keepsake, type Serving, serving } from '../support/cli'
import { temporaryDirectory } from '../support/server'
import { login, type SoapClient } from '../support/soap'
import { eventually, FAILING_SHOP, newImage } from './support/failingShop'
import { CONTAINER, CONTAINERS, describeWith } from './support/needs'

const IN_USE =
  /keepsake: the data directory \S+ is in use by process \d+ on \S+: stop that process, or choose another --data-dir$/m
/** A start after a kill waits for five seconds, and some tests have several. */
jest.setTimeout(120_000)

const WATCHED = 'is locked by a process that may have ended: it is watched for 5 s, then taken'

describeWith(CONTAINERS, 'a data directory of the embedded database', () => {
  let root: string
  let environment: Environment
  let starting: readonly string[]
  let removeRoot: () => Promise<void>
  let servers: Serving[]

  beforeEach(async () => {
    const { directory, remove } = await temporaryDirectory()
    root = path.join(directory, 'data')
    removeRoot = remove
    environment = { KEEPSAKE_DATA_DIR: root }
    const seed = path.join(directory, 'shop.json')
    await writeFile(seed, FAILING_SHOP)
    starting = ['--port', '0', '--seed', seed]
    servers = []
  })

  afterEach(async () => {
    await Promise.all(servers.map((server) => server.stop('SIGKILL')))
    await removeRoot()
  })

  const start = async (within: readonly string[] = []) => {
    const server = await serving(environment, starting, within)
    servers.push(server)
    return server
  }
  const refused = (within: readonly string[] = []) =>
    keepsake(['start', ...starting], environment, within).then(({ code, stdout, stderr }) => {
      expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(IN_USE) })
      return stderr
    })
  const create = async (client: SoapClient) =>
    String(await client.call('product_media.create', 'Sku', await newImage()))
  const listed = async (client: SoapClient) => {
    const images = (await client.call('product_media.list', 'Sku')) as readonly { file: string }[]
    return images.map(({ file }) => file).sort()
  }

  /** Of another machine with the same files, no socket answers here. */
  async function asOnAnotherMachine(): Promise<void> {
    const sockets = (await readdir(root)).filter((name) => /^server\.lock\..*\.sock$/.test(name))
    expect(sockets).toHaveLength(1)
    for (const name of sockets) await rm(path.join(root, name))
  }

  async function suspended(server: Serving): Promise<void> {
    process.kill(server.pid, 'SIGSTOP')
  }

  test('is not taken from a live process by one of another container, and nothing acknowledged is lost', async () => {
    const first = await start(CONTAINER)
    const client = await login(first.url)
    const files = [await create(client)]
    const stderr = await refused(CONTAINER)
    expect(stderr).not.toContain(WATCHED)
    await refused([...CONTAINER, '--net'])
    files.push(await create(client))
    expect(await listed(client)).toEqual(files.sort())

    await first.stop('SIGKILL')
    const next = await start(CONTAINER)
    expect(await listed(await login(next.url))).toEqual(files.sort())
    expect((await next.stop('SIGKILL')).stderr).toContain(WATCHED)
  })

  test('of a process that was killed goes to one of those that wait for it, in whatever container', async () => {
    const first = await start(CONTAINER)
    const file = await create(await login(first.url))
    await first.stop('SIGKILL')

    const starts = await Promise.allSettled([start(CONTAINER), start(), start(CONTAINER), start(CONTAINER)])
    const started = starts.filter((result) => result.status === 'fulfilled')
    const reasons = starts
      .filter((result) => result.status === 'rejected')
      .map(({ reason }) => String(reason))
    expect(started).toHaveLength(1)
    expect(reasons).toHaveLength(3)
    for (const reason of reasons) expect(reason).toContain(' is in use')
    expect(await listed(await login(started[0]?.value.url ?? ''))).toEqual([file])
  })

  test('is not taken from a live process whose renewals alone are seen', async () => {
    const first = await start()
    await asOnAnotherMachine()
    expect(await refused(CONTAINER)).toContain(WATCHED)
    await create(await login(first.url))
  })

  test('stays with a process that is suspended, which goes on where it was', async () => {
    const first = await start()
    const client = await login(first.url)
    const file = await create(client)
    await suspended(first)
    await new Promise((resolve) => setTimeout(resolve, LONGER_THAN_ANY_LOCK_MS))
    await refused(CONTAINER)
    process.kill(first.pid, 'SIGCONT')
    expect(await listed(client)).toEqual([file])
    expect((await listed(client)).concat(await create(client))).toHaveLength(2)
    expect((await first.stop('SIGTERM')).code).toBe(0)
  })

  test('that was taken meanwhile is noticed by a process that was suspended, before it acknowledges anything', async () => {
    const first = await start()
    const client = await login(first.url)
    const files = [await create(client)]
    await suspended(first)
    await asOnAnotherMachine()
    const second = await start(CONTAINER)
    const other = await login(second.url)
    files.push(await create(other))

    const image = await newImage()
    const answers = Promise.all([
      ...Array.from({ length: 4 }, () => outcome(client.call('product_media.create', 'Sku', image))),
      outcome(client.call('product_media.list', 'Sku')),
    ])
    const end = await first.stop('SIGCONT')
    expect(await answers).toEqual(['nothing', 'nothing', 'nothing', 'nothing', 'nothing'])
    expect(end.code).toBe(1)
    expect(end.stderr).toContain('the data directory is no longer locked for this process')
    files.push(await create(other))
    expect(await listed(other)).toEqual(files.sort())

    await second.stop('SIGKILL')
    const third = await start()
    expect(await listed(await login(third.url))).toEqual(files.sort())
  })

  test('is given back by a process that is told to stop, and taken at once by the next', async () => {
    const first = await start(CONTAINER)
    await first.stop('SIGKILL')
    const second = await start()
    expect((await second.stop('SIGTERM')).code).toBe(0)
    const third = await start()
    expect((await third.stop('SIGTERM')).stderr).not.toContain(WATCHED)
    await eventually(async () => (await readdir(root)).every((name) => !name.startsWith('server.lock')))
  })
})

/** Longer than the lock of any version is held to be alive. */
const LONGER_THAN_ANY_LOCK_MS = 11_000

/** What a client hears: an acknowledgement, or else nothing. */
function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'acknowledged',
    () => 'nothing',
  )
}
