/** What an image tells of its bytes, and the methods of extensions: docs/reference/extensions.md. */
import { createHash } from 'node:crypto'
import { send } from '../support/http'
import { OAUTH_SEED } from '../support/oauth'
import { picture } from '../support/pictures'
import { restClient } from '../support/rest'
import { shopOf } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { element, envelope, login, postSoap, type SoapClient } from '../support/soap'
import { loginTyped, postTyped, typedAnswer, V2, WSI } from '../support/typedSoap'

let bytes: Buffer
let md5: string
let sha256: string
let used = 0

beforeAll(async () => {
  bytes = await picture('png', 7)
  md5 = createHash('md5').update(bytes).digest('hex')
  sha256 = createHash('sha256').update(bytes).digest('hex')
})

const freshProduct = () => `p${++used}`
const imageData = () => ({
  file: { name: 'photo', mime: 'image/png', content: bytes.toString('base64') },
  label: 'One',
  exclude: '0',
})

const wsdl = async (server: TestServer, query: string) =>
  (await send(server.url, { path: `/api/v2_soap/?${query}` })).text

describe('with hashes and the methods of extensions', () => {
  let server: TestServer
  let client: SoapClient

  beforeAll(async () => {
    server = await startTestServer({
      seed: shopOf(10, { oauth: OAUTH_SEED }),
      environment: {
        KEEPSAKE_MEMORY: 'true',
        KEEPSAKE_IMAGE_HASHES: 'md5,sha256',
        KEEPSAKE_EXTENSION_METHODS: 'true',
      },
    })
    client = await login(server.url)
  })

  afterAll(() => server.stop())

  test('list and info end with the hashes of the bytes', async () => {
    const sku = freshProduct()
    const file = await client.call('product_media.create', sku, imageData())
    const [shown] = (await client.call('product_media.list', sku)) as [object]
    expect(Object.keys(shown)).toEqual([
      'file',
      'label',
      'position',
      'exclude',
      'url',
      'types',
      'md5',
      'sha256',
    ])
    expect(shown).toMatchObject({ md5, sha256 })
    expect(await client.call('product_media.info', sku, file)).toEqual(shown)
  })

  test('they are those of the new bytes after an update', async () => {
    const sku = freshProduct()
    const file = await client.call('product_media.create', sku, imageData())
    const other = await picture('png', 8)
    const sent = { file: { mime: 'image/png', content: other.toString('base64') } }
    await client.call('product_media.update', sku, file, sent)
    expect(await client.call('product_media.md5', sku, file)).toBe(
      createHash('md5').update(other).digest('hex'),
    )
  })

  test('REST tells them too', async () => {
    const sku = freshProduct()
    await client.call('product_media.create', sku, imageData())
    const images = await restClient(server.url, 'admin').get(`/products/${sku}/images`)
    expect(images).toEqual([expect.objectContaining({ md5, sha256 })])
  })

  test('createAndReturnInfo answers what info answers', async () => {
    const sku = freshProduct()
    const info = await client.call('catalog_product_attribute_media.createAndReturnInfo', sku, imageData())
    expect(info).toMatchObject({ file: expect.stringMatching(/^\/p\/h\/photo/), label: 'One', md5 })
    const { file } = info as { file: string }
    expect(await client.call('product_media.info', sku, file)).toEqual(info)
  })

  test('md5 tells one hash, and faults as info does', async () => {
    const sku = freshProduct()
    const file = await client.call('product_media.create', sku, imageData())
    expect(await client.call('product_attribute_media.md5', sku, file)).toBe(md5)
    expect(await client.fault('product_media.md5', sku, '/n/o/none.png')).toMatchObject({ code: '103' })
    expect(await client.fault('product_media.md5', 'no such product', file)).toMatchObject({ code: '101' })
  })

  test.each([V2, WSI])('$name has the fields and the operations', async (dialect) => {
    const { request, text, product } = dialect
    const session = await loginTyped(server.url)
    const call = async (method: string, ...parts: readonly string[]) =>
      typedAnswer(await postTyped(server.url, request(method, text('sessionId', session) + parts.join(''))))
    const sku = freshProduct()
    const { file: sent, label } = imageData()
    const fields = Object.entries(sent).map(([name, value]) => text(name, value))
    const data = `<data><file>${fields.join('')}</file>${text('label', label)}</data>`
    const info = (await call('CreateAndReturnInfo', text(product, sku), data)) as { file: string }
    expect(info).toMatchObject({ label, md5, sha256 })
    expect(await call('Md5', text(product, sku), text('file', info.file))).toBe(md5)
    const document = await wsdl(server, `wsdl&wsi=${dialect === WSI ? 1 : 0}`)
    for (const name of ['catalogProductAttributeMediaCreateAndReturnInfo', 'catalogProductAttributeMediaMd5'])
      expect(document).toContain(`<wsdl:operation name="${name}">`)
    expect(document).toContain('<xsd:element name="sha256" type="xsd:string"/>')
  })

  test('the methods are listed', async () => {
    const body = `<m:resources>${element('sessionId', client.session)}</m:resources>`
    const { text } = await postSoap(server.url, envelope(body))
    for (const name of ['createAndReturnInfo', 'md5'])
      expect(text).toContain(`catalog_product_attribute_media.${name}<`)
  })
})

test('by default there is nothing of it', async () => {
  const server = await startTestServer({ seed: shopOf(10) })
  const client = await login(server.url)
  const file = await client.call('product_media.create', 'p1', imageData())
  expect(Object.keys((await client.call('product_media.info', 'p1', file)) as object)).toHaveLength(6)
  expect(await client.fault('product_media.md5', 'p1', file)).toMatchObject({ code: '3' })
  for (const query of ['wsdl&wsi=0', 'wsdl&wsi=1']) {
    const document = await wsdl(server, query)
    expect(document).not.toMatch(/md5|sha256|AndReturnInfo|<!--/i)
  }
  await server.stop()
})
