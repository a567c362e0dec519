import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Keepsake, startKeepsake } from '../../src/library'
import { requireFreshBuild } from '../support/cli'
import { send } from '../support/http'
import { SMALL_SHOP } from '../support/seed'
import { temporaryDirectory } from '../support/server'
import { login } from '../support/soap'

beforeAll(() => requireFreshBuild())

const userOf = ({ user }: Keepsake) => user ?? { username: '', apiKey: '' }

describe('startKeepsake', () => {
  it('answers where its server is called, and as whom: the example shop’s user', async () => {
    await using keepsake = await startKeepsake()
    const { url, user } = keepsake
    expect(url).toBe(`http://127.0.0.1:${keepsake.port}`)
    expect(user).toEqual({ username: 'apiUser', apiKey: 'apiKey' })
    const client = await login(url, userOf(keepsake))
    expect(await client.call('product_media.list', 'Sku', 'german')).toEqual([])
  })

  it.each([
    ['wsdl', 'operation name="multiCall"'],
    ['v2Wsdl', 'use="encoded"'],
    ['wsiWsdl', 'use="literal"'],
  ] as const)('answers the URL of each WSDL: %s', async (name, part) => {
    await using keepsake = await startKeepsake()
    const url = new URL(keepsake[name])
    const { status, text } = await send(keepsake.url, { path: url.pathname + url.search })
    expect(status).toBe(200)
    expect(text.includes(part)).toBe(true)
  })

  it('takes a seed, or the path of a seed file', async () => {
    const { directory, remove } = await temporaryDirectory()
    const file = path.join(directory, 'shop.json')
    await writeFile(file, SMALL_SHOP)
    await using one = await startKeepsake({ seed: file })
    await using other = await startKeepsake({ seed: { ...JSON.parse(SMALL_SHOP), products: [] } })
    await remove()
    expect(one.user).toEqual({ username: 'apiUser', apiKey: 'apiKey123' })
    expect(await (await login(one.url)).fault('product_media.list', 'Sku')).toBeNull()
    expect(await (await login(other.url)).fault('product_media.list', 'Sku')).toMatchObject({ code: '101' })
  })

  it('asks a control API that has a port of its own', async () => {
    await using keepsake = await startKeepsake({ settings: { KEEPSAKE_CONTROL_PORT: '0' } })
    expect(keepsake.controlUrl).not.toBe(`${keepsake.url}/_keepsake`)
    expect((await keepsake.control.clock.now()).fixed).toBe(false)
  })

  it('starts several servers at once, each with a shop and a clock of its own', async () => {
    const [one, other] = await Promise.all([startKeepsake(), startKeepsake()])
    await one.control.clock.set('2015-06-01T12:00:00Z', { fixed: true })
    expect(await one.control.clock.now()).toEqual({ now: '2015-06-01T12:00:00.000Z', fixed: true })
    expect((await other.control.clock.now()).fixed).toBe(false)
    await one.stop()
    expect((await other.control.clock.now()).fixed).toBe(false)
    await other.stop()
  })

  it('stops its server, and once more does nothing', async () => {
    const keepsake = await startKeepsake()
    await keepsake.stop()
    await keepsake.stop()
    await expect(keepsake.control.clock.now()).rejects.toThrow(/^GET \/_keepsake\/clock: .*ECONNREFUSED/)
  })

  it('serves while the test itself blocks, as one does that runs a script and waits', async () => {
    await using keepsake = await startKeepsake()
    const script = `fetch('${keepsake.wsdl}').then(({ status }) => console.log(status))`
    expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toBe('200\n')
  })

  it('takes any setting by its variable, and none from the environment of the test', async () => {
    const before = { ...process.env }
    process.env.KEEPSAKE_SESSION_LIFETIME = 'nonsense'
    try {
      await using keepsake = await startKeepsake({ settings: { KEEPSAKE_SESSION_LIFETIME: '60' } })
      const client = await login(keepsake.url, userOf(keepsake))
      await keepsake.control.clock.advance(61)
      expect(await client.fault('product_media.list', 'Sku')).toMatchObject({ code: '5' })
    } finally {
      process.env = before
    }
  })

  it.each([
    ['no seed', { seed: '/nowhere/shop.json' }, /^seed: ENOENT: .*\/nowhere\/shop.json/],
    ['no JSON', { seed: __filename }, /^seed file: not JSON: /],
    [
      'a seed that contradicts itself',
      { seed: { products: [{ sku: 'Sku', attributeSet: 4 }] } },
      /^seed file: Key/,
    ],
    [
      'a port that is none',
      { port: 70_000 },
      /^--port: expected a whole number from 0 to 65535, got "70000"$/,
    ],
    ['an unknown setting', { settings: { KEEPSAKE_PROT: '1' } }, /^KEEPSAKE_PROT: there is no such setting$/],
  ])('says in a line what is wrong with %s', async (_name, options, message) => {
    await expect(startKeepsake(options)).rejects.toThrow(message)
  })

  it('says so when its port is taken', async () => {
    await using keepsake = await startKeepsake()
    await expect(startKeepsake({ port: keepsake.port })).rejects.toThrow(
      `listen EADDRINUSE: address already in use 127.0.0.1:${keepsake.port}`,
    )
  })
})

describe('under the fake timers of a test', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  it('starts, is controlled, and stops', async () => {
    const keepsake = await startKeepsake()
    expect((await keepsake.control.clock.advance(3600)).fixed).toBe(false)
    await keepsake.stop()
  })
})
