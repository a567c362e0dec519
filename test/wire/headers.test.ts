import net from 'node:net'
import { text } from 'node:stream/consumers'
import { send } from '../support/http'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { loginEnvelope } from '../support/soap'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({
    seed: SMALL_SHOP,
    environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_METRICS_PORT: '0' },
  })
})

afterAll(() => server.stop())

const jsonLogin = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'login', params: ['apiUser', 'apiKey123'] })

describe('every answer forbids a browser to guess its type, and to load or frame anything', () => {
  it.each([
    ['POST', '/api/soap/', loginEnvelope()],
    ['POST', '/api/v2_soap/', loginEnvelope()],
    ['POST', '/api/xmlrpc/', '<methodCall/>'],
    ['POST', '/api/jsonrpc/', jsonLogin],
    ['GET', '/api/soap/?wsdl', undefined],
    ['GET', '/api/soap/', undefined],
    ['GET', '/api/rest/products/1/images', undefined],
    ['GET', '/api/rest/openapi.json', undefined],
    ['GET', '/oauth/initiate', undefined],
    ['GET', '/oauth/authorize', undefined],
    ['GET', '/media/catalog/product/n/o/none.jpg', undefined],
    ['GET', '/healthz', undefined],
    ['GET', '/nosuch', undefined],
  ])('%s %s', async (method, path, body) => {
    const { headers } = await send(server.url, { method, path, ...(body !== undefined && { body }) })
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/default-src 'none';.*frame-ancestors 'none'/),
    })
    expect(headers).not.toHaveProperty('x-powered-by')
  })
})

it.each([
  ['/api/soap/', loginEnvelope()],
  ['/api/jsonrpc/', jsonLogin],
])('the answer of a call at %s is not stored by a cache', async (path, body) => {
  const { headers } = await send(server.url, { method: 'POST', path, body })
  expect(headers['cache-control']).toBe('no-store')
})

describe('a request with two Host headers is 400, for a proxy may have judged it by the other', () => {
  it.each([
    ['Host: shop.example\r\nHost: other.example'],
    ['HOST: shop.example\r\nAccept: */*\r\nhost: shop.example'],
  ])('%j', async (headers) => {
    for (const path of ['/api/soap/?wsdl', '/api/rest/products/1/images', '/healthz', '/nosuch'])
      expect(await rawAnswer(server.url, path, headers)).toMatch(
        /^HTTP\/1\.1 400 [\s\S]*\r\nx-content-type-options: nosniff\r\n[\s\S]*\r\n\r\nA request has one Host header\n$/i,
      )
    expect(await rawAnswer(server.metricsUrl ?? '', '/metrics', headers)).toMatch(/^HTTP\/1\.1 400 /)
  })
})

/** What comes back for a request whose headers are written as they are given. */
async function rawAnswer(serverUrl: string, path: string, headers: string): Promise<string> {
  const { hostname, port } = new URL(serverUrl)
  const socket = net.connect(Number(port), hostname)
  socket.write(`GET ${path} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`)
  return text(socket)
}
