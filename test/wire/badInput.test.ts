import { type HttpAnswer, send } from '../support/http'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import {
  callEnvelope,
  element,
  envelope,
  faultOf,
  login,
  loginEnvelope,
  type Plain,
  postSoap,
  returned,
  type SoapClient,
} from '../support/soap'

const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

let server: TestServer
let client: SoapClient
let listBefore: Plain

beforeAll(async () => {
  server = await startTestServer({ seed: SMALL_SHOP })
  client = await login(server.url)
  await client.call('product_media.create', 'Sku', {
    file: { mime: 'image/gif', content: GIF, name: 'kept' },
    label: 'kept',
  })
  listBefore = await client.call('product_media.list', 'Sku')
})

afterAll(() => server.stop())

/** Whatever a test has sent, the server goes on as if it had not. */
afterEach(async () => {
  expect((await send(server.url, { path: '/healthz' })).status).toBe(200)
  expect(await client.call('product_media.list', 'Sku')).toEqual(listBefore)
  expect(Object.keys(Object.prototype)).toEqual([])
})

/** What an answer must never show: a stack, a path or a name of the inside, a statement. */
const INSIDE = /\n\s+at |node_modules|\/src\/|\/dist\/|\.[jt]s:|Error:|SELECT|INSERT|postgres|PGlite/

function expectFault(answer: HttpAnswer, status: number, code: string, message: string): void {
  expect({ status: answer.status, ...faultOf(answer) }).toEqual({ status, code, message })
  expect(answer.headers['content-type']).toMatch(/^text\/xml; charset=utf-8$/i)
  expect(answer.text).not.toMatch(INSIDE)
}

/** Stands in a request for the id of the session, which is not known when the requests are written down. */
const SESSION = '{{session}}'

const post = (body: string | Buffer) =>
  postSoap(server.url, typeof body === 'string' ? body.replace(SESSION, client.session) : body)

/** A `product_media.list` whose arguments, and what stands behind the operation, are given as XML. */
const list = (args: string, behind = '') =>
  callEnvelope(SESSION, 'product_media.list', args).replace('</e:Body>', `${behind}</e:Body>`)

/** A `product_media.create` of a good image, with more fields as XML. */
const create = (fields: string) =>
  callEnvelope(
    SESSION,
    'product_media.create',
    `<args xsi:type="enc:Array"><item>Sku</item><item><file><mime>image/gif</mime><content>${GIF}</content></file>${fields}</item></args>`,
  )

const username = (xml: string) => envelope(`<m:login><username>${xml}</username><apiKey>k</apiKey></m:login>`)

const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i)).join('')

const withProlog = (prolog: string, document = loginEnvelope()) => document.replace('?>', `?>${prolog}`)

describe('a document that is no XML is answered with a fault', () => {
  const INVALID: readonly [string, () => string | Buffer][] = [
    ['nothing', () => ''],
    ['white space', () => ' \n'],
    ['a text', () => 'hello'],
    ['JSON', () => '{"method":"login"}'],
    ['zeros', () => Buffer.alloc(1000)],
    ['an unclosed element', () => loginEnvelope().replace('</apiKey>', '')],
    ['elements that cross', () => loginEnvelope().replace('</m:login></e:Body>', '</e:Body></m:login>')],
    ['an attribute twice', () => list('<args a="1" a="2">Sku</args>')],
    [
      'an attribute twice, by namespace',
      () => list('<args xmlns:q="urn:q" xmlns:r="urn:q" q:a="1" r:a="2"/>'),
    ],
    ['an unknown prefix', () => list('<nosuch:args>Sku</nosuch:args>')],
    ['the prefix __proto__', () => list('<__proto__:args>Sku</__proto__:args>')],
    ['the prefix constructor', () => list('<constructor:args>Sku</constructor:args>')],
    ['an unknown entity', () => username('&nbsp;')],
    ['a bare ampersand', () => username('a & b')],
    ['the end of CDATA without its start', () => username(']]>')],
    ['a NUL', () => username('a\0b')],
    ['a NUL by reference', () => username('a&#0;b')],
    ['a control character by reference', () => username('a&#x1;b')],
    ['half a surrogate pair by reference', () => username('&#xD800;')],
    ['a character beyond Unicode', () => username('&#x110000;')],
    ['a character beyond numbers', () => username(`&#${'9'.repeat(5000)};`)],
    ['two documents', () => loginEnvelope() + loginEnvelope().replace(/^<\?.*\?>\n/, '')],
    ['a text behind the end', () => `${loginEnvelope()}x`],
    [
      'a byte order mark of UTF-16 before UTF-8',
      () => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${loginEnvelope()} `)]),
    ],
    [
      'UTF-16 that nothing marks as such',
      () => Buffer.from(loginEnvelope().replace(/^<\?.*\?>\n/, ''), 'utf16le'),
    ],
    ['two byte order marks', () => `\ufeff\ufeff${loginEnvelope()}`],
    [
      'ASCII with a character that it has not',
      () => loginEnvelope().replace('UTF-8', 'us-ascii').replace('</apiKey>', 'ä</apiKey>'),
    ],
    [
      'an encoding whose name does not end',
      () => loginEnvelope().replace('UTF-8', `UTF-8${'9'.repeat(300)}`),
    ],
    ['invalid UTF-8', () => splitAt(username('SPLIT'), Buffer.from([0xc3, 0x28]))],
    ['an overlong slash', () => splitAt(username('SPLIT'), Buffer.from([0xc0, 0xaf]))],
    ['a surrogate in UTF-8', () => splitAt(username('SPLIT'), Buffer.from([0xed, 0xa0, 0x80]))],
    ['an unknown encoding', () => loginEnvelope().replace('UTF-8', 'x-nosuch')],
    ['UTF-7', () => loginEnvelope().replace('UTF-8', 'UTF-7')],
    ['UTF-16 that is UTF-8', () => loginEnvelope().replace('UTF-8', 'UTF-16')],
    [
      '10,000 elements in one another',
      () => list(`<args>${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}</args>`),
    ],
    ['100,000 elements that never end', () => list('<a>'.repeat(100_000))],
    ['300,000 elements', () => list(`<args>${'<a/>'.repeat(300_000)}</args>`)],
    [
      '300,000 attributes',
      () => list(`<args ${times(300_000, (index) => `a${index}=""`).replaceAll('""', '"" ')}/>`),
    ],
    ['300,000 processing instructions', () => list(`<args>${'<?a?>'.repeat(300_000)}</args>`)],
    ['300,000 pieces of CDATA', () => list(`<args>${'<![CDATA[]]>'.repeat(300_000)}</args>`)],
    ['300,000 pieces of text', () => list(`<args>${'a<!---->'.repeat(300_000)}</args>`)],
    ['100,000 references to references', () => list('<args href="#a0"/>', chain(100_000))],
    [
      'a document type longer than any request',
      () => withProlog(`<!DOCTYPE x [${'<!-- -->'.repeat(200_000)}]>`),
    ],
  ]

  it.each(INVALID)('%s', async (_name, body) => {
    expectFault(await post(body()), 500, 'Sender', 'Invalid XML')
  })
})

describe('a document type is answered with a fault, and never followed', () => {
  it.each([
    ['alone', '<!DOCTYPE x>'],
    ['of a file', '<!DOCTYPE x SYSTEM "file:///etc/hostname">'],
    ['of a server', '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">'],
    ['with an element', '<!DOCTYPE x [<!ELEMENT x ANY>]>'],
  ])('%s', async (_name, doctype) => {
    expectFault(await post(withProlog(doctype)), 500, 'SOAP-ENV:Server', 'DTD are not supported by SOAP')
  })

  it.each([
    ['an entity', '<!DOCTYPE x [<!ENTITY e "lol">]>'],
    ['the entity of a file', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'],
    ['the entity of a server', '<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:1/">]>'],
    ['a parameter entity', '<!DOCTYPE x [<!ENTITY % e SYSTEM "http://127.0.0.1:1/"> %e;]>'],
    [
      'a billion laughs',
      `<!DOCTYPE x [<!ENTITY e0 "lol">${times(30, (i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`)}]>`,
    ],
  ])('with %s', async (_name, doctype) => {
    const message = 'Detected use of ENTITY in XML, disabled to prevent XXE/XEE attacks'
    expectFault(await post(withProlog(doctype, username('&e;'))), 500, 'Sender', message)
  })
})

describe('an envelope without a call that exists is answered with a fault', () => {
  it.each(['nosuch', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'call.login'])(
    'the operation %s',
    async (operation) => {
      const answer = await post(envelope(`<m:${operation}/>`))
      expectFault(answer, 500, 'SOAP-ENV:Server', `Procedure '${operation}' not present`)
    },
  )

  it.each([
    ['no element', ''],
    ['a text', 'login'],
  ])('a body with %s', async (_name, body) => {
    const message = 'looks like we got "Body" without function call'
    expectFault(await post(envelope(body)), 500, 'SOAP-ENV:Client', message)
  })

  it.each(['login', 'call', 'multiCall', 'endSession', 'resources'])(
    '%s without parts',
    async (operation) => {
      expectFault(await post(envelope(`<m:${operation}/>`)), 500, 'SOAP-ENV:Client', 'Missing parameter')
    },
  )

  it('50,000 parts', async () => {
    const answer = await post(envelope(`<m:call>${'<x>1</x>'.repeat(50_000)}</m:call>`))
    expectFault(answer, 500, 'SOAP-ENV:Client', 'Error cannot find parameter')
  })

  it('the session alone', async () => {
    const answer = await post(envelope(`<m:call>${element('sessionId', SESSION)}</m:call>`))
    expectFault(answer, 200, '3', 'Invalid api path.')
  })

  it.each([
    '__proto__',
    'constructor',
    'toString',
    'product_media.__proto__',
    'product_media.constructor',
    'constructor.name',
  ])('the path %s', async (path) => {
    expectFault(await post(callEnvelope(SESSION, path, '<args/>')), 200, '3', 'Invalid api path.')
  })

  it.each([
    ['of another shape', '__proto__'],
    ['that was never given', '0'.repeat(32)],
    ['of 100,000 letters', 'a'.repeat(100_000)],
    ['of no letter', ''],
    ['that quotes SQL', "' OR ''='"],
  ])('a session %s', async (_name, session) => {
    const answer = await post(callEnvelope(session, 'product_media.list', '<args>Sku</args>'))
    expectFault(answer, 200, '5', 'Session expired. Try to relogin.')
  })
})

describe('references are followed as far as a document can mean them', () => {
  const tooDeep = 'SOAP-ERROR: Encoding: Nesting level too deep'

  it.each([
    [
      'an array that holds itself',
      list('<args href="#a"/>', '<a id="a" xsi:type="enc:Array"><item href="#a"/></a>'),
    ],
    ['a struct that holds itself', list('<args href="#a"/>', '<a id="a"><item href="#a"/></a>')],
    [
      'two that hold each other',
      list('<args href="#a"/>', '<a id="a"><item href="#b"/></a><b id="b"><item href="#a"/></b>'),
    ],
    [
      'a map whose value is itself',
      list(
        '<args href="#a"/>',
        '<a id="a" xsi:type="map:Map"><item><key>k</key><value href="#a"/></item></a>',
      ),
    ],
    [
      'a map whose key is itself',
      list('<args href="#a"/>', '<a id="a" xsi:type="map:Map"><item><key href="#a"/><value/></item></a>'),
    ],
    ['10,000 in a row', list('<args href="#a0"/>', chain(10_000))],
  ])('%s is a fault', async (_name, body) => {
    expectFault(await post(body), 500, 'SOAP-ENV:Server', tooDeep)
  })

  it.each([
    ['a reference to itself', list('<args href="#a"/>', '<a id="a" href="#a"/>')],
    ['two references to each other', list('<args href="#a"/>', '<a id="a" href="#b"/><b id="b" href="#a"/>')],
    ['300 in a row', list('<args href="#a0"/>', chain(300))],
    ['ten to the power of thirty', list('<args href="#a0"/>', fanOut(30, ''))],
    [
      'ten to the power of thirty, in arrays',
      list('<args xsi:type="enc:Array"><item href="#a0"/></args>', fanOut(30, ' xsi:type="enc:Array"')),
    ],
    ['100,000 to one', list(`<args>${'<item href="#a"/>'.repeat(100_000)}</args>`, '<a id="a">Sku</a>')],
  ])('%s is no product', async (_name, body) => {
    expectFault(await post(body), 200, '101', 'Product not exists.')
  })

  it.each(['#nosuch', '#__proto__', '#constructor', '#'])(
    'one to nothing (%s) is a fault',
    async (reference) => {
      const message = `SOAP-ERROR: Encoding: Unresolved reference '${reference}'`
      expectFault(await post(list(`<args href="${reference}"/>`)), 500, 'SOAP-ENV:Server', message)
    },
  )

  it.each(['file:///etc/hostname', 'http://127.0.0.1:1/', 'cid:part'])(
    'one out of the document (%s) is a fault, and never followed',
    async (reference) => {
      const message = `SOAP-ERROR: Encoding: External reference '${reference}'`
      expectFault(await post(list(`<args href="${reference}"/>`)), 500, 'SOAP-ENV:Server', message)
    },
  )
})

describe('names that mean something to JavaScript mean nothing here', () => {
  it.each([
    ['the id __proto__', list('<args href="#__proto__"/>', '<a id="__proto__">Sku</a>')],
    ['the id constructor', list('<args href="#constructor"/>', '<a id="constructor">Sku</a>')],
    ['attributes', list('<args __proto__="a" constructor="b" toString="c">Sku</args>')],
    ['a type of the prefix __proto__', list('<args xsi:type="__proto__:x">Sku</args>')],
    ['a type of the prefix constructor', list('<args xsi:type="constructor:x">Sku</args>')],
    ['a type', list('<args xsi:type="xsd:constructor">Sku</args>')],
    ['a declared prefix', list('<__proto__:args xmlns:__proto__="urn:x">Sku</__proto__:args>')],
    ['an item', list('<args xsi:type="enc:Array"><__proto__>Sku</__proto__></args>')],
    [
      'the key of a map of arguments',
      list('<args xsi:type="map:Map"><item><key>__proto__</key><value>Sku</value></item></args>'),
    ],
  ])('%s', async (_name, body) => {
    expect(returned(await post(body))).toEqual(listBefore)
  })

  it.each(['__proto__', 'constructor', 'hasOwnProperty'])(
    '%s as a field of the data adds nothing to it',
    async (field) => {
      const body = callEnvelope(
        SESSION,
        'product_media.create',
        `<args xsi:type="enc:Array"><item>Sku</item><item><${field}><file><mime>image/gif</mime><content>${GIF}</content></file></${field}></item></args>`,
      )
      expectFault(await post(body), 200, '102', 'The image is not specified.')
    },
  )

  it.each(['__proto__', 'constructor', 'hasOwnProperty'])(
    '%s as a key of the data adds nothing to it',
    async (key) => {
      const data = { [key]: { file: { mime: 'image/gif', content: GIF } } }
      const answer = await client.fault('product_media.create', 'Sku', data)
      expect(answer).toEqual({ code: '102', message: 'The image is not specified.' })
    },
  )

  it.each(['__proto__', 'constructor', 'toString'])(
    '%s is no mime type, store view or product',
    async (name) => {
      const data = { file: { mime: name, content: GIF } }
      expect(await client.fault('product_media.create', 'Sku', data)).toMatchObject({ code: '102' })
      expect(await client.fault('product_media.list', 'Sku', name)).toMatchObject({ code: '100' })
      expect(await client.fault('product_media.list', name)).toMatchObject({ code: '101' })
    },
  )
})

describe('much of what is allowed is only much', () => {
  it.each([
    ['50,000 items', () => list(`<args>${'<item>Sku</item>'.repeat(50_000)}</args>`)],
    [
      '50,000 items of different names',
      () => list(`<args>${times(50_000, (index) => `<item${index}>Sku</item${index}>`)}</args>`),
    ],
    ['a name of 100,000 letters', () => list(`<${'a'.repeat(100_000)}/>`)],
    ['an SKU of 1,000,000 letters', () => list(`<args>${'a'.repeat(1_000_000)}</args>`)],
    ['a number of 100,000 digits', () => list(`<args xsi:type="xsd:int">${'9'.repeat(100_000)}</args>`)],
    ['a number text of 100,000 digits', () => list(`<args>${'9'.repeat(100_000)}</args>`)],
    ['an infinite number', () => list('<args xsi:type="xsd:double">INF</args>')],
    ['a number beyond all', () => list('<args xsi:type="xsd:double">1e400</args>')],
    ['no number', () => list('<args xsi:type="xsd:double">NaN</args>')],
  ])('%s are no product', async (_name, body) => {
    expectFault(await post(body()), 200, '101', 'Product not exists.')
  })

  it.each([
    ['30,000 attributes', () => list(`<args ${times(30_000, (index) => `a${index}="1" `)}>Sku</args>`)],
    [
      '30,000 namespaces',
      () => list(`<args ${times(30_000, (index) => `xmlns:a${index}="urn:${index}" `)}>Sku</args>`),
    ],
    ['50,000 comments', () => list(`<args>Sku${'<!-- -->'.repeat(50_000)}</args>`)],
    [
      'an array that says to have two billion items',
      () =>
        list('<args enc:arrayType="xsd:ur-type[2147483647]" xsi:type="enc:Array"><item>Sku</item></args>'),
    ],
    [
      'an array of a size that is none',
      () => list('<args enc:arrayType="[[[[[[" xsi:type="enc:Array"><item>Sku</item></args>'),
    ],
    [
      'an item that says to be the two billionth',
      () => list('<args xsi:type="enc:Array"><item enc:position="[2147483647]">Sku</item></args>'),
    ],
  ])('%s change nothing', async (_name, body) => {
    expect(returned(await post(body()))).toEqual(listBefore)
  })

  it.each(['99999999999999999999', '9007199254740991', '2147483648', '-1'])(
    'the number %s is no store view',
    async (number) => {
      const body = list(
        `<args xsi:type="enc:Array"><item>Sku</item><item xsi:type="xsd:double">${number}</item></args>`,
      )
      expectFault(await post(body), 200, '100', 'Requested store view not found.')
    },
  )

  it.each(['99999999999999999999', '-5', '2147483648', 'abc'])(
    'the attribute set %s has no types',
    async (set) => {
      expect(await client.call('product_media.types', set)).toEqual([])
    },
  )
})

describe('a value that its type cannot have is answered with a fault', () => {
  const encoding = (detail: string) => `SOAP-ERROR: Encoding: ${detail}`

  it.each([
    ['an int', '<args xsi:type="xsd:int">abc</args>', 'Violation of encoding rules'],
    ['a string with elements', '<args xsi:type="xsd:string">a<b/>c</args>', 'Violation of encoding rules'],
    ['hexadecimal', '<args xsi:type="xsd:hexBinary">zz</args>', 'Violation of encoding rules'],
    [
      'a map without a key',
      '<args xsi:type="map:Map"><item><value>1</value></item></args>',
      "Can't decode apache map, missing key",
    ],
    [
      'a map without a value',
      '<args xsi:type="map:Map"><item><key>1</key></item></args>',
      "Can't decode apache map, missing value",
    ],
    [
      'a map with a struct for a key',
      '<args xsi:type="map:Map"><item><key><a>1</a></key><value>1</value></item></args>',
      "Can't decode apache map, only Strings or Longs are allowed as keys",
    ],
  ])('%s', async (_name, args, detail) => {
    expectFault(await post(list(args)), 500, 'SOAP-ENV:Server', encoding(detail))
  })
})

/** Base64 and hexadecimal are the only ways for a NUL into a value: XML has none. */
describe('a NUL inside base64', () => {
  const NUL = '<x xsi:type="xsd:base64Binary">YQBi</x>'
  const named = (name: string) => NUL.replaceAll(/<(\/?)x/g, `<$1${name}`)

  it.each([
    ['an SKU', () => list(named('args')), '101', 'Product not exists.'],
    [
      'a store view',
      () => list(`<args xsi:type="enc:Array"><item>Sku</item>${named('item')}</args>`),
      '100',
      'Requested store view not found.',
    ],
    [
      'a path',
      () => envelope(`<m:call>${element('sessionId', SESSION)}${named('resourcePath')}</m:call>`),
      '3',
      'Invalid api path.',
    ],
    [
      'a session',
      () => envelope(`<m:call>${named('sessionId')}<resourcePath/></m:call>`),
      '5',
      'Session expired. Try to relogin.',
    ],
    [
      'a user',
      () => envelope(`<m:login>${named('username')}${named('apiKey')}</m:login>`),
      '2',
      'Access denied.',
    ],
    [
      'a file name',
      () => create('').replace('</content>', `</content>${named('name')}`),
      '104',
      'Cannot create image.',
    ],
  ])('as %s is refused', async (_name, body, code, message) => {
    expectFault(await post(body()), 200, code, message)
  })
})

describe('SOAP 1.2', () => {
  const soap12 = (body: string) =>
    envelope(body).replace(
      'http://schemas.xmlsoap.org/soap/envelope/',
      'http://www.w3.org/2003/05/soap-envelope',
    )

  it('has its own faults', async () => {
    const answer = await post(soap12('<m:nosuch/>'))
    expect(answer.status).toBe(500)
    expect(answer.headers['content-type']).toBe('application/soap+xml; charset=utf-8')
    expect(faultOf(answer)).toEqual({ code: 'rpc:ProcedureNotPresent', message: 'Procedure not present' })
  })

  it('follows references no further', async () => {
    const args = '<args href="#a"/>'
    const answer = await post(
      soap12(
        `<m:call><sessionId>${SESSION}</sessionId><resourcePath>product_media.list</resourcePath>${args}</m:call><a id="a"><b href="#a"/></a>`,
      ),
    )
    expect(faultOf(answer)?.message).toMatch(/^SOAP-ERROR: Encoding: /)
  })
})

function splitAt(document: string, bytes: Buffer): Buffer {
  const [before = '', after = ''] = document.split('SPLIT')
  return Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)])
}

/** Structs of which each holds a reference to the next. */
function chain(length: number): string {
  return `${times(length, (index) => `<a id="a${index}"><item href="#a${index + 1}"/></a>`)}<a id="a${length}">Sku</a>`
}

/** Values of which each holds ten references to the next: few bytes, and no end of values. */
function fanOut(depth: number, attributes: string): string {
  const part = (index: number) =>
    `<a id="a${index}"${attributes}>${`<item href="#a${index + 1}"/>`.repeat(10)}</a>`
  return `${times(depth, part)}<a id="a${depth}">Sku</a>`
}
