import { control, DOUBLE } from '../support/control'
import { send } from '../support/http'
import { animatedGif, picture } from '../support/pictures'
import { startTestServer, type TestServer } from '../support/server'
import { envelope, login, loginEnvelope, type Plain, postSoap, type SoapClient } from '../support/soap'

const SHOP = JSON.stringify({
  websites: [{ id: 1, code: 'base' }],
  stores: [
    { id: 1, code: 'default', website: 1 },
    { id: 2, code: 'german', website: 1 },
  ],
  attributeSets: [
    { id: 4, name: 'Default', gallery: true },
    { id: 9, name: 'NoMedia', gallery: false },
  ],
  roles: [
    { name: 'all', resources: ['all'] },
    { name: 'lookers', resources: ['catalog/product/media'] },
  ],
  users: [
    { username: 'apiUser', apiKey: 'apiKey123', role: 'all' },
    { username: 'looker', apiKey: 'apiKey123', role: 'lookers' },
    { username: 'gone', apiKey: 'apiKey123', role: 'all', active: false },
  ],
  products: [
    { id: 1, sku: 'Sku', attributeSet: 4, websites: [1] },
    { id: 2, sku: '12345', attributeSet: 4, websites: [1] },
    { id: 3, sku: 'bare', attributeSet: 9, websites: [1] },
    { id: 7, sku: '1', attributeSet: 4, websites: [1] },
  ],
})

let server: TestServer
let client: SoapClient

beforeAll(async () => {
  server = await startTestServer({ seed: SHOP, environment: DOUBLE })
  client = await login(server.url)
})

afterAll(() => server.stop())

interface Entry {
  readonly id: number
  readonly reason: string | null
  readonly hints: readonly string[]
  readonly fault: { readonly code: number | string } | null
}

async function last(): Promise<Entry> {
  const [entry] = (await control(server.url, 'GET', '/journal?limit=1')) as readonly [Entry]
  return entry
}

const file = (content: string, mime = 'image/png', name = 'image') => ({ file: { name, mime, content } })
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('the reason behind a fault', () => {
  test.each<[code: number, path: string, args: Plain[], reason: string | RegExp]>([
    [101, 'list', ['12345'], 'SKU 12345 was read as an id, because it is numeric: pass identifierType sku.'],
    [101, 'list', ['Skuu'], 'No product has the SKU "Skuu". There is "Sku".'],
    [
      101,
      'list',
      [' Sku'],
      'No product has the SKU " Sku". There is one without the white space around it: "Sku".',
    ],
    [
      101,
      'list',
      ['Sku', null, 'id'],
      /"Sku" was read as an id, because identifierType is "id": .* identifierType sku, or without an identifierType/,
    ],
    [101, 'list', ['Sku', null, ''], /"Sku" was read as an id, because identifierType is "":/],
    [101, 'list', ['Sku', null, []], /"Sku" was read as an id, because identifierType is "Array":/],
    [101, 'list', ['2', null, true], /No product has the SKU "2", .* product 2 has the SKU "12345"/],
    [100, 'list', ['Sku', 99.5], /^No store view has the id 99\. There are /],
    [101, 'list', ['2', null, 'sku'], /No product has the SKU "2", .* product 2 has the SKU "12345"/],
    [101, 'list', [null], /No product was given/],
    [100, 'list', ['Sku', 'German'], 'Store views are matched exactly: did you mean german?'],
    [100, 'list', ['Sku', 'sku'], '"sku" was read as the store view; identifierType is argument 3 of list.'],
    [100, 'list', ['Sku', 99], /No store view has the id 99. There are .*german \(2\)/],
    [107, 'list', ['bare'], /of the attribute set "NoMedia", which has no media gallery/],
    [103, 'info', ['Sku', '/x/y/none.png'], /The gallery of "Sku" is empty/],
    [3, 'lists', ['Sku'], /has no method "lists". Did you mean list\?/],
    [102, 'create', ['Sku', { name: 'x' }], /The data has no "file"/],
    [
      102,
      'create',
      ['Sku', { file: { name: 'x', content: 'AAAA' } }],
      /^mime is missing in "file"; it has name, content/,
    ],
    [102, 'create', ['Sku', file('AAAA', 'image/jpg')], /not taken.*Did you mean image\/jpeg\?/],
    [102, 'create', ['Sku', file('AA*A')], 'Character 3 of the content, "*", is none of base64.'],
    [102, 'create', ['Sku', file('data:image/png;base64,AAAA')], /only what follows the comma is base64/],
    [
      104,
      'create',
      ['Sku', file(base64('<svg xmlns="http://www.w3.org/2000/svg"/>'))],
      /The bytes are an SVG/,
    ],
    [104, 'create', ['Sku', file(base64('iVBORw0KGgoAAAA'))], /encoded twice/],
    [104, 'create', ['Sku', file('AAAA', 'image/png', 'a/b')], 'The name "a/b" has a path in it: give "b".'],
  ])('%i of %s %j', async (code, method, args, reason) => {
    expect(await client.fault(`product_media.${method}`, ...args)).toMatchObject({ code: String(code) })
    const entry = await last()
    expect(entry.fault).toMatchObject({ code })
    if (typeof reason === 'string') expect(entry.reason).toBe(reason)
    else expect(entry.reason).toMatch(reason)
  })

  it('104 of a truncated image tells what the decoder said', async () => {
    const bytes = await picture('png')
    await client.fault(
      'product_media.create',
      'Sku',
      file(bytes.subarray(0, bytes.length - 30).toString('base64'), 'image/png'),
    )
    expect((await last()).reason).toMatch(
      /begin as a PNG, but do not decode: it is truncated, .* The decoder says: /,
    )
  })

  it('104 of an image with too much beside its pixels tells what there is too much of', async () => {
    const content = animatedGif(10_001).toString('base64')
    await client.fault('product_media.create', 'Sku', file(content, 'image/gif'))
    expect((await last()).reason).toMatch(/do not decode: The decoder says: it has over 10000 frames\.$/)
  })

  it('101 tells that arguments without types came as one struct, and how to type them', async () => {
    const args = '<args><args>Sku</args><args>german</args></args>'
    await postSoap(
      server.url,
      envelope(
        `<m:call><sessionId>${client.session}</sessionId><resourcePath>product_media.list</resourcePath>${args}</m:call>`,
      ),
    )
    const { fault, reason } = await last()
    expect(fault?.code).toBe(101)
    expect(reason).toMatch(/^The arguments came as one struct.*'SOAP-ENC:arrayType': 'xsd:anyType\[2\]'/)
  })

  it('6 of WS-I tells that a required element is missing', async () => {
    const body = envelope(
      `<m:catalogProductAttributeMediaListRequestParam><sessionId>${client.session}</sessionId><product>1</product></m:catalogProductAttributeMediaListRequestParam>`,
    )
    await send(server.url, { method: 'POST', path: '/api/v2_soap/', body })
    expect((await last()).reason).toMatch(/WS-I takes an element by its exact name alone/)
  })

  it('623 tells that a struct is no array', async () => {
    const param = (value: string) => `<param><value>${value}</value></param>`
    const params = param(client.session) + param('product_media.list') + param('<struct/>')
    const body = `<methodCall><methodName>call</methodName><params>${params}</params></methodCall>`
    await send(server.url, { method: 'POST', path: '/api/xmlrpc/', body })
    expect((await last()).reason).toContain('A struct with their names is none')
  })

  it('103 tells where the file is instead', async () => {
    const content = (await picture('png')).toString('base64')
    const stored = String(
      await client.call('product_media.create', '12345', file(content, 'image/png', 'own'), null, 'sku'),
    )
    const reasonFor = async (path: string, product: string, name: string) => {
      await client.fault(path, product, name)
      return (await last()).reason
    }
    expect(await reasonFor('product_media.info', 'Sku', stored)).toMatch(
      /an image of another product, SKU "12345"/,
    )
    expect(await reasonFor('product_media.info', '2', stored.slice(1))).toMatch(
      /the slash at its beginning is missing/,
    )
    expect(await reasonFor('product_media.info', '2', `http://shop/media${stored}`)).toMatch(
      /give the file alone/,
    )
    expect(await reasonFor('product_media.info', '2', stored.replace('.', '_1.'))).toMatch(
      /a name that is taken gets a number/,
    )
    await client.call('product_media.remove', '2', stored)
    expect(await reasonFor('product_media.info', '2', stored)).toMatch(/was an image once, and was removed/)
  })

  test.each([
    ['apiUser', 'wrongKey', 'The user "apiUser" exists; the key is wrong.'],
    ['nobody', 'wrongKey', 'There is no user "nobody".'],
    ['gone', 'apiKey123', 'The key is right, but the user "gone" is disabled or has no role.'],
    ['apiUser', '', 'login was called without apiKey, or with an empty one.'],
  ])('a login of %s with %j', async (username, apiKey, reason) => {
    await postSoap(server.url, loginEnvelope({ username, apiKey }))
    expect((await last()).reason).toBe(reason)
  })

  it('2 tells which access rule the role lacks', async () => {
    const looker = await login(server.url, { username: 'looker', apiKey: 'apiKey123' })
    await looker.fault('product_media.remove', 'Sku', '/a/b/c.png')
    expect((await last()).reason).toMatch(
      /^The role "lookers" of "looker" lacks the access rule catalog\/product\/media\/remove; it has catalog\/product\/media\./,
    )
  })

  it('5 tells an ended session from an expired and an unknown one', async () => {
    const call = (session: string) =>
      postSoap(
        server.url,
        envelope(
          `<m:call><sessionId>${session}</sessionId><resourcePath>product_media.list</resourcePath></m:call>`,
        ),
      )
    const other = await login(server.url)
    await postSoap(
      server.url,
      envelope(`<m:endSession><sessionId>${other.session}</sessionId></m:endSession>`),
    )
    await call(other.session)
    expect((await last()).reason).toMatch(/was ended by endSession/)
    await call('0'.repeat(32))
    expect((await last()).reason).toMatch(/No session has this id/)
    await call('')
    expect((await last()).reason).toMatch(/No session id was given/)
    await call('null')
    expect((await last()).reason).toMatch(/did not keep what login answered/)
    const third = await login(server.url)
    await control(server.url, 'PUT', '/clock', { advanceSeconds: 4000 })
    await call(third.session)
    expect((await last()).reason).toMatch(/expired: it was last used 4000 seconds ago, and lives for 3600/)
    await control(server.url, 'DELETE', '/clock')
  })

  test.each([
    ['POST', '/api/soap/', '<a', /no well-formed XML/],
    [
      'POST',
      '/api/soap/',
      envelope('<m:catalogProductAttributeMediaList/>'),
      /an operation of SOAP v2: that is at \/api\/v2_soap\//,
    ],
    [
      'POST',
      '/api/xmlrpc/',
      '<methodCall><methodName>product_media.list</methodName></methodCall>',
      /called by call/,
    ],
    ['POST', '/api/jsonrpc/', '{"jsonrpc":"2.0","method":"Login","id":1}', /Did you mean login\?/],
    ['GET', '/api/v2soap/?wsdl', undefined, /for SOAP v2 and WS-I, use \/api\/v2_soap\//],
    ['GET', '/media/catalog/product/n/o/none.jpg', undefined, /No image is served under this path/],
    ['GET', '/api/rest/products/99/images', undefined, /No product has the id 99/],
    ['GET', '/api/rest/products/Skuu/images', undefined, /No product has the SKU "Skuu"\. There is "Sku"/],
    ['GET', '/api/rest/products/12345/images', undefined, /the id 2, by which alone REST finds it/],
    ['GET', '/api/rest/products/1/images/x1', undefined, /"x1", which begins with no id of an image/],
    ['GET', '/api/rest/products/1/images/store/nowhere', undefined, /No store view has the code "nowhere"/],
  ])('%s %s %j', async (method, path, body, reason) => {
    await send(server.url, { method, path, ...(body !== undefined && { body }) })
    expect((await last()).reason).toMatch(reason)
  })
})

describe('hints at what did not fail', () => {
  it('a numeric SKU that was read as the id of another product', async () => {
    await client.call('product_media.list', '1')
    expect((await last()).hints).toEqual([
      expect.stringMatching(/"1" was read as an id, and is that of SKU "Sku"/),
    ])
  })

  it('types as a text, and a field that means nothing, in an update', async () => {
    const content = (await picture('png')).toString('base64')
    const stored = String(
      await client.call('product_media.create', 'Sku', {
        ...file(content, 'image/png', 'a.png'),
        exclude: 0,
      }),
    )
    expect((await last()).hints).toEqual([expect.stringMatching(/"a.png" has an extension/)])
    await client.call('product_media.update', 'Sku', stored, { types: 'image', lable: 'x' })
    expect((await last()).hints).toEqual([
      'The field "lable" means nothing and was ignored. Did you mean label?',
      'update takes types as an array: given as a text they were ignored.',
    ])
  })
})
