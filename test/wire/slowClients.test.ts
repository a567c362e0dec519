import net from 'node:net'
import { startTestServer, type TestServer } from '../support/server'
import { ENDPOINT, loginEnvelope } from '../support/soap'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({
    environment: {
      KEEPSAKE_MEMORY: 'true',
      KEEPSAKE_HEADERS_TIMEOUT: '1',
      KEEPSAKE_BODY_TIMEOUT: '1',
      KEEPSAKE_KEEP_ALIVE: '1',
    },
  })
})

afterAll(() => server.stop())

/** Sends these bytes and no more, and answers all that came back until the server closed the connection. */
function sentAndNoMore(bytes: string): Promise<string> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const received: string[] = []
    const socket = net.connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    socket.on('data', (chunk: Buffer) => received.push(chunk.toString()))
    socket.on('error', reject)
    socket.on('end', () => {
      socket.end()
      resolve(received.join(''))
    })
    if (bytes !== '') socket.write(bytes)
  })
}

const partOf = (path: string, headers = '') =>
  `POST ${path} HTTP/1.1\r\nhost: localhost\r\n${headers}content-length: 5000\r\n\r\n${loginEnvelope()}`

describe('a client that does not go on', () => {
  it('with its body is answered in its protocol, and the connection is closed', async () => {
    const late = 'Request body did not come in time'
    for (const [path, status, body] of [
      [
        ENDPOINT,
        '500 Internal Server Error',
        `<faultcode>Sender</faultcode><faultstring>${late}</faultstring>`,
      ],
      ['/api/v2_soap/', '500 Internal Server Error', `<faultstring>${late}</faultstring>`],
      ['/api/xmlrpc/', '200 OK', `<string>${late}</string>`],
      ['/api/jsonrpc/', '200 OK', `"code":-32600,"message":"Invalid Request: ${late}"`],
      ['/api/rest/products/1/images', '408 Request Timeout', `<message>${late}</message>`],
      ['/oauth/initiate', '400 Bad Request', 'oauth_problem=parameter_rejected&message=body'],
    ] as const) {
      const answer = await sentAndNoMore(partOf(path))
      expect(answer.split('\r\n')[0]).toBe(`HTTP/1.1 ${status}`)
      expect(answer.toLowerCase()).toContain('\r\nconnection: close\r\n')
      expect(answer).toContain(body)
    }
  })

  it('with a packed body is answered as well', async () => {
    expect(await sentAndNoMore(partOf(ENDPOINT, 'content-encoding: br\r\n'))).toMatch(/^HTTP\/1\.1 500 /)
  })

  it('with its head is answered by HTTP alone, for nobody knows what it would have asked', async () => {
    const answer = await sentAndNoMore(`POST ${ENDPOINT} HTTP/1.1\r\nhost: local`)
    expect(answer).toBe('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
  })

  it('with anything at all is sent away', async () => {
    expect(await sentAndNoMore('')).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('with another request is closed', async () => {
    const answer = await sentAndNoMore('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(answer).toMatch(/\{"status":"ok"\}$/)
  })
})
