import net from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { type HttpAnswer, send } from '../support/http'
import { memoryLog } from '../support/memoryLog'
import { errorOf, restClient } from '../support/rest'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { ENDPOINT, faultOf, loginEnvelope, postSoap, returned } from '../support/soap'

const BODY_LIMIT = 10 * 1024
const INTERNAL = 'Internal Error. Please see log for details.'

const logged = memoryLog()
let server: TestServer

beforeAll(async () => {
  server = await startTestServer({
    seed: SMALL_SHOP,
    environment: {
      KEEPSAKE_MEMORY: 'true',
      KEEPSAKE_BODY_LIMIT: '10kb',
      KEEPSAKE_BODIES_LIMIT: '10kb',
      KEEPSAKE_METRICS_PORT: '0',
    },
    log: logged.log,
  })
})

afterAll(() => server.stop())

async function bytesHeld(): Promise<number> {
  const { text } = await send(server.metricsUrl ?? '', { path: '/metrics' })
  return Number(/^keepsake_body_bytes (\d+)$/m.exec(text)?.[1])
}

/** A client that has sent a body but for its last byte, which `finish` sends; it answers all that came back. */
async function almostSent() {
  const { hostname, port } = new URL(server.url)
  const body = loginEnvelope().padEnd(BODY_LIMIT)
  const socket = net.connect({ host: hostname, port: Number(port) })
  const received: string[] = []
  socket.on('data', (chunk: Buffer) => received.push(chunk.toString()))
  const head = `POST ${ENDPOINT} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: ${BODY_LIMIT}\r\n\r\n`
  socket.write(head + body.slice(0, -1))
  while ((await bytesHeld()) < BODY_LIMIT - 1) await pause(5)
  return {
    finish: () =>
      new Promise<string>((resolve) => {
        socket.on('close', () => resolve(received.join('')))
        socket.write(body.slice(-1))
      }),
  }
}

describe('while as many bytes of bodies are held as may be', () => {
  let first: Awaited<ReturnType<typeof almostSent>>

  beforeEach(async () => {
    first = await almostSent()
  })

  afterEach(async () => {
    expect(await first.finish()).toContain('loginReturn')
    expect(await bytesHeld()).toBe(0)
    expect(returned(await postSoap(server.url, loginEnvelope()))).toMatch(/^[0-9a-f]{32}$/)
  })

  const post = (path: string, body: string | Buffer, headers = {}): Promise<HttpAnswer> =>
    send(server.url, { method: 'POST', path, headers, body })

  it.each([ENDPOINT, '/api/v2_soap/'])('a SOAP call at %s is answered with fault 1', async (path) => {
    const answer = await post(path, loginEnvelope())
    expect(answer.status).toBe(200)
    expect(faultOf(answer)).toEqual({ code: '1', message: INTERNAL })
    expect(answer.headers.connection).toBe('close')
  })

  it('a packed body counts by what it unpacks to', async () => {
    const answer = await post(ENDPOINT, gzipSync(loginEnvelope()), { 'content-encoding': 'gzip' })
    expect(faultOf(answer)).toEqual({ code: '1', message: INTERNAL })
  })

  it('a body of no told length counts as it comes', async () => {
    const answer = await post(ENDPOINT, loginEnvelope(), { 'transfer-encoding': 'chunked' })
    expect(faultOf(answer)).toEqual({ code: '1', message: INTERNAL })
  })

  it('XML-RPC and JSON-RPC answer fault 1', async () => {
    const xml = await post('/api/xmlrpc/', '<methodCall><methodName>startSession</methodName></methodCall>')
    expect(xml.status).toBe(200)
    expect(xml.text).toContain('<int>1</int>')
    expect(xml.text).toContain(`<string>${INTERNAL}</string>`)
    const json = await post('/api/jsonrpc/', '{"jsonrpc":"2.0","id":7,"method":"startSession"}')
    expect(json.status).toBe(200)
    expect(JSON.parse(json.text)).toEqual({ jsonrpc: '2.0', id: null, error: { code: 1, message: INTERNAL } })
  })

  it('REST answers 503, and when to come again', async () => {
    const answer = await restClient(server.url, null).send('POST', '/products/1/images', { body: '{"a":1}' })
    expect(errorOf(answer)).toBe('503 Service temporarily unavailable.')
    expect(answer.headers['retry-after']).toBe('5')
  })

  it('OAuth answers 503, and when to come again', async () => {
    const answer = await post('/oauth/initiate', 'a=b')
    expect([answer.status, answer.text]).toEqual([503, 'oauth_problem=internal_error'])
    expect(answer.headers['retry-after']).toBe('5')
  })

  it('what has no body is answered', async () => {
    expect((await send(server.url, { path: '/healthz' })).status).toBe(200)
    expect((await send(server.url, { path: '/readyz' })).status).toBe(200)
    expect((await send(server.url, { path: '/api/soap/?wsdl' })).status).toBe(200)
    expect((await send(server.url, { path: '/media/catalog/product/n/o/none.gif' })).status).toBe(404)
    expect(await restClient(server.url, null).get('/products/1/images')).toEqual([])
  })
})

it('what was turned away is told in its line of the log, without an error, and counted', async () => {
  const first = await almostSent()
  const headers = { 'x-request-id': 'shed-1' }
  await postSoap(server.url, loginEnvelope(), headers)
  const lines = await logged.ofRequest('shed-1')
  expect(lines).toMatchObject([{ level: 30, shed: 'bodies', fault: 1, protocol: 'soap_v1' }])
  const { text } = await send(server.metricsUrl ?? '', { path: '/metrics' })
  expect(text).toMatch(/^keepsake_shed_total\{shortage="bodies"\} [1-9]/m)
  await first.finish()
})
