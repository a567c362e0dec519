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
import {
  INVALID_VALUES,
  MEMBERS,
  NO_VALUES,
  UNKNOWN_METHODS,
  UNREADABLE,
  type UnreadableCase,
  VALUES,
  WRONG_SIGNATURES,
} from './cases/xmlrpc'

/** Every form of the XML-RPC URL (magento.md §3). */
const ENDPOINTS = ['/api/xmlrpc/', '/api/xmlrpc', '/api/xmlrpc/index/', '/api/xmlrpc/index'].flatMap(
  (path) => [path, `/index.php${path}`],
)

const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'
const WRONG_SIGNATURE = { code: 623, message: 'Calling parameters do not match signature' }
const CANNOT_READ = { code: 630, message: 'Unable to read request' }
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
    expect(faultOf(answer)).toEqual(CANNOT_READ)
  })

  it.each(['/api/xmlrpcs', '/api/xmlrpc/nosuch', '/xmlrpc', '/api/XMLRPC'])(
    '%s is not found',
    async (path) => {
      const answer = await post(loginCall(), { path })
      expect([answer.status, faultOf(answer)?.message]).toEqual([
        404,
        expect.stringContaining('/api/xmlrpc/ (XML-RPC)'),
      ])
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

  it('call, with arguments as an array or without any', async () => {
    expect(returned(await call('product_media.currentStore'))).toBe('0')
    expect(returned(await call('product_media.currentStore', ['german']))).toBe('2')
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
  beforeAll(createImage)

  it.each(VALUES)('$sent becomes the text $text', async ({ sent, text }) => {
    expect(returned(await updateLabel(sent))).toBe(true)
    expect(await labelNow()).toBe(text)
  })

  it.each(NO_VALUES)('%s changes nothing', async (value) => {
    await updateLabel('<value>before</value>')
    expect(returned(await updateLabel(value))).toBe(true)
    expect(await labelNow()).toBe('before')
  })

  it('struct keeps the last of members with one name', async () => {
    const twice = `${member('label', '<value>first</value>')}${member('label', '<value>last</value>')}`
    expect(returned(await update(`<value><struct>${twice}</struct></value>`))).toBe(true)
    expect(await labelNow()).toBe('last')
  })

  it.each(MEMBERS)('struct may have a member %p', async (name) => {
    const members = `${member(name, '<value><struct/></value>')}${member('label', '<value>kept</value>')}`
    expect(returned(await update(`<value><struct>${members}</struct></value>`))).toBe(true)
    expect(await labelNow()).toBe('kept')
  })

  it.each(INVALID_VALUES)('%s is refused, and changes nothing', async (value) => {
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
  it.each(UNKNOWN_METHODS)('of the method %p is fault 620', async (method) => {
    expect(faultOf(await invoke(method))).toEqual({
      code: 620,
      message: `Method "${method}" does not exist`,
    })
  })

  it.each(WRONG_SIGNATURES)('$method with $values is fault 623', async ({ method, values }) => {
    expect(faultOf(await invoke(method, ...values))).toEqual(WRONG_SIGNATURE)
  })

  it('may give any scalar where a string is asked for', async () => {
    expect(faultOf(await invoke('login', 1, true))?.code).toBe(2)
    expect(faultOf(await invoke('resources', 5))?.code).toBe(5)
  })
})

describe('a request that cannot be read', () => {
  const call = (params: string) => `<methodCall><methodName>login</methodName>${params}</methodCall>`
  const DEEP: UnreadableCase = {
    what: 'a document of values a thousand deep',
    body: call(`<params><param>${nested(1000)}</param></params>`),
    encoding: 'utf8' as const,
    fault: CANNOT_READ,
  }

  it.each([...UNREADABLE, DEEP])('$what is a fault', async ({ body, encoding, fault }) => {
    const answer = await post(Buffer.from(body, encoding))
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

function nested(depth: number): string {
  return '<value><array><data>'.repeat(depth) + '</data></array></value>'.repeat(depth)
}
