import { OAUTH_SEED } from '../support/oauth'
import { errorOf, GIF, type RestClient, restClient } from '../support/rest'
import { shopOf } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { login, type Plain, type SoapClient } from '../support/soap'

/** Each test has a product of its own, in the website of both store views. */
const SHOP = shopOf(60, { oauth: OAUTH_SEED })

/** The default scope, and a store view: as SOAP names it, and as the end of a path of REST. */
const SCOPES = [
  ['the default scope', null, ''],
  ['a store view', 'german', '/store/2'],
] as const

const FILE = { mime: 'image/gif', content: GIF }

let server: TestServer
let soap: SoapClient
let rest: RestClient
let product = 0

beforeAll(async () => {
  server = await startTestServer({ seed: SHOP })
  soap = await login(server.url)
  rest = restClient(server.url, 'admin')
})

afterAll(() => server.stop())

beforeEach(() => {
  product++
})

type Shown = { readonly [field: string]: Plain }

const gallery = (scope = '') => `/products/${product}/images${scope}`

/** What both show of the product in every scope, which must be the same but for how each names an image. */
async function shown(): Promise<readonly (readonly Shown[])[]> {
  return Promise.all(
    SCOPES.map(async ([, store, scope]) => {
      const bySoap = await soap.call('product_media.list', product, store)
      const byRest = (await rest.get(gallery(scope))) as readonly Shown[]
      expect(byRest.map(withoutId)).toEqual(bySoapWithoutFile(bySoap))
      return byRest
    }),
  )
}

function withoutId({ id: _, ...rest }: Shown): Shown {
  return rest
}

function bySoapWithoutFile(list: Plain): readonly Shown[] {
  return (list as readonly Shown[]).map(({ file: _, ...rest }) => rest)
}

/** The file of an image that REST knows by its id. */
async function fileOf(id: string, scope = ''): Promise<string> {
  const { url } = (await rest.get(`/products/${product}/images/${id}${scope}`)) as Shown
  return new URL(String(url)).pathname.replace('/media/catalog/product', '')
}

/** The id of the image that SOAP knows by its file. */
async function idOf(file: Plain): Promise<string> {
  const images = (await rest.get(gallery())) as readonly Shown[]
  return String(images.find(({ url }) => String(url).endsWith(String(file)))?.id)
}

const create = (data: Shown = {}, store: string | null = null) =>
  soap.call(
    'product_media.create',
    product,
    { file: { ...FILE, name: `s${product}` }, exclude: 0, ...data },
    store,
  )

const one = (id: string, scope: string) => `/products/${product}/images/${id}${scope}`

describe.each(SCOPES)('in %s, SOAP then REST', (_name, store, scope) => {
  const here = scope === '' ? 0 : 1

  it('create, then GET', async () => {
    await create({ label: 'first', position: 7, types: ['image', 'thumbnail'] }, store)
    const images = (await shown())[here]
    expect(images).toMatchObject([
      { label: 'first', position: '7', exclude: '0', types: ['image', 'thumbnail'] },
    ])
    expect(await rest.get(one(String(images?.[0]?.id), scope))).toEqual(images?.[0])
  })

  it('create, then POST: both are there, the second behind the first', async () => {
    await create({ label: 'first' }, store)
    await rest.add(gallery(scope), { label: 'second' })
    expect((await shown())[here]).toMatchObject([
      { label: 'first', position: '1' },
      { label: 'second', position: '2' },
    ])
  })

  it('update, then PUT: each changes what it gives', async () => {
    const file = await create({ label: 'old', position: 3 })
    await soap.call('product_media.update', product, file, { label: 'by SOAP', types: ['image'] }, store)
    await rest.put(one(await idOf(file), scope), { position: 9 })
    expect((await shown())[here]).toMatchObject([{ label: 'by SOAP', position: '9', types: ['image'] }])
  })

  it('a type that SOAP gave is taken by PUT', async () => {
    const [first, second] = [await create({ types: ['image'] }), await create()]
    await rest.put(one(await idOf(second), scope), { types: ['image'] })
    const images = (await shown())[here]
    expect(images?.map(({ types }) => types)).toEqual([[], ['image']])
    expect(first).not.toEqual(second)
  })

  it('remove, then GET: the image is unknown', async () => {
    const file = await create({}, store)
    const id = await idOf(file)
    await soap.call('product_media.remove', product, file)
    expect(errorOf(await rest.send('GET', one(id, scope)))).toBe('404 Product image not found')
    expect(await shown()).toEqual([[], []])
  })

  it('an image that SOAP excludes is hidden from guests', async () => {
    const file = await create()
    await soap.call('product_media.update', product, file, { exclude: 1 }, store)
    expect(await restClient(server.url, null).get(gallery(scope))).toEqual([])
  })
})

describe.each(SCOPES)('in %s, REST then SOAP', (_name, store, scope) => {
  const here = scope === '' ? 0 : 1

  it('POST, then info', async () => {
    const id = await rest.add(gallery(scope), {
      label: 'first',
      types: ['small_image'],
      file_name: `r${product}`,
    })
    const file = await fileOf(id, scope)
    expect(await soap.call('product_media.info', product, file, store)).toMatchObject({
      file,
      label: 'first',
      exclude: '0',
      types: ['small_image'],
    })
    await shown()
  })

  it('POST, then create: a name that is taken by one is counted on by the other', async () => {
    const file = await fileOf(await rest.add(gallery(scope), { file_name: `s${product}` }), scope)
    expect(await create({}, store)).toBe(file.replace('.gif', '_1.gif'))
  })

  it('PUT, then update', async () => {
    const file = await create({ label: 'old' })
    await rest.put(one(await idOf(file), scope), { label: 'by REST', types: ['thumbnail'] })
    await soap.call('product_media.update', product, file, { position: 9 }, store)
    expect((await shown())[here]).toMatchObject([{ label: 'by REST', position: '9', types: ['thumbnail'] }])
  })

  it('PUT pins the gallery as SOAP’s update does', async () => {
    const [first, second] = [await create({ label: 'one' }), await create({ label: 'two' })]
    await rest.put(one(await idOf(first), scope), { label: 'uno' })
    await soap.call('product_media.update', product, second, { label: 'changed' })
    const labels = (await shown()).map((images) => images.map(({ label }) => label))
    expect(labels).toEqual(
      here === 0
        ? [
            ['uno', 'changed'],
            ['uno', 'changed'],
          ]
        : [
            ['one', 'changed'],
            ['uno', 'two'],
          ],
    )
  })

  it('DELETE, then info: the image is unknown', async () => {
    const file = await create()
    expect((await rest.send('DELETE', one(await idOf(file), scope))).status).toBe(200)
    expect(await soap.fault('product_media.info', product, file, store)).toMatchObject({ code: '103' })
    expect(await shown()).toEqual([[], []])
  })

  it('DELETE of an image that is shown elsewhere clears its types here, as SOAP’s remove does', async () => {
    const file = await create({ types: ['image'] })
    const id = await idOf(file)
    await rest.put(one(id, '/store/2'), { types: ['image'] })
    await rest.send('DELETE', one(id, scope))
    const types = (await shown()).map(([image]) => image?.types)
    expect(types).toEqual(here === 0 ? [[], ['image']] : [['image'], []])
  })
})

describe('a store view', () => {
  it('that REST’s POST names is the only one with values, until SOAP writes the default scope', async () => {
    const id = await rest.add(gallery('/store/2'), { label: 'nur hier' })
    expect((await shown())[0]).toMatchObject([{ label: '', position: '', exclude: '' }])
    await soap.call('product_media.update', product, await fileOf(id), { types: [] })
    expect(await shown()).toMatchObject([
      [{ label: '', position: '0', exclude: '0' }],
      [{ label: 'nur hier', position: '1', exclude: '0' }],
    ])
  })

  it('that was pinned by SOAP stays as it is when REST changes the default scope', async () => {
    const file = await create({ label: 'before' })
    await soap.call('product_media.update', product, file, {}, 'german')
    await rest.put(one(await idOf(file), ''), { label: 'after' })
    expect((await shown()).map(([image]) => image?.label)).toEqual(['after', 'before'])
  })
})
