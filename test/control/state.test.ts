import { control, DOUBLE } from '../support/control'
import { send } from '../support/http'
import { memoryLog } from '../support/memoryLog'
import { GIF, restClient } from '../support/rest'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { API_USER, faultOf, login, loginEnvelope, type Plain, postSoap } from '../support/soap'

const FILE = { file: { name: 'image', mime: 'image/gif', content: GIF }, label: 'A label', exclude: '0' }
const FIRST_SESSION = '7dbd06d023712b32c0964dcc971212a1'

const logged = memoryLog()
let server: TestServer

const ask = (method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown) =>
  control(server.url, method, path, body)

beforeAll(async () => {
  server = await startTestServer({ seed: SMALL_SHOP, environment: DOUBLE, log: logged.log })
})

afterEach(async () => {
  await ask('PUT', '/ids', { deterministic: false })
  await ask('PUT', '/loose', { loose: false })
  await ask('POST', '/reset')
})

afterAll(() => server.stop())

describe('the state of a test double', () => {
  it('is told at a glance', async () => {
    await ask('PUT', '/clock', { now: '2015-06-01T12:00:00Z', fixed: true })
    await ask('PUT', '/snapshots/empty')
    expect(await ask('GET', '/')).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      products: 1,
      stores: 2,
      rules: 0,
      journal: 0,
      users: 1,
      clock: { now: '2015-06-01T12:00:00.000Z', fixed: true },
      deterministic: false,
      loose: false,
      snapshots: ['empty'],
    })
    await ask('DELETE', '/snapshots/empty')
  })
})

describe('a reset', () => {
  it('brings rows, ids and clock back to what they were after the seed', async () => {
    await ask('PUT', '/clock', { now: '2015-06-01T12:00:00Z', fixed: true })
    const before = await login(server.url)
    const file = await before.call('product_media.create', 'Sku', FILE)
    const [image] = (await restClient(server.url, null).get('/products/1/images')) as { id: string }[]
    await ask('PUT', '/stores/late', {})
    await before.call('product_media.currentStore', 'late')

    await ask('POST', '/reset')

    expect((await before.fault('product_media.list', 'Sku'))?.code).toBe('5')
    const client = await login(server.url)
    expect(await client.call('product_media.list', 'Sku')).toEqual([])
    expect((await client.fault('product_media.list', 'Sku', 'late'))?.code).toBe('100')
    expect(await client.call('product_media.create', 'Sku', FILE)).toBe(file)
    expect(await restClient(server.url, null).get('/products/1/images')).toMatchObject([{ id: image?.id }])
    expect(await ask('GET', '/clock')).toMatchObject({ fixed: false })
  })

  it('leaves snapshots, and whether ids repeat and the double is loose, as they are', async () => {
    await ask('PUT', '/snapshots/kept')
    await ask('PUT', '/ids', { deterministic: true })
    await ask('PUT', '/loose', { loose: true })
    await ask('POST', '/reset')
    expect(await ask('GET', '/')).toMatchObject({ deterministic: true, loose: true, snapshots: ['kept'] })
    await ask('DELETE', '/snapshots/kept')
  })
})

describe('session ids', () => {
  it('come in the documented order from each reset on', async () => {
    await ask('PUT', '/ids', { deterministic: true })
    const ids: string[] = []
    for (let time = 1; time <= 2; time++) {
      await ask('POST', '/reset')
      ids.push((await login(server.url)).session, (await login(server.url)).session)
    }
    const [first, second] = ids
    expect(ids).toEqual([FIRST_SESSION, second, first, second])
  })

  it('pass over one that a restored snapshot has', async () => {
    await ask('PUT', '/ids', { deterministic: true })
    const taken = await login(server.url)
    await ask('PUT', '/snapshots/logged-in')
    await ask('POST', '/reset')
    await ask('POST', '/snapshots/logged-in/restore')
    const next = await login(server.url)
    expect(next.session).not.toBe(taken.session)
    expect(await taken.call('product_media.list', 'Sku')).toEqual([])
    await ask('DELETE', '/snapshots/logged-in')
  })
})

describe('a snapshot', () => {
  afterEach(() => ask('DELETE', '/snapshots/one-image').catch(() => undefined))

  it('brings rows back, and leaves the clock alone', async () => {
    const client = await login(server.url)
    const file = await client.call('product_media.create', 'Sku', FILE)
    expect(await ask('PUT', '/snapshots/one-image')).toEqual({ name: 'one-image', taken: expect.any(String) })
    expect(await ask('GET', '/snapshots')).toMatchObject([{ name: 'one-image' }])
    await client.call('product_media.remove', 'Sku', file)
    await ask('PUT', '/clock', { advanceSeconds: 60 })
    await ask('PUT', '/clock', { advanceSeconds: 0, fixed: true })
    await ask('POST', '/snapshots/one-image/restore')
    expect(await client.call('product_media.list', 'Sku')).toMatchObject([{ file, label: 'A label' }])
    expect(await ask('GET', '/clock')).toMatchObject({ fixed: true })
    const { pathname } = new URL(
      ((await client.call('product_media.list', 'Sku')) as { url: string }[])[0]?.url ?? '',
    )
    expect((await send(server.url, { path: pathname })).status).toBe(200)
  })

  it('that is not there is said not to be', async () => {
    await expect(ask('POST', '/snapshots/nosuch/restore')).rejects.toThrow(
      '404 {"error":"There is no snapshot nosuch',
    )
    await expect(ask('DELETE', '/snapshots/nosuch')).rejects.toThrow('404')
  })

  it.each(['-x', 'a%20b', "a'%3b", 'x'.repeat(65)])('cannot be named %s', async (name) => {
    await expect(ask('PUT', `/snapshots/${name}`)).rejects.toThrow('400 {"error":"A snapshot’s name has')
  })
})

describe('a seed', () => {
  const products = async () => ((await ask('GET', '/products')) as { sku: string }[]).map(({ sku }) => sku)
  const more = { products: [{ sku: 'More', attributeSet: 4, websites: [1] }] }

  it('is put in beside what is there', async () => {
    await ask('POST', '/seed', more)
    expect(await products()).toEqual(['Sku', 'More'])
    await ask('POST', '/reset')
    expect(await products()).toEqual(['Sku'])
  })

  it.each([
    ['of a wrong form', { products: [{ sku: 1 }] }, '400 {"error":"body.products.0.sku: '],
    ['that contradicts itself', { products: [{ sku: 'x', attributeSet: 99 }] }, '400 {"error":"seed file: '],
    [
      'with a role that is not there',
      { users: [{ username: 'x', apiKey: 'y', role: 'nosuch' }] },
      '400 {"error":"there is no role nosuch"}',
    ],
  ])('%s is refused, and nothing changes', async (_name, seed, error) => {
    await expect(ask('POST', '/seed', seed)).rejects.toThrow(error)
    await expect(ask('POST', '/seed?reset=true', seed)).rejects.toThrow(error)
    expect(await products()).toEqual(['Sku'])
  })

  it('takes the place of all that is there, and is what resets go back to', async () => {
    const shop = JSON.parse(SMALL_SHOP)
    await ask('POST', '/seed?reset=true', { ...shop, products: more.products })
    await ask('PUT', '/products/passing', {})
    await ask('POST', '/reset')
    expect(await ask('GET', '/products')).toMatchObject([{ id: 1, sku: 'More' }])
    await ask('POST', '/seed?reset=true', shop)
    expect(await products()).toEqual(['Sku'])
  })

  it('that numbers store views anew changes which one a rule means', async () => {
    const shop = JSON.parse(SMALL_SHOP)
    const [first, german] = shop.stores
    const code = async () =>
      (await (await login(server.url)).fault('product_media.list', 'Sku', 2))?.code ?? null
    await ask('POST', '/rules', { when: { storeView: 'german', method: 'list' }, answer: { fault: 106 } })
    expect(await code()).toBe('106')
    await ask('POST', '/seed?reset=true', {
      ...shop,
      stores: [
        { ...first, id: 2 },
        { ...german, id: 1 },
      ],
    })
    expect(await code()).toBeNull()
    await ask('DELETE', '/rules')
    await ask('POST', '/seed?reset=true', shop)
  })
})

describe('loose mode', () => {
  const url = () => server.url

  beforeEach(() => ask('PUT', '/loose', { loose: true }))

  it('makes a product when it is first named, by id or SKU as the rules of naming have it', async () => {
    const client = await login(url())
    expect(await client.call('product_media.list', 'unknown')).toEqual([])
    expect(await client.call('product_media.list', '4711')).toEqual([])
    expect(await client.call('product_media.list', '4712', null, 'sku')).toEqual([])
    expect(await client.call('product_media.create', 'unknown', FILE)).toBe('/i/m/image.gif')
    expect(await ask('GET', '/products')).toMatchObject([
      { id: 1, sku: 'Sku' },
      { id: 2, sku: 'unknown', attributeSet: 'Default', websites: ['base'], images: 1 },
      { id: 4711, sku: 'product-4711' },
      { id: 4712, sku: '4712' },
    ])
  })

  it.each<[string, Plain]>([
    ['no text at all', ''],
    ['a number that no id can be', 2147483648],
  ])('makes none for %s', async (_name, product) => {
    expect((await (await login(url())).fault('product_media.list', product))?.code).toBe('101')
  })

  it('lets anybody log in with any key, and a known user keeps its role', async () => {
    await ask('PUT', '/users/reader', {
      key: 'right',
      role: 'reader',
      resources: ['catalog', 'catalog/product/media'],
    })
    const stranger = await login(url(), { username: 'stranger', apiKey: 'whatever' })
    expect(await stranger.call('product_media.create', 'Sku', FILE)).toBe('/i/m/image.gif')
    const reader = await login(url(), { username: 'reader', apiKey: 'wrong' })
    expect((await reader.fault('product_media.create', 'Sku', FILE))?.code).toBe('2')
  })

  it('does not let a disabled user in, and the log says why', async () => {
    await ask('PUT', '/users/apiUser', { active: false })
    const answer = await postSoap(url(), loginEnvelope(API_USER))
    expect(faultOf(answer)?.code).toBe('2')
    const lines = await logged.ofRequest(String(answer.headers['x-request-id']))
    expect(lines).toContainEqual(expect.objectContaining({ denied: 'inactive user', from: '127.0.0.1' }))
  })

  it('takes any signature of REST for an administrator’s, and none for a guest', async () => {
    const headers = {
      authorization: 'OAuth oauth_consumer_key="x"',
      'content-type': 'application/json',
    }
    const body = JSON.stringify({ file_mime_type: 'image/gif', file_content: GIF })
    const add = (given: Record<string, string>) =>
      send(url(), { method: 'POST', path: '/api/rest/products/55/images', headers: given, body })
    expect((await add(headers)).status).toBe(200)
    expect((await add({ 'content-type': 'application/json' })).status).toBe(403)
    await ask('PUT', '/loose', { loose: false })
    expect((await add(headers)).status).toBe(401)
  })

  it('ends when it is switched off', async () => {
    await ask('PUT', '/loose', { loose: false })
    const client = await login(url())
    expect((await client.fault('product_media.list', 'other'))?.code).toBe('101')
    await expect(login(url(), { username: 'nobody', apiKey: 'x' })).rejects.toThrow('fault 2')
  })
})
