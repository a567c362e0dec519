import { gzipSync } from 'node:zlib'
import { type HttpAnswer, type HttpRequest, send } from '../support/http'
import { memoryLog } from '../support/memoryLog'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { API_USER } from '../support/soap'
import { ARGUMENTS, IDS, NO_REQUESTS, UNKNOWN_METHODS, WRONG_PARAMS } from './cases/jsonrpc'

const ENDPOINTS = ['/api/jsonrpc/', '/api/jsonrpc', '/api/jsonrpc/index/', '/api/jsonrpc/index'].flatMap(
  (path) => [path, `/index.php${path}`],
)

const SESSION = /^[0-9a-f]{32}$/
const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

const log = memoryLog()
let server: TestServer
let session: string

beforeAll(async () => {
  server = await startTestServer({
    seed: SMALL_SHOP,
    environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_BODY_LIMIT: '1mb' },
    log: log.log,
  })
  session = String(await resultOf('login', ['apiUser', 'apiKey123']))
})

afterAll(() => server.stop())

describe('the URL', () => {
  it.each(ENDPOINTS)('%s takes calls', async (path) => {
    expect(parsed(await post(loginCall(), { path })).result).toMatch(SESSION)
  })

  it.each(['PUT', 'PATCH', 'DELETE', 'GET'])('takes a call by %s', async (method) => {
    const headers = { 'content-length': Buffer.byteLength(loginCall()) }
    expect(parsed(await post(loginCall(), { method, headers })).result).toMatch(SESSION)
  })

  it('answers a GET without a body with an error', async () => {
    const answer = await send(server.url, { path: '/api/jsonrpc/' })
    expect(parsed(answer).error?.code).toBe(-32700)
  })

  it.each(['/api/jsonrpcs', '/api/jsonrpc/nosuch', '/jsonrpc'])('%s is not found', async (path) => {
    const answer = await post(loginCall(), { path })
    expect([answer.status, parsed(answer).error?.message]).toEqual([
      404,
      expect.stringContaining('/api/jsonrpc/ (JSON-RPC 2.0)'),
    ])
  })

  it('reads a body that is packed', async () => {
    const answer = await post(gzipSync(loginCall()), { headers: { 'content-encoding': 'gzip' } })
    expect(parsed(answer).result).toMatch(SESSION)
  })
})

test('an answer is JSON, to the byte', async () => {
  const answer = await post('{"jsonrpc":"2.0","method":"globalFaults","params":[""],"id":"ä"}')
  expect(answer.status).toBe(200)
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  expect(answer.text).toMatch(/^\{"jsonrpc":"2\.0","result":\[\{"code":"0","message":"Unknown Error"\},/)
  expect(answer.text).toMatch(/\],"id":"ä"\}$/)
})

describe('every operation', () => {
  it('login, then endSession, after which the session is none', async () => {
    const own = await resultOf('login', { apiKey: 'apiKey123', username: 'apiUser' })
    expect(own).toMatch(SESSION)
    expect(await resultOf('endSession', { sessionId: own })).toBe(true)
    expect(await errorOf('resources', [own])).toEqual({
      code: 5,
      message: 'Session expired. Try to relogin.',
    })
  })

  it('startSession, with params or without', async () => {
    expect(await resultOf('startSession', undefined)).toMatch(SESSION)
    expect(await resultOf('startSession', [])).toMatch(SESSION)
    expect(await resultOf('startSession', {})).toMatch(SESSION)
  })

  it('call, with arguments as an array, an object, one value or none', async () => {
    const currentStore = (...args: unknown[]) =>
      resultOf('call', [session, 'product_media.currentStore', ...args])
    expect(await currentStore()).toBe('0')
    expect(await currentStore(['german'])).toBe('2')
    expect(await currentStore({ x: 'german' })).toBe('2')
    expect(await currentStore('german')).toBe('2')
    expect(await currentStore(null)).toBe('0')
  })

  it('call by names', async () => {
    const call = { sessionId: session, resourcePath: 'product_media.currentStore' }
    expect(await resultOf('call', call)).toBe('0')
    expect(await resultOf('call', { args: ['german'], ...call })).toBe('2')
    expect(await resultOf('call', { args: null, ...call })).toBe('0')
  })

  it('multiCall, by position and by names', async () => {
    const calls = [['product_media.currentStore', ['german']], 'no.such', 'product_media.currentStore']
    const fault = { isFault: true, faultCode: '3', faultMessage: 'Invalid api path.' }
    expect(await resultOf('multiCall', [session, calls])).toEqual(['2', fault, '2'])
    expect(await resultOf('multiCall', { sessionId: session, calls, options: { break: 1 } })).toEqual([
      '2',
      fault,
    ])
  })

  it('resources', async () => {
    expect(await resultOf('resources', [session])).toMatchObject([
      { name: 'catalog_product_attribute_media', description: null, methods: { length: 7 } },
    ])
  })

  it('resourceFaults, where names mean what they say', async () => {
    expect(await resultOf('resourceFaults', [session, 'product_media'])).toHaveLength(8)
    const named = { resourceName: 'product_media', sessionId: session }
    expect(await resultOf('resourceFaults', named)).toHaveLength(8)
  })

  it('create, list, update and remove of an image', async () => {
    const call = (method: string, ...args: unknown[]) =>
      resultOf('call', [session, `product_media.${method}`, args])
    const file = { name: 'whole', mime: 'image/gif', content: GIF }
    const path = await call('create', 'Sku', { file, label: 'Größe "1"', types: ['image'], __proto__: {} })
    expect(path).toBe('/w/h/whole.gif')
    expect(await call('list', 'Sku')).toEqual([
      {
        file: path,
        label: 'Größe "1"',
        position: '1',
        exclude: '1',
        url: `${server.url}/media/catalog/product/w/h/whole.gif`,
        types: ['image'],
      },
    ])
    expect(await call('update', 'Sku', path, { position: 7, exclude: false, types: [] })).toBe(true)
    expect(await call('info', 'Sku', path)).toMatchObject({ position: '7', exclude: '0', types: [] })
    expect(await call('remove', 'Sku', path)).toBe(true)
    expect(await call('list', 'Sku')).toEqual([])
  })
})

describe('the values of a request', () => {
  const currentStore = (args: string) =>
    post(
      `{"jsonrpc":"2.0","id":1,"method":"call","params":["${session}","product_media.currentStore",${args}]}`,
    )

  it.each(ARGUMENTS)('$rule', async ({ args, result }) => {
    expect(parsed(await currentStore(args)).result).toBe(result)
  })

  it('a fault tells nothing of the prototype', async () => {
    expect(parsed(await currentStore('{"__proto__":{"x":1}}')).error?.code).toBe(100)
  })
})

describe('the id', () => {
  it.each(IDS)('%s comes back', async (id) => {
    const { text } = await post(`{"jsonrpc":"2.0","method":"startSession","id":${id}}`)
    expect(text).toContain(`,"id":${id}}`)
  })

  it('comes back with a fault', async () => {
    const answer = await post(requestOf('login', ['apiUser', 'wrong'], 7))
    expect(answer.text).toBe('{"jsonrpc":"2.0","error":{"code":2,"message":"Access denied."},"id":7}')
  })
})

describe('a request that is none', () => {
  it.each(NO_REQUESTS)('$#: $error.message', async ({ body, encoding, error, id }) => {
    const answer = await post(Buffer.from(body, encoding))
    expect(answer.status).toBe(200)
    expect(parsed(answer)).toEqual({ jsonrpc: '2.0', error, id })
  })

  it('nor is a body that is larger than the limit, as sent or unpacked', async () => {
    const body = ' '.repeat(2 ** 20 + 1)
    const error = { code: -32600, message: 'Invalid Request: Request body is larger than 1048576 bytes' }
    expect(parsed(await post(body))).toEqual({ jsonrpc: '2.0', error, id: null })
    expect(parsed(await post(gzipSync(body), { headers: { 'content-encoding': 'gzip' } })).error).toEqual(
      error,
    )
  })

  it('nor one that is not packed as it says', async () => {
    const headers = { 'content-encoding': 'gzip' }
    expect(parsed(await post('no gzip', { headers })).error?.code).toBe(-32600)
    expect(parsed(await post(gzipSync(loginCall()).subarray(0, 30), { headers })).error?.code).toBe(-32600)
  })
})

describe('a wrong call', () => {
  it.each(UNKNOWN_METHODS)('of the method %p is an error', async (method) => {
    expect(await errorOf(method, [])).toEqual({ code: -32601, message: `Method not found: ${method}` })
  })

  it.each(WRONG_PARAMS)('$method with $params is an error', async ({ method, params, detail }) => {
    expect(await errorOf(method, params)).toEqual({ code: -32602, message: `Invalid params: ${detail}` })
  })

  it('is a call of a method’s path without the id of a session', async () => {
    expect(await errorOf('product_media.list', [])).toEqual({
      code: -32602,
      message: 'Invalid params: missing: sessionId',
    })
  })

  it('finds no parameter in the prototype', async () => {
    const params = '{"__proto__":{"username":"apiUser","apiKey":"apiKey123"}}'
    const answer = await post(`{"jsonrpc":"2.0","id":1,"method":"login","params":${params}}`)
    expect(parsed(answer).error?.message).toBe('Invalid params: missing: username, apiKey')
  })
})

describe('the path of a method as the method’s name', () => {
  it('is a call of it, with the id of the session before its arguments', async () => {
    const answer = await post(
      JSON.stringify({ method: 'product_media.currentStore', params: [session, 'german'], id: 1 }),
    )
    expect(parsed(answer)).toEqual({ jsonrpc: '2.0', result: '2', id: 1 })
  })

  it('takes parameters by name in their order', async () => {
    const params = { sessionId: session, storeView: 'german' }
    const answer = await post(
      JSON.stringify({ jsonrpc: 2, method: 'product_media.currentStore', params, id: 1 }),
    )
    expect(parsed(answer)).toEqual({ jsonrpc: '2.0', result: '2', id: 1 })
  })

  it('that does not exist is fault 3', async () => {
    expect(await errorOf('no.such', [session])).toEqual({ code: 3, message: 'Invalid api path.' })
  })
})

describe('a fault of the API', () => {
  it('is an error with its code and text', async () => {
    const list = (session: unknown, path: string, ...args: unknown[]) =>
      errorOf('call', [session, path, args])
    expect(await errorOf('login', ['', ''])).toMatchObject({ code: 6 })
    expect(await list('none', 'product_media.list')).toMatchObject({ code: 5 })
    expect(await list(session, 'no.such')).toEqual({ code: 3, message: 'Invalid api path.' })
    expect(await list(session, 'product_media.list', 'Sku', 'none')).toMatchObject({ code: 100 })
    expect(await list(session, 'product_media.list', 'none')).toEqual({
      code: 101,
      message: 'Product not exists.',
    })
  })
})

describe('a notification', () => {
  it('is carried out and not answered', async () => {
    const own = await resultOf('login', ['apiUser', 'apiKey123'])
    const answer = await post(JSON.stringify({ jsonrpc: '2.0', method: 'endSession', params: [own] }))
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([204, '', undefined])
    expect(await errorOf('resources', [own])).toMatchObject({ code: 5 })
  })

  it.each(['login', 'nosuch', 'resources'])('is not answered either when %s fails', async (method) => {
    const answer = await post(JSON.stringify({ jsonrpc: '2.0', method, params: ['x'] }))
    expect([answer.status, answer.text]).toEqual([204, ''])
  })
})

describe('a batch', () => {
  const inBatch = (method: string, params: unknown, id?: number) => ({ jsonrpc: '2.0', method, params, id })

  it('is answered in its order, without its notifications', async () => {
    const answer = await post(
      JSON.stringify([
        inBatch('call', [session, 'product_media.currentStore', ['german']], 1),
        inBatch('startSession', []),
        inBatch('nosuch', [], 2),
        { foo: 'boo' },
        1,
        [],
        inBatch('call', [session, 'product_media.list', ['none']], 3),
      ]),
    )
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text)).toEqual([
      { jsonrpc: '2.0', result: '2', id: 1 },
      { jsonrpc: '2.0', error: { code: -32601, message: 'Method not found: nosuch' }, id: 2 },
      {
        jsonrpc: '2.0',
        error: { code: -32600, message: 'Invalid Request: "method" must be a string' },
        id: null,
      },
      {
        jsonrpc: '2.0',
        error: { code: -32600, message: 'Invalid Request: a request is an object' },
        id: null,
      },
      {
        jsonrpc: '2.0',
        error: { code: -32600, message: 'Invalid Request: a request is an object' },
        id: null,
      },
      { jsonrpc: '2.0', error: { code: 101, message: 'Product not exists.' }, id: 3 },
    ])
  })

  it('is carried out in its order', async () => {
    const own = await resultOf('login', ['apiUser', 'apiKey123'])
    const answer = await post(
      JSON.stringify([
        inBatch('resources', [own], 1),
        inBatch('endSession', [own]),
        inBatch('resources', [own], 2),
      ]),
    )
    expect(JSON.parse(answer.text)).toMatchObject([
      { id: 1, result: [{}] },
      { id: 2, error: { code: 5 } },
    ])
  })

  it('of notifications alone is not answered', async () => {
    const answer = await post(JSON.stringify([inBatch('startSession', []), inBatch('nosuch', [])]))
    expect([answer.status, answer.text]).toEqual([204, ''])
  })

  it('of one is answered as a batch', async () => {
    const answer = await post(JSON.stringify([inBatch('startSession', [], 1)]))
    expect(JSON.parse(answer.text)).toEqual([
      { jsonrpc: '2.0', result: expect.stringMatching(SESSION), id: 1 },
    ])
  })

  it('leaves no store view to the request behind it', async () => {
    const currentStore = (...args: string[]) =>
      inBatch('call', [session, 'product_media.currentStore', args], args.length)
    const answer = await post(JSON.stringify([currentStore('german'), currentStore()]))
    expect(JSON.parse(answer.text)).toMatchObject([{ result: '2' }, { result: '0' }])
  })

  it('has at most 100 requests, or none is carried out', async () => {
    const requests = (count: number) =>
      Array.from({ length: count }, (_, id) => inBatch('globalFaults', [''], id))
    expect(JSON.parse((await post(JSON.stringify(requests(100)))).text)).toHaveLength(100)
    expect(parsed(await post(JSON.stringify(requests(101))))).toEqual({
      jsonrpc: '2.0',
      error: { code: -32600, message: 'Invalid Request: a batch has at most 100 requests' },
      id: null,
    })
  })
})

describe('the log', () => {
  const list = () => requestOf('call', [session, 'product_media.list', ['none']])
  const CASES: readonly (readonly [what: string, body: () => string, told: object])[] = [
    ['a call', list, { operation: 'catalog_product_attribute_media.list', user: 'apiUser', fault: 101 }],
    ['a login', loginCall, { operation: 'login' }],
    ['no JSON', () => '', { fault: -32700 }],
    ['no request', () => '{}', { fault: -32600 }],
    ['an unknown method', () => requestOf('nosuch', []), { fault: -32601 }],
    [
      'a batch',
      () => `[${loginCall()},${list()},{}]`,
      { operation: 'batch of 3', user: 'apiUser', fault: 101 },
    ],
  ]

  it.each(CASES)('tells of %s', async (what, body, told) => {
    const requestId = what.replaceAll(' ', '-')
    await post(body(), { headers: { 'x-request-id': requestId } })
    expect(await log.ofRequest(requestId)).toEqual([
      expect.objectContaining({ path: '/api/jsonrpc/', status: 200, ...told }),
    ])
  })

  it('holds no key and no session', () => {
    expect(log.text()).not.toContain(API_USER.apiKey)
    expect(log.text()).not.toContain(session)
  })
})

interface Answered {
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string }
}

function post(body: string | Buffer, request: Partial<HttpRequest> = {}): Promise<HttpAnswer> {
  const headers = { 'content-type': 'application/json', ...request.headers }
  return send(server.url, { method: 'POST', path: '/api/jsonrpc/', body, ...request, headers })
}

function requestOf(method: string, params: unknown, id: unknown = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params, id })
}

function loginCall(): string {
  return requestOf('login', [API_USER.username, API_USER.apiKey])
}

function parsed({ text }: HttpAnswer): Answered {
  return JSON.parse(text)
}

async function resultOf(method: string, params: unknown): Promise<unknown> {
  const { result, error } = parsed(await post(requestOf(method, params)))
  if (error) throw new Error(`error ${error.code}: ${error.message}`)
  return result
}

async function errorOf(method: string, params: unknown): Promise<Answered['error']> {
  return parsed(await post(requestOf(method, params))).error
}
