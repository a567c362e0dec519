import { OAUTH_SEED } from '../support/oauth'
import { picture } from '../support/pictures'
import { restClient } from '../support/rest'
import { startTestServer, type TestServer } from '../support/server'
import { login, type Plain, type SoapClient } from '../support/soap'
import { loginTyped, postTyped, typedAnswer, V2 } from '../support/typedSoap'

/** Two websites with two store views each; the set Garments has types of its own, in its own order. */
const SHOP = JSON.stringify({
  websites: [
    { id: 1, code: 'base' },
    { id: 2, code: 'outlet' },
  ],
  stores: [
    { id: 1, code: 'default', website: 1 },
    { id: 2, code: 'german', website: 1 },
    { id: 3, code: 'outlet', website: 2 },
  ],
  mediaAttributes: [
    { code: 'swatch', label: 'Swatch', scope: 'global' },
    { code: 'hero', scope: 'website' },
    { code: 'back_image' },
  ],
  attributeSets: [
    { id: 4, name: 'Default', gallery: true },
    {
      id: 10,
      name: 'Garments',
      gallery: true,
      mediaAttributes: ['thumbnail', 'hero', 'swatch', 'back_image', 'image'],
    },
    { id: 11, name: 'Bare', gallery: true, mediaAttributes: [] },
    { id: 12, name: 'Pages', gallery: false, mediaAttributes: ['swatch'] },
  ],
  oauth: OAUTH_SEED,
  roles: [{ name: 'all', resources: ['all'] }],
  users: [{ username: 'apiUser', apiKey: 'apiKey123', role: 'all' }],
  products: Array.from({ length: 20 }, (_, index) => ({
    id: index + 1,
    sku: `p${index + 1}`,
    attributeSet: index < 18 ? 10 : index === 18 ? 4 : 11,
    websites: [1, 2],
  })),
})

let server: TestServer
let client: SoapClient
let content: string
let used = 0

beforeAll(async () => {
  server = await startTestServer({ seed: SHOP })
  client = await login(server.url)
  content = (await picture('png')).toString('base64')
})

afterAll(() => server.stop())

const freshProduct = () => `p${++used}`
const call = (method: string, ...args: readonly Plain[]) => client.call(`product_media.${method}`, ...args)
const create = async (sku: string, types: readonly string[], store: string | null = null) =>
  String(await call('create', sku, { file: { name: 'photo', mime: 'image/png', content }, types }, store))

async function typesOf(sku: string, store: string | null = null): Promise<readonly unknown[]> {
  const images = (await call('list', sku, store)) as readonly { readonly types: unknown }[]
  return images.map(({ types }) => types)
}

test('an attribute set has the types that it names, in its order, with their scopes', async () => {
  expect(await call('types', 10)).toEqual([
    { code: 'thumbnail', scope: 'store' },
    { code: 'hero', scope: 'website' },
    { code: 'swatch', scope: 'global' },
    { code: 'back_image', scope: 'store' },
    { code: 'image', scope: 'store' },
  ])
})

test('a set that names none has the built-in types, and one that names an empty list has none', async () => {
  const builtIn = ['image', 'small_image', 'thumbnail'].map((code) => ({ code, scope: 'store' }))
  expect(await call('types', 4)).toEqual(builtIn)
  expect(await call('types', 11)).toEqual([])
})

test('a set without a gallery has types all the same', async () => {
  expect(await call('types', 12)).toEqual([{ code: 'swatch', scope: 'global' }])
})

test('images are listed with the types of the set, in its order, whatever order they came in', async () => {
  const sku = freshProduct()
  await create(sku, ['image', 'swatch', 'thumbnail'])
  expect(await typesOf(sku)).toEqual([['thumbnail', 'swatch', 'image']])
})

test('types that the set does not have are ignored', async () => {
  const sku = freshProduct()
  await create(sku, ['small_image', 'back_image'])
  await create('p20', ['image'])
  expect(await typesOf(sku)).toEqual([['back_image']])
  expect(await typesOf('p20')).toEqual([[]])
})

test('a type that was given moves to the other image, and one that was left out is cleared', async () => {
  const sku = freshProduct()
  const first = await create(sku, ['swatch', 'hero'])
  const second = await create(sku, [])
  await call('update', sku, second, { types: ['swatch'] })
  expect(await typesOf(sku)).toEqual([['hero'], ['swatch']])
  await call('update', sku, first, { types: ['back_image'] })
  expect(await typesOf(sku)).toEqual([['back_image'], ['swatch']])
})

test('a global type has one value: given in a store view, it holds in all', async () => {
  const sku = freshProduct()
  const first = await create(sku, ['swatch'])
  const second = await create(sku, [])
  await call('update', sku, second, { types: ['swatch'] }, 'german')
  for (const store of [null, 'default', 'german', 'outlet'])
    expect(await typesOf(sku, store)).toEqual([[], ['swatch']])
  await call('update', sku, first, { types: ['swatch'] }, 'outlet')
  expect(await typesOf(sku)).toEqual([['swatch'], []])
})

test('a type of scope website, given in a store view, holds in all store views of the website', async () => {
  const sku = freshProduct()
  await create(sku, ['hero'])
  const second = await create(sku, [])
  await call('update', sku, second, { types: ['hero'] }, 'german')
  for (const store of ['default', 'german']) expect(await typesOf(sku, store)).toEqual([[], ['hero']])
  for (const store of [null, 'outlet']) expect(await typesOf(sku, store)).toEqual([['hero'], []])
})

test('REST shows and sets the types of the set', async () => {
  const sku = freshProduct()
  const id = sku.slice(1)
  const rest = restClient(server.url, 'admin')
  await create(sku, [])
  const [image] = JSON.parse((await rest.send('GET', `/products/${id}/images`)).text)
  const body = JSON.stringify({ types: ['image', 'hero', 'small_image'] })
  expect((await rest.send('PUT', `/products/${id}/images/${image.id}`, { body })).status).toBe(200)
  expect(JSON.parse((await rest.send('GET', `/products/${id}/images`)).text)).toMatchObject([
    { types: ['hero', 'image'] },
  ])
})

test('v2 tells the types of the set', async () => {
  const session = await loginTyped(server.url)
  const parts = V2.text('sessionId', session) + V2.text('setId', '12')
  expect(typedAnswer(await postTyped(server.url, V2.request('Types', parts)))).toEqual([
    { code: 'swatch', scope: 'global' },
  ])
})

describe('an empty label in a store view', () => {
  const labelOf = async (sku: string, file: string, store: string | null = null) =>
    ((await call('info', sku, file, store)) as { readonly label: string }).label

  test.each([[''], [false]])(
    '%j shows the default label again, now and after later changes of it',
    async (label) => {
      const sku = freshProduct()
      const file = await create(sku, [])
      await call('update', sku, file, { label: 'base' })
      await call('update', sku, file, { label: 'eigen' }, 'german')
      await call('update', sku, file, { label }, 'german')
      expect(await labelOf(sku, file, 'german')).toBe('base')
      await call('update', sku, file, { label: 'later' })
      expect(await labelOf(sku, file, 'german')).toBe('later')
    },
  )

  test('stays open when it was pinned while the default one was empty, and position and exclude do not', async () => {
    const sku = freshProduct()
    const file = await create(sku, [])
    await call('update', sku, file, {}, 'german')
    await call('update', sku, file, { label: 'later', position: 9 })
    expect(await call('info', sku, file, 'german')).toMatchObject({ label: 'later', position: '1' })
  })

  test('is not that of an inherited text, which is pinned as text', async () => {
    const sku = freshProduct()
    const file = await create(sku, [])
    await call('update', sku, file, { label: 'base' })
    await call('update', sku, file, {}, 'german')
    await call('update', sku, file, { label: '' })
    expect(await labelOf(sku, file)).toBe('')
    expect(await labelOf(sku, file, 'german')).toBe('base')
  })

  test.each([' ', '0', 0])('is not %j', async (label) => {
    const sku = freshProduct()
    const file = await create(sku, [])
    await call('update', sku, file, { label: 'base' })
    await call('update', sku, file, { label }, 'german')
    expect(await labelOf(sku, file, 'german')).toBe(String(label))
  })
})
