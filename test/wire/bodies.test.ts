import net from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { send } from '../support/http'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import {
  ENDPOINT,
  element,
  envelope,
  faultOf,
  login,
  loginEnvelope,
  postSoap,
  returned,
  type SoapClient,
} from '../support/soap'

const LIMIT = 10 * 1024
const SESSION_ID = /^[0-9a-f]{32}$/

let server: TestServer
let client: SoapClient

beforeAll(async () => {
  server = await startTestServer({
    seed: SMALL_SHOP,
    environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_BODY_LIMIT: '10kb' },
  })
  client = await login(server.url)
})

afterAll(() => server.stop())

/** Whatever a test has sent, the server goes on as if it had not. */
afterEach(async () => expect(await client.call('product_media.list', 'Sku')).toEqual([]))

const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
  postSoap(server.url, body, headers)

/** A login of that many bytes. */
function loginOfSize(bytes: number): string {
  const document = loginEnvelope()
  return document + ' '.repeat(bytes - Buffer.byteLength(document))
}

describe('the size of a body', () => {
  const tooLarge = { code: 'Sender', message: `Request body is larger than ${LIMIT} bytes` }

  it('may be up to the limit', async () => {
    expect(returned(await post(loginOfSize(LIMIT)))).toMatch(SESSION_ID)
  })

  it('beyond the limit is a fault', async () => {
    const answer = await post(loginOfSize(LIMIT + 1))
    expect(answer.status).toBe(500)
    expect(faultOf(answer)).toEqual(tooLarge)
    expect(answer.headers.connection).toBe('close')
  })

  it('beyond the limit is a fault when it was not told before', async () => {
    const answer = await post(loginOfSize(LIMIT + 1), { 'transfer-encoding': 'chunked' })
    expect(answer.status).toBe(500)
    expect(faultOf(answer)).toEqual(tooLarge)
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('beyond the limit is a fault when %s has made it small', async (encoding, pack) => {
    const bomb = pack(Buffer.alloc(4_000_000, ' '))
    expect(bomb.length).toBeLessThan(LIMIT)
    const answer = await post(bomb, { 'content-encoding': encoding })
    expect(answer.status).toBe(500)
    expect(faultOf(answer)).toEqual(tooLarge)
  })

  it('beyond the limit is a fault in the middle of a call as well, which changes nothing', async () => {
    const data = `<data><file><mime>image/gif</mime><content>${'A'.repeat(LIMIT)}</content></file></data>`
    const create = envelope(
      `<m:call>${element('sessionId', client.session)}${element('resourcePath', 'product_media.create')}<args>${data}</args></m:call>`,
    )
    expect(faultOf(await post(create))).toEqual(tooLarge)
  })
})

describe('a packed body', () => {
  it.each([
    ['gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('is read (%s)', async (encoding, pack) => {
    const answer = await post(pack(loginEnvelope()), { 'content-encoding': encoding })
    expect(returned(answer)).toMatch(SESSION_ID)
  })

  it.each([
    ['is not packed', () => Buffer.from(loginEnvelope())],
    ['is cut', () => gzipSync(loginEnvelope()).subarray(0, 100)],
    ['is damaged in the middle', () => damaged(60)],
    ['is damaged in its checksum', () => damaged(-6)],
  ])('is a fault when it %s', async (_name, body) => {
    const answer = await post(body(), { 'content-encoding': 'gzip' })
    expect(answer.status).toBe(500)
    expect(faultOf(answer)).toEqual({ code: 'Sender', message: 'Request body cannot be read' })
  })

  it.each(['rot13', 'gzip, gzip', '__proto__'])(
    'is a fault when nobody can unpack it (%s)',
    async (encoding) => {
      const answer = await post(loginEnvelope(), { 'content-encoding': encoding })
      expect(answer.status).toBe(500)
      expect(faultOf(answer)).toEqual({ code: 'Sender', message: 'Content-Encoding is not supported' })
    },
  )

  it('is not unpacked when nobody says that it is packed', async () => {
    expect(faultOf(await post(gzipSync(loginEnvelope())))).toEqual({ code: 'Sender', message: 'Invalid XML' })
  })
})

describe('a body that does not come whole', () => {
  const announced = [
    `POST ${ENDPOINT} HTTP/1.1`,
    'host: localhost',
    'content-type: text/xml',
    'content-length: 5000',
    '',
    loginEnvelope(),
  ].join('\r\n')

  it.each([
    ['the connection breaks', (socket: net.Socket) => socket.resetAndDestroy()],
    ['the client ends it', (socket: net.Socket) => socket.end()],
  ])('is no call: %s', async (_name, leave) => {
    const answer = await exchange(announced, leave)
    expect(answer).not.toMatch(/loginReturn/)
  })

  it('is no call: a piece of it is of no size', async () => {
    const chunked = `POST ${ENDPOINT} HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n`
    expect(await exchange(chunked, () => {})).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('is no call: its length is told in two ways', async () => {
    const smuggled = `POST ${ENDPOINT} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`
    expect(await exchange(smuggled, () => {})).toMatch(/^HTTP\/1\.1 400 /)
  })
})

it('content types do not matter, as they do not to PHP', async () => {
  for (const type of ['application/json', 'multipart/form-data', 'nonsense', 'text/xml; charset=nosuch']) {
    expect(returned(await post(loginEnvelope(), { 'content-type': type }))).toMatch(SESSION_ID)
  }
  const bare = await send(server.url, { method: 'POST', path: ENDPOINT, body: loginEnvelope() })
  expect(returned(bare)).toMatch(SESSION_ID)
})

function damaged(position: number): Buffer {
  const bytes = gzipSync(loginEnvelope())
  const index = position < 0 ? bytes.length + position : position
  bytes.writeUInt8(bytes.readUInt8(index) ^ 0xff, index)
  return bytes
}

/** Sends bytes, does what `then` does, and answers all that came back until the connection was closed. */
function exchange(bytes: string, then: (socket: net.Socket) => void): Promise<string> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve) => {
    let answer = ''
    const socket = net.connect({ host: hostname, port: Number(port) }, () =>
      socket.write(bytes, () => then(socket)),
    )
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString()
    })
    // A connection that is reset has no more to say, which is not for the client to judge.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
  })
}
