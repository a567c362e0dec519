import { gzipSync } from 'node:zlib'
import type { Value } from '../../src/contract/value'
import { childElements, parseXml, type XmlElement } from '../../src/text/xml/tree'
import { readValue } from '../../src/wire/xmlrpc/decode'
import { encodeValue } from '../../src/wire/xmlrpc/encode'
import { type HttpAnswer, type HttpRequest, send } from '../support/http'
import { memoryLog } from '../support/memoryLog'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { API_USER } from '../support/soap'

/** Every form of the XML-RPC URL (magento.md §3). */
const ENDPOINTS = ['/api/xmlrpc/', '/api/xmlrpc', '/api/xmlrpc/index/', '/api/xmlrpc/index'].flatMap(
  (path) => [path, `/index.php${path}`],
)

const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'
const WRONG_SIGNATURE = { code: 623, message: 'Calling parameters do not match signature' }
const UNREADABLE = { code: 630, message: 'Unable to read request' }
const HAS_DOCTYPE = { code: 630, message: 'Unable to read request: it has a document type' }
const NO_METHOD = {
  code: 632,
  message: "Invalid request, no method passed; request must contain a 'methodName' tag",
}
const NO_VALUE = { code: 633, message: 'Param must contain a value' }
const INVALID_VALUE = { code: 636, message: 'Error creating xmlrpc value' }

const log = memoryLog()
let server: TestServer
let session: string

beforeAll(async () => {
  server = await startTestServer({
    seed: SMALL_SHOP,
    environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_BODY_LIMIT: '1mb' },
    log: log.log,
  })
  session = String(returned(await post(loginCall())))
})

afterAll(() => server.stop())

describe('the URL', () => {
  it.each(ENDPOINTS)('%s takes calls', async (path) => {
    expect(returned(await post(loginCall(), { path }))).toMatch(/^[0-9a-f]{32}$/)
  })

  it.each(['PUT', 'PATCH', 'DELETE', 'GET'])('takes a call by %s', async (method) => {
    const headers = { 'content-length': Buffer.byteLength(loginCall()) }
    expect(returned(await post(loginCall(), { method, headers }))).toMatch(/^[0-9a-f]{32}$/)
  })

  it('answers a GET without a body with a fault', async () => {
    const answer = await send(server.url, { path: '/api/xmlrpc/' })
    expect(faultOf(answer)).toEqual(UNREADABLE)
  })

  it.each(['/api/xmlrpcs', '/api/xmlrpc/nosuch', '/xmlrpc', '/api/XMLRPC'])(
    '%s is not found',
    async (path) => {
      const answer = await post(loginCall(), { path })
      expect([answer.status, answer.text]).toEqual([404, 'Not found\n'])
    },
  )
})

describe('every operation', () => {
  it('login, then endSession, after which the session is none', async () => {
    const own = String(returned(await post(loginCall())))
    expect(returned(await invoke('endSession', own))).toBe(true)
    expect(faultOf(await invoke('resources', own))?.code).toBe(5)
  })

  it('startSession answers a session that is not logged in', async () => {
    const own = returned(await invoke('startSession'))
    expect(own).toMatch(/^[0-9a-f]{32}$/)
    expect(faultOf(await invoke('resources', String(own)))?.code).toBe(5)
  })

  it('call, with arguments as an array, as a struct or without any', async () => {
    expect(returned(await call('product_media.currentStore'))).toBe('0')
    expect(returned(await call('product_media.currentStore', ['german']))).toBe('2')
    expect(returned(await call('product_media.currentStore', new Map([['x', 'german']])))).toBe('2')
  })

  it('multiCall, whose store view holds for the rest of the request alone', async () => {
    const calls = [['product_media.currentStore', ['german']], ['product_media.currentStore'], ['no.such']]
    const fault = new Map<string, Value>([
      ['isFault', true],
      ['faultCode', '3'],
      ['faultMessage', 'Invalid api path.'],
    ])
    expect(returned(await invoke('multiCall', session, calls))).toEqual(['2', '2', fault])
    expect(returned(await call('product_media.currentStore'))).toBe('0')
  })

  it('multiCall stops after the first fault when asked to', async () => {
    const calls = ['no.such', 'product_media.currentStore']
    const answer = returned(await invoke('multiCall', session, calls, new Map([['break', 1]])))
    expect(answer).toHaveLength(1)
  })

  it('resources, whose missing descriptions are nil', async () => {
    const answer = await invoke('resources', session)
    expect(answer.text).toContain('<member><name>description</name><value><nil/></value></member>')
    expect(answer.text).toContain(
      '<name>path</name><value><string>catalog_product_attribute_media.list</string>',
    )
  })

  it('globalFaults, which needs no login', async () => {
    expect(returned(await invoke('globalFaults', ''))).toHaveLength(7)
  })

  it('resourceFaults takes the session first', async () => {
    expect(returned(await invoke('resourceFaults', session, 'product_media'))).toHaveLength(8)
    expect(faultOf(await invoke('resourceFaults', 'product_media', session))?.code).toBe(5)
  })
})

describe('a value of type', () => {
  const TYPES: readonly (readonly [value: string, label: string])[] = [
    ['<value><string>text</string></value>', 'text'],
    ['<value>untyped</value>', 'untyped'],
    ['<value> un typed\n</value>', ' un typed\n'],
    ['<value/>', ''],
    ['<value><string/></value>', ''],
    ['\n<value>\n<string> kept </string>\n</value>', ' kept '],
    ['<value><string>&lt;&amp;&quot;&#228;</string></value>', '<&"ä'],
    ['<value><string>a<![CDATA[<b>]]>c</string></value>', 'a<b>c'],
    ['<value><![CDATA[<b>]]></value>', '<b>'],
    ['<value><string>one<!-- and -->two</string></value>', 'onetwo'],
    ['<value><int>-7</int></value>', '-7'],
    ['<value><i4> +7 </i4></value>', '7'],
    ['<value><i8>2147483648</i8></value>', '2147483648'],
    ['<value><i8>9223372036854775807</i8></value>', '9223372036854775807'],
    [`<value>${extension('i8', '12')}</value>`, '12'],
    ['<value><boolean>1</boolean></value>', '1'],
    ['<value><boolean>0</boolean></value>', ''],
    ['<value><boolean>true</boolean></value>', '1'],
    ['<value><double>-2.50</double></value>', '-2.5'],
    ['<value><double>1e25</double></value>', '1.0E+25'],
    ['<value><dateTime.iso8601>20260102T03:04:05</dateTime.iso8601></value>', '20260102T03:04:05'],
    [`<value><base64>\n${base64('Größe')}\n</base64></value>`, 'Größe'],
    [`<value><base64>${base64('Größe', 'latin1')}</base64></value>`, 'Größe'],
    ['<value><base64/></value>', ''],
  ]

  beforeAll(createImage)

  it.each(TYPES)('%s becomes the text %p', async (value, label) => {
    expect(returned(await updateLabel(value))).toBe(true)
    expect(await labelNow()).toBe(label)
  })

  it.each(['<value><nil/></value>', `<value>${extension('nil')}</value>`])(
    '%s changes nothing',
    async (value) => {
      await updateLabel('<value>before</value>')
      expect(returned(await updateLabel(value))).toBe(true)
      expect(await labelNow()).toBe('before')
    },
  )

  it('struct keeps the last of members with one name', async () => {
    const twice = `${member('label', '<value>first</value>')}${member('label', '<value>last</value>')}`
    expect(returned(await update(`<value><struct>${twice}</struct></value>`))).toBe(true)
    expect(await labelNow()).toBe('last')
  })

  it.each(['__proto__', 'constructor', 'hasOwnProperty', ''])('struct may have a member %p', async (name) => {
    const members = `${member(name, '<value><struct/></value>')}${member('label', '<value>kept</value>')}`
    expect(returned(await update(`<value><struct>${members}</struct></value>`))).toBe(true)
    expect(await labelNow()).toBe('kept')
  })

  const INVALID = [
    '<value><int>x</int></value>',
    '<value><int>1.5</int></value>',
    '<value><int></int></value>',
    '<value><i8>0x1f</i8></value>',
    '<value><boolean>yes</boolean></value>',
    '<value><boolean/></value>',
    '<value><double>one</double></value>',
    '<value><double/></value>',
    '<value><float>1</float></value>',
    '<value><constructor/></value>',
    '<value><string><b>bold</b></string></value>',
    '<value><string>a</string><string>b</string></value>',
    '<value>a<string>b</string></value>',
    '<value><array><value>no data</value></array></value>',
    '<value><array/></value>',
    '<value><array><data><string>no value</string></data></array></value>',
    '<value><array><data/><data/></array></value>',
    '<value><struct><value>no member</value></struct></value>',
    '<value><struct><member><name>no value</name></member></struct></value>',
    '<value><struct><member><value>no name</value></member></struct></value>',
  ]

  it.each(INVALID)('%s is refused, and changes nothing', async (value) => {
    await updateLabel('<value>before</value>')
    expect(faultOf(await updateLabel(value))).toEqual(INVALID_VALUE)
    expect(await labelNow()).toBe('before')
  })
})

describe('a fault of the API', () => {
  it('has its code and text', async () => {
    expect(faultOf(await invoke('login', 'apiUser', 'wrong'))).toEqual({ code: 2, message: 'Access denied.' })
    expect(faultOf(await call('product_media.list', ['none']))).toEqual({
      code: 101,
      message: 'Product not exists.',
    })
  })

  it('escapes quotation marks as Magento does', async () => {
    const { text } = await invoke('login', '', '')
    expect(text).toContain('for more details see &quot;exception.log&quot;.')
  })
})

describe('a wrong call', () => {
  it.each(['nosuch', 'Login', 'system.listMethods', '__proto__', 'constructor', ' login'])(
    'of the method %p is fault 620',
    async (method) => {
      expect(faultOf(await invoke(method))).toEqual({
        code: 620,
        message: `Method "${method}" does not exist`,
      })
    },
  )

  const WRONG: readonly (readonly [method: string, values: readonly Value[]])[] = [
    ['login', []],
    ['login', ['apiUser']],
    ['login', ['apiUser', 'apiKey123', 'more']],
    ['startSession', ['more']],
    ['endSession', []],
    ['endSession', ['x', 'more']],
    ['call', ['x']],
    ['call', ['x', 'product_media.list', [], 'more']],
    ['multiCall', ['x']],
    ['multiCall', ['x', [], [], 'more']],
    ['resources', []],
    ['resources', ['x', 'more']],
    ['globalFaults', []],
    ['globalFaults', ['x', 'more']],
    ['resourceFaults', ['x']],
    ['resourceFaults', ['x', 'product_media', 'more']],
    ['call', ['x', 'product_media.list', 'Sku']],
    ['call', ['x', 'product_media.list', 1]],
    ['call', ['x', 'product_media.list', null]],
    ['multiCall', ['x', 'product_media.list']],
    ['multiCall', ['x', [], true]],
  ]

  it.each(WRONG)('%s with %j is fault 623', async (method, values) => {
    expect(faultOf(await invoke(method, ...values))).toEqual(WRONG_SIGNATURE)
  })

  it('may give any scalar where a string is asked for', async () => {
    expect(faultOf(await invoke('login', 1, true))?.code).toBe(2)
    expect(faultOf(await invoke('resources', 5))?.code).toBe(5)
  })
})

describe('a request that cannot be read', () => {
  const call = (params: string) => `<methodCall><methodName>login</methodName>${params}</methodCall>`
  const ENTITIES =
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
  const OUTSIDE = '<!DOCTYPE a [<!ENTITY file SYSTEM "file:///etc/passwd">]>'

  const CASES: readonly (readonly [what: string, body: string | Buffer, fault: object])[] = [
    ['nothing', '', UNREADABLE],
    ['no XML', 'login', UNREADABLE],
    ['XML without an end', '<methodCall><methodName>login</methodName>', UNREADABLE],
    ['XML with something behind it', `${call('')}<x/>`, UNREADABLE],
    ['an undeclared prefix', call('<params><param><value><ex:nil/></value></param></params>'), UNREADABLE],
    ['an undeclared entity', call('<params><param><value>&nbsp;</value></param></params>'), UNREADABLE],
    ['a document type', `<!DOCTYPE methodCall>${call('')}`, HAS_DOCTYPE],
    ['a remote one', `<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">${call('')}`, HAS_DOCTYPE],
    ['entities of entities', `${ENTITIES}${call('<params>&c;</params>')}`, HAS_DOCTYPE],
    ['an entity from outside', `${OUTSIDE}${call('<params>&file;</params>')}`, HAS_DOCTYPE],
    ['values a thousand deep', call(`<params><param>${nested(1000)}</param></params>`), UNREADABLE],
    ['bytes that are no UTF-8', Buffer.from(call('<params>\xff</params>'), 'latin1'), UNREADABLE],
    ['an unknown encoding', `<?xml version="1.0" encoding="x-none"?>${call('')}`, UNREADABLE],
    ['no methodName', '<methodCall/>', NO_METHOD],
    ['an empty methodName', '<methodCall><methodName/></methodCall>', NO_METHOD],
    [
      'a methodName with an element in it',
      '<methodCall><methodName><methodName>log</methodName>login</methodName></methodCall>',
      NO_METHOD,
    ],
    ['another document', '<e:Other xmlns:e="urn:e"><e:Body/></e:Other>', NO_METHOD],
    ['a param without a value', call('<params><param/></params>'), NO_VALUE],
    ['a value without a param', call('<params><value>x</value></params>'), NO_VALUE],
  ]

  it.each(CASES)('%s is a fault', async (_what, body, fault) => {
    const answer = await post(body)
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('text/xml; charset=UTF-8')
    expect(faultOf(answer)).toEqual(fault)
  })

  it('nor a body that is larger than the limit, as sent or unpacked', async () => {
    const fault = { code: 630, message: 'Request body is larger than 1048576 bytes' }
    const body = call(' '.repeat(2 ** 20))
    expect(faultOf(await post(body))).toEqual(fault)
    expect(faultOf(await post(gzipSync(body), { headers: { 'content-encoding': 'gzip' } }))).toEqual(fault)
  })

  it('nor a body that is not packed as it says', async () => {
    const packed = gzipSync(loginCall())
    const headers = { 'content-encoding': 'gzip' }
    expect(faultOf(await post('no gzip', { headers }))?.code).toBe(630)
    expect(faultOf(await post(packed.subarray(0, 40), { headers }))?.code).toBe(630)
    expect(faultOf(await post(packed, { headers: { 'content-encoding': 'zip' } }))).toEqual({
      code: 630,
      message: 'Content-Encoding is not supported',
    })
    expect(returned(await post(packed, { headers }))).toMatch(/^[0-9a-f]{32}$/)
  })
})

const encodings: readonly (readonly [name: string, declared: string, encode: (text: string) => Buffer])[] = [
  ['ISO-8859-1', 'ISO-8859-1', (text) => Buffer.from(text, 'latin1')],
  ['UTF-16, big-endian', 'UTF-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ['UTF-16, little-endian', 'UTF-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-8 with a byte order mark', 'UTF-8', (text) => Buffer.from(`\ufeff${text}`)],
]

test.each(encodings)('a request in %s is read as in UTF-8', async (_name, declared, encode) => {
  const method = `<methodCall><methodName>Größe</methodName></methodCall>`
  const answer = await post(encode(`<?xml version="1.0" encoding="${declared}"?>${method}`))
  expect(faultOf(answer)).toEqual({ code: 620, message: 'Method "Größe" does not exist' })
})

describe('the log', () => {
  const CALLED = 'catalog_product_attribute_media.list'
  const CASES: readonly (readonly [what: string, body: () => string, told: object])[] = [
    ['a fault of the API', () => callOf('product_media.list', ['none']), { operation: CALLED, fault: 101 }],
    ['an unknown method', () => methodCall('nosuch'), { fault: 620 }],
    ['a wrong call', () => methodCall('login'), { fault: 623 }],
    ['a request that cannot be read', () => '', { fault: 630 }],
    ['a login', loginCall, { operation: 'login' }],
  ]

  it.each(CASES)('tells of %s', async (what, body, told) => {
    const requestId = what.replaceAll(' ', '-')
    await post(body(), { headers: { 'x-request-id': requestId } })
    expect(await log.ofRequest(requestId)).toEqual([
      expect.objectContaining({ path: '/api/xmlrpc/', status: 200, ...told }),
    ])
  })

  it('holds no key and no session', () => {
    expect(log.text()).not.toContain(API_USER.apiKey)
    expect(log.text()).not.toContain(session)
  })
})

function post(body: string | Buffer, request: Partial<HttpRequest> = {}): Promise<HttpAnswer> {
  const headers = { 'content-type': 'text/xml', ...request.headers }
  return send(server.url, { method: 'POST', path: '/api/xmlrpc/', body, ...request, headers })
}

function methodCall(method: string, ...values: readonly string[]): string {
  const params = values.map((value) => `<param>${value}</param>`).join('')
  return `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${params}</params></methodCall>`
}

function loginCall(): string {
  return methodCall('login', encodeValue(API_USER.username), encodeValue(API_USER.apiKey))
}

function invoke(method: string, ...values: readonly Value[]): Promise<HttpAnswer> {
  return post(methodCall(method, ...values.map(encodeValue)))
}

function call(path: string, ...args: readonly Value[]): Promise<HttpAnswer> {
  return post(callOf(path, ...args))
}

function callOf(path: string, ...args: readonly Value[]): string {
  return methodCall('call', ...[session, path, ...args].map(encodeValue))
}

/** The value that an answer returns. */
function returned(answer: HttpAnswer): Value {
  const [param] = childElements(partOf(answer, 'params'))
  return onlyValue(param)
}

/** The fault that an answer carries; null for none. */
function faultOf(answer: HttpAnswer): { code: Value; message: Value } | null {
  if (!answer.text.includes('<methodResponse><fault>')) return null
  const fault = onlyValue(partOf(answer, 'fault')) as ReadonlyMap<string, Value>
  return { code: fault.get('faultCode') ?? null, message: fault.get('faultString') ?? null }
}

function partOf({ text }: HttpAnswer, name: string): XmlElement {
  const [part] = childElements(parseXml(text).root)
  if (part?.name !== name) throw new Error(`no ${name}: ${text}`)
  return part
}

function onlyValue(parent: XmlElement | undefined): Value {
  const [value] = parent ? childElements(parent) : []
  if (!value) throw new Error('no value')
  return readValue(value)
}

async function createImage(): Promise<void> {
  const file = new Map([
    ['name', 'typed'],
    ['mime', 'image/gif'],
    ['content', GIF],
  ])
  const answer = await call('product_media.create', ['Sku', new Map([['file', file]])])
  expect(returned(answer)).toBe('/t/y/typed.gif')
}

function update(data: string): Promise<HttpAnswer> {
  const args = `<value><array><data>${encodeValue('Sku')}${encodeValue('/t/y/typed.gif')}${data}</data></array></value>`
  return post(methodCall('call', encodeValue(session), encodeValue('product_media.update'), args))
}

function updateLabel(value: string): Promise<HttpAnswer> {
  return update(`<value><struct>${member('label', value)}</struct></value>`)
}

async function labelNow(): Promise<Value | undefined> {
  const image = returned(await call('product_media.info', ['Sku', '/t/y/typed.gif']))
  return image instanceof Map ? image.get('label') : undefined
}

function member(name: string, value: string): string {
  return `<member><name>${name}</name>${value}</member>`
}

function extension(type: string, text = ''): string {
  return `<ex:${type} xmlns:ex="http://ws.apache.org/xmlrpc/namespaces/extensions">${text}</ex:${type}>`
}

function base64(text: string, encoding: BufferEncoding = 'utf8'): string {
  return Buffer.from(text, encoding).toString('base64')
}

function nested(depth: number): string {
  return '<value><array><data>'.repeat(depth) + '</data></array></value>'.repeat(depth)
}
