/** What a server answers as another version of Magento: docs/reference/profiles.md. */
import { send } from '../support/http'
import { OAUTH_SEED } from '../support/oauth'
import { picture } from '../support/pictures'
import { restClient } from '../support/rest'
import { shopOf } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { callEnvelope, element, login, loginEnvelope, postSoap } from '../support/soap'
import { loginTyped, postTyped, typedAnswer, V2, WSI } from '../support/typedSoap'

const serverAs = (profile: string) =>
  startTestServer({
    seed: shopOf(10, { oauth: OAUTH_SEED }),
    environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_PROFILE: profile },
  })

const wsdl = async (server: TestServer, query: string) =>
  (await send(server.url, { path: `/api/v2_soap/?${query}` })).text

/** Creates an image of the product by SOAP v1, and answers its path. */
async function created(server: TestServer, sku: string, format: 'png' | 'webp'): Promise<string> {
  const client = await login(server.url)
  const file = {
    name: 'photo',
    mime: `image/${format}`,
    content: (await picture(format)).toString('base64'),
  }
  return String(await client.call('product_media.create', sku, { file, exclude: '0' }))
}

describe('Magento 1.5', () => {
  let server: TestServer
  let session: string

  beforeAll(async () => {
    server = await serverAs('1.5')
    session = await loginTyped(server.url)
  })

  afterAll(() => server.stop())

  const changed = async (dialect: typeof V2, method: string, ...parts: readonly string[]) => {
    const { request, text } = dialect
    return (await postTyped(server.url, request(method, text('sessionId', session) + parts.join('')))).text
  }

  test('answers an update and a removal in v2 with an int', async () => {
    const file = await created(server, 'p1', 'png')
    const image = [V2.text('product', 'p1'), V2.text('file', file)]
    expect(await changed(V2, 'Update', ...image, '<data/>')).toContain(
      '<result xsi:type="xsd:int">1</result>',
    )
    expect(await changed(V2, 'Remove', ...image)).toContain('<result xsi:type="xsd:int">1</result>')
  })

  test('names the part productIdentifierType in the WSDL of v2, and takes either name', async () => {
    const document = await wsdl(server, 'wsdl&wsi=0')
    expect(document).toContain('<wsdl:part name="productIdentifierType" type="xsd:string"/>')
    expect(document).not.toContain('name="identifierType"')
    for (const name of ['productIdentifierType', 'identifierType']) {
      const parts = [V2.text('product', 'p1'), V2.text(name, 'id')]
      expect(await changed(V2, 'List', ...parts)).toContain('<faultcode>101</faultcode>')
    }
  })

  test('leaves WS-I and v1 as they are', async () => {
    const file = await created(server, 'p2', 'png')
    const image = [WSI.text('productId', 'p2'), WSI.text('file', file)]
    expect(await changed(WSI, 'Remove', ...image)).toContain('<result>1</result>')
    expect(await wsdl(server, 'wsdl&wsi=1')).toContain('name="identifierType"')
    const client = await login(server.url)
    const { text } = await postSoap(
      server.url,
      callEnvelope(
        client.session,
        'product_media.remove',
        element('args', ['p3', await created(server, 'p3', 'png')]),
      ),
    )
    expect(text).toContain('<callReturn xsi:type="xsd:boolean">true</callReturn>')
  })
})

describe('OpenMage 20', () => {
  let server: TestServer

  beforeAll(async () => {
    server = await serverAs('lts20')
  })

  afterAll(() => server.stop())

  test('has the namespace urn:OpenMage in every document and answer of SOAP', async () => {
    for (const query of ['wsdl&wsi=0', 'wsdl&wsi=1']) {
      expect(await wsdl(server, query)).toContain('targetNamespace="urn:OpenMage"')
      expect(await wsdl(server, query)).not.toContain('urn:Magento')
    }
    expect((await postSoap(server.url, loginEnvelope())).text).toContain('xmlns:ns1="urn:OpenMage"')
    const session = await loginTyped(server.url)
    for (const dialect of [V2, WSI]) {
      const { request, text, product } = dialect
      const body = request('List', text('sessionId', session) + text(product, 'p9'))
      expect((await postTyped(server.url, body)).text).toContain('xmlns:ns1="urn:OpenMage"')
    }
  })

  test('reads values of its own types, whose names are in that namespace', async () => {
    const session = await loginTyped(server.url)
    const file = await created(server, 'p1', 'png')
    const body = V2.request(
      'Update',
      V2.text('sessionId', session) +
        V2.text('product', 'p1') +
        V2.text('file', file) +
        '<data xmlns:o="urn:OpenMage" xsi:type="o:catalogProductAttributeMediaCreateEntity" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
        '<label xsi:type="xsd:string" xmlns:xsd="http://www.w3.org/2001/XMLSchema">New</label></data>',
    )
    expect(typedAnswer(await postTyped(server.url, body))).toBe('true')
    const client = await login(server.url)
    expect(await client.call('product_media.info', 'p1', file)).toMatchObject({ label: 'New' })
  })

  test('shows position and exclude as integers, and in REST the id, as PHP 8.1 reads them', async () => {
    const file = await created(server, 'p2', 'png')
    const client = await login(server.url)
    expect(await client.call('product_media.list', 'p2')).toEqual([
      expect.objectContaining({ file, position: 1, exclude: 0 }),
    ])
    expect(await restClient(server.url, 'admin').get('/products/2/images')).toEqual([
      expect.objectContaining({ id: expect.any(Number), position: 1, exclude: 0 }),
    ])
  })

  test('takes WebP, and serves it', async () => {
    const file = await created(server, 'p3', 'webp')
    expect(file).toBe('/p/h/photo.webp')
    const { status, headers } = await send(server.url, { path: `/media/catalog/product${file}` })
    expect([status, headers['content-type']]).toEqual([200, 'image/webp'])
  })

  test('refuses WebP that breaks off', async () => {
    const client = await login(server.url)
    const content = (await picture('webp')).subarray(0, 100).toString('base64')
    const file = { name: 'cut', mime: 'image/webp', content }
    expect(await client.fault('product_media.create', 'p4', { file })).toMatchObject({ code: '104' })
  })
})

test('Magento 1.9 takes no WebP, whatever its type is called', async () => {
  const server = await serverAs('1.9')
  const client = await login(server.url)
  const content = (await picture('webp')).toString('base64')
  const create = (mime: string) =>
    client.fault('product_media.create', 'p1', { file: { name: 'w', mime, content } })
  expect(await create('image/webp')).toMatchObject({ code: '102' })
  expect(await create('image/png')).toMatchObject({ code: '104' })
  await server.stop()
})
