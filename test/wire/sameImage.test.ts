import { OAUTH_SEED } from '../support/oauth'
import { picture } from '../support/pictures'
import { restClient } from '../support/rest'
import { shopOf } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { login, type Plain, type SoapClient } from '../support/soap'

/** What a create of bytes that the gallery has already makes, with `KEEPSAKE_SAME_IMAGE=reuse`. */

let server: TestServer
let client: SoapClient
let red: string
let blue: string
let used = 0

beforeAll(async () => {
  server = await startTestServer({
    seed: shopOf(20, { oauth: OAUTH_SEED }),
    environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_SAME_IMAGE: 'reuse' },
  })
  client = await login(server.url)
  red = (await picture('png', 1)).toString('base64')
  blue = (await picture('png', 2)).toString('base64')
})

afterAll(() => server.stop())

const freshProduct = () => `p${++used}`
const create = (
  sku: string,
  content: string,
  others: Record<string, Plain> = {},
  store: string | null = null,
) =>
  client.call(
    'product_media.create',
    sku,
    { file: { name: 'photo', mime: 'image/png', content }, ...others },
    store,
  )
const list = (sku: string, store: string | null = null) => client.call('product_media.list', sku, store)

test('the image that has the bytes is answered, with the values that were given, as by an update', async () => {
  const sku = freshProduct()
  const file = await create(sku, red, { label: 'first', position: 3, types: ['image', 'thumbnail'] })
  expect(await create(sku, red, { label: 'again', types: ['small_image'] })).toBe(file)
  expect(await list(sku)).toEqual([
    expect.objectContaining({ file, label: 'again', position: '3', exclude: '1', types: ['small_image'] }),
  ])
})

test('types that are not given stay', async () => {
  const sku = freshProduct()
  await create(sku, red, { types: ['image'] })
  await create(sku, red, { exclude: 0 })
  expect(await list(sku)).toMatchObject([{ exclude: '0', types: ['image'] }])
})

test('a store view gets values of its own', async () => {
  const sku = freshProduct()
  const file = await create(sku, red, { label: 'base' })
  expect(await create(sku, red, { label: 'eigen' }, 'german')).toBe(file)
  expect(await list(sku)).toMatchObject([{ label: 'base' }])
  expect(await list(sku, 'german')).toMatchObject([{ label: 'eigen' }])
})

test('other bytes, other products and removed images make new ones', async () => {
  const [sku, other] = [freshProduct(), freshProduct()]
  const file = await create(sku, red)
  expect(await create(sku, blue)).not.toBe(file)
  expect(await create(other, red)).not.toBe(file)
  await client.call('product_media.remove', sku, file)
  expect(await create(sku, red)).not.toBe(file)
})

test('many at once make one image', async () => {
  const sku = freshProduct()
  const files = await Promise.all(Array.from({ length: 8 }, () => create(sku, red)))
  expect(new Set(files).size).toBe(1)
  expect(await list(sku)).toHaveLength(1)
})

test('REST answers the path of the image that is there', async () => {
  const id = freshProduct().slice(1)
  const rest = restClient(server.url, 'admin')
  const body = JSON.stringify({ file_mime_type: 'image/png', file_content: blue, file_name: 'photo' })
  const post = () => rest.send('POST', `/products/${id}/images`, { body })
  const first = await post()
  expect(first.status).toBe(200)
  expect((await post()).headers.location).toBe(first.headers.location)
})

test('no bytes stay but those of images that were made', async () => {
  const sku = freshProduct()
  await create(sku, red)
  const before = await storedCount()
  await create(sku, red)
  expect(await storedCount()).toBe(before)
})

async function storedCount(): Promise<number> {
  let count = 0
  for await (const _file of server.storage.images.list()) count++
  return count
}
