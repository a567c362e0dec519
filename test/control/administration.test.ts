import { BUILT_IN_MEDIA_ATTRIBUTES } from '../../src/catalog/mediaAttribute'
import { control, DOUBLE } from '../support/control'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { login } from '../support/soap'

let server: TestServer

const ask = (method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown) =>
  control(server.url, method, path, body)

beforeAll(async () => {
  server = await startTestServer({ seed: SMALL_SHOP, environment: DOUBLE })
})

beforeEach(() => ask('POST', '/reset'))
afterAll(() => server.stop())

describe('products', () => {
  it('are made with the next id, the first attribute set and all websites', async () => {
    expect(await ask('PUT', '/products/New%2FSKU', {})).toEqual({
      id: 2,
      sku: 'New/SKU',
      attributeSet: 'Default',
      websites: ['base'],
      images: 0,
    })
  })

  it('keep what a change does not name', async () => {
    await ask('PUT', '/attribute-sets/Plain', { id: 9, gallery: false })
    await ask('PUT', '/products/Sku', { websites: [] })
    expect(await ask('PUT', '/products/SKU', { attributeSet: 'Plain' })).toEqual({
      id: 1,
      sku: 'SKU',
      attributeSet: 'Plain',
      websites: [],
      images: 0,
    })
    expect((await (await login(server.url)).fault('product_media.list', 'Sku'))?.code).toBe('107')
  })

  it('are found by a part of their SKU, in any case, a few at a time', async () => {
    for (const sku of ['Camera', 'camera-2', 'Lens', '100%'])
      await ask('PUT', `/products/${encodeURIComponent(sku)}`, {})
    const found = async (query: string) =>
      ((await ask('GET', `/products?${query}`)) as { sku: string }[]).map(({ sku }) => sku)
    expect(await found('search=CAM')).toEqual(['Camera', 'camera-2'])
    expect(await found('search=CAM&limit=1')).toEqual(['Camera'])
    expect(await found('search=%25')).toEqual(['100%'])
  })

  it.each<[string, string, unknown, string]>([
    [
      'an id of another product',
      'New',
      { id: 1 },
      '409 {"error":"product 1 is Sku: an id and an SKU belong together for good"}',
    ],
    [
      'an unknown attribute set',
      'New',
      { attributeSet: 'Nosuch' },
      '400 {"error":"there is no attribute set Nosuch"}',
    ],
    ['an unknown website', 'New', { websites: ['nosuch'] }, '400 {"error":"there is no website nosuch"}'],
    ['an id of 0', 'New', { id: 0 }, '400 {"error":"body.id: '],
    ['an unknown key', 'New', { name: 'x' }, '400 {"error":"body: '],
    ['a NUL', 'a%00b', {}, '400 {"error":"path.sku: a text without NUL"}'],
  ])('are not made with %s', async (_name, sku, body, error) => {
    await expect(ask('PUT', `/products/${sku}`, body)).rejects.toThrow(error)
    expect(await ask('GET', '/products')).toHaveLength(1)
  })
})

describe('store views', () => {
  it('are made, moved to another website, and listed', async () => {
    expect(await ask('PUT', '/stores/outlet', { id: 10, website: 'second' })).toEqual({
      id: 10,
      code: 'outlet',
      website: 'second',
    })
    await ask('PUT', '/stores/outlet', { website: 'base' })
    expect(await ask('PUT', '/stores/french', {})).toEqual({ id: 11, code: 'french', website: 'base' })
    expect(await ask('GET', '/stores')).toEqual([
      { id: 0, code: 'admin', website: 'admin' },
      { id: 1, code: 'default', website: 'base' },
      { id: 2, code: 'german', website: 'base' },
      { id: 10, code: 'outlet', website: 'base' },
      { id: 11, code: 'french', website: 'base' },
    ])
  })

  it.each<[string, string, unknown, string]>([
    ['an id of another', 'new', { id: 1 }, '409'],
    ['another id for a code', 'german', { id: 3 }, '409'],
    ['a code that calls would read as an id', '1e3', {}, '400'],
    ['another website for the default scope', 'admin', { website: 'base' }, '400'],
  ])('are not made with %s', async (_name, code, body, error) => {
    await expect(ask('PUT', `/stores/${code}`, body)).rejects.toThrow(error)
  })
})

describe('attribute sets', () => {
  it('are made, changed and listed', async () => {
    expect(await ask('PUT', '/attribute-sets/Plain', { gallery: true })).toEqual({
      id: 5,
      name: 'Plain',
      gallery: true,
      mediaAttributes: BUILT_IN_MEDIA_ATTRIBUTES,
    })
    await ask('PUT', '/attribute-sets/Plain', { gallery: false, mediaAttributes: ['thumbnail'] })
    expect(await ask('GET', '/attribute-sets')).toEqual([
      { id: 4, name: 'Default', gallery: true, mediaAttributes: BUILT_IN_MEDIA_ATTRIBUTES },
      { id: 5, name: 'Plain', gallery: false, mediaAttributes: ['thumbnail'] },
    ])
  })

  it('keep their media attributes unless others are given', async () => {
    await ask('PUT', '/attribute-sets/Plain', { gallery: true, mediaAttributes: ['thumbnail', 'image'] })
    expect(await ask('PUT', '/attribute-sets/Plain', { gallery: false })).toMatchObject({
      mediaAttributes: ['thumbnail', 'image'],
    })
  })

  it('have media attributes that were made before, and no others', async () => {
    const change = { gallery: true, mediaAttributes: ['back_image', 'image'] }
    await expect(ask('PUT', '/attribute-sets/Plain', change)).rejects.toThrow('back_image')
    expect(await ask('PUT', '/media-attributes/back_image', { scope: 'website' })).toEqual({
      code: 'back_image',
      label: 'back_image',
      scope: 'website',
      attributeSets: [],
    })
    expect(await ask('PUT', '/attribute-sets/Plain', change)).toMatchObject(change)
    expect(await ask('PUT', '/media-attributes/back_image', { label: 'Back' })).toEqual({
      code: 'back_image',
      label: 'Back',
      scope: 'website',
      attributeSets: ['Plain'],
    })
    expect(await ask('GET', '/media-attributes')).toContainEqual({
      code: 'image',
      label: 'Base Image',
      scope: 'store',
      attributeSets: ['Default', 'Plain'],
    })
  })

  it.each(['a,b', 'a:b'])('have no media attribute whose code a list could not hold: %s', async (code) => {
    const change = { gallery: true, mediaAttributes: [code] }
    await expect(ask('PUT', '/attribute-sets/Plain', change)).rejects.toThrow('400')
    await expect(ask('PUT', `/media-attributes/${code}`, {})).rejects.toThrow('400')
  })

  it.each([
    ['an id of another', 'Plain', { id: 4, gallery: true }],
    ['another id for a name', 'Default', { id: 5, gallery: true }],
  ])('are not made with %s', async (_name, name, body) => {
    await expect(ask('PUT', `/attribute-sets/${name}`, body)).rejects.toThrow('409')
  })
})

describe('users', () => {
  it('get a key that is told once, and all rights, unless something else is said', async () => {
    const made = (await ask('PUT', '/users/Importer', {})) as { key: string }
    expect(made).toEqual({
      username: 'Importer',
      role: 'all',
      active: true,
      key: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
    const client = await login(server.url, { username: 'importer', apiKey: made.key })
    expect(await client.call('product_media.list', 'Sku')).toEqual([])
    expect(await ask('GET', '/users')).toEqual([
      { username: 'apiUser', role: 'all', active: true },
      { username: 'Importer', role: 'all', active: true },
    ])
  })

  it('have the rights of their role', async () => {
    const rights = { key: 'k', role: 'reader', resources: ['catalog', 'catalog/product/media'] }
    expect(await ask('PUT', '/users/reader', rights)).toMatchObject({ role: 'reader', key: null })
    const client = await login(server.url, { username: 'reader', apiKey: 'k' })
    expect((await client.fault('product_media.remove', 'Sku', '/x'))?.code).toBe('2')
  })

  it('lose their sessions when they are disabled, or get a new key', async () => {
    const client = await login(server.url)
    expect(await ask('PUT', '/users/APIUSER', { active: false })).toEqual({
      username: 'apiUser',
      role: 'all',
      active: false,
      key: null,
    })
    await ask('PUT', '/users/apiUser', { active: true })
    expect((await client.fault('product_media.list', 'Sku'))?.code).toBe('5')
    await ask('PUT', '/users/apiUser', { key: 'other' })
    await expect(login(server.url)).rejects.toThrow('fault 2')
    await login(server.url, { username: 'apiUser', apiKey: 'other' })
  })

  it('get no key that login would refuse', async () => {
    await expect(ask('PUT', '/users/x', { key: '0' })).rejects.toThrow('400')
  })
})

describe('OAuth consumers', () => {
  it('are made with a secret, get tokens, and lose them', async () => {
    const { key } = (await ask('POST', '/consumers', { name: 'Importer' })) as { key: string }
    const issued = await ask('POST', `/consumers/${key}/tokens`, { type: 'admin' })
    const { token } = issued as { token: string }
    expect(issued).toEqual({ token, secret: expect.stringMatching(/^[0-9a-f]{32}$/) })
    await ask('DELETE', `/tokens/${token}`)
    expect(await ask('GET', '/consumers')).toEqual([
      {
        key,
        name: 'Importer',
        signsWith: 'secret',
        callbackUrl: null,
        tokens: [{ token, type: 'admin', operator: null, revoked: true }],
      },
    ])
  })

  it.each<[string, 'POST' | 'DELETE', string, unknown, string]>([
    [
      'a token for nobody',
      'POST',
      '/consumers/nosuch/tokens',
      { type: 'admin' },
      '404 {"error":"there is no OAuth consumer nosuch"}',
    ],
    ['a token of no type', 'POST', '/consumers/nosuch/tokens', {}, '400'],
    [
      'to revoke what is not there',
      'DELETE',
      '/tokens/nosuch',
      undefined,
      '404 {"error":"there is no OAuth token nosuch"}',
    ],
    ['a callback that is no URL', 'POST', '/consumers', { name: 'x', callback: 'javascript:1' }, '400'],
  ])('refuse %s', async (_name, method, path, body, error) => {
    await expect(ask(method, path, body)).rejects.toThrow(error)
  })
})
