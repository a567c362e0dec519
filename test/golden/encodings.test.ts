import { startTestServer, type TestServer } from '../support/server'
import { type Answer, readFixture, send } from './player'

/** In each encoding, its SKU is other bytes. */
const SKU = 'weird sku/ä'
const LABEL = 'Größe'

let server: TestServer
let session: string

beforeAll(async () => {
  server = await startTestServer({ seed: readFixture() })
  session = await login()
  await createImage()
})

afterAll(() => server.stop())

const encodings: readonly (readonly [name: string, declared: string, encode: (text: string) => Buffer])[] = [
  ['ISO-8859-1', 'ISO-8859-1', (text) => Buffer.from(text, 'latin1')],
  ['UTF-16, big-endian', 'UTF-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ['UTF-16, little-endian', 'UTF-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
]

test.each(encodings)('a request in %s is answered as in UTF-8', async (_name, declared, encode) => {
  const inUtf8 = await post(listRequest('UTF-8'))
  expect(inUtf8).toMatchObject({ status: 200, body: expect.stringContaining(LABEL) })
  expect(await post(encode(listRequest(declared)))).toEqual(inUtf8)
})

test('a request in an encoding other than the one that it declares is malformed', async () => {
  const answer = await post(Buffer.from(listRequest('UTF-8'), 'latin1'))
  expect(answer).toMatchObject({
    status: 500,
    body: expect.stringContaining('<faultstring>Invalid XML</faultstring>'),
  })
})

function listRequest(encoding: string): string {
  return callRequest('product_media.list', `<args xsi:type="xsd:string">${SKU}</args>`, encoding)
}

async function createImage(): Promise<void> {
  const pixel = 'R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs='
  const file = `<file><content>${pixel}</content><mime>image/gif</mime><name>pixel</name></file>`
  const items = `<item>${SKU}</item><item>${file}<label>${LABEL}</label></item>`
  const args = `<args xsi:type="enc:Array" enc:arrayType="xsd:anyType[2]">${items}</args>`
  const answer = await post(callRequest('product_media.create', args))
  expect(answer.body).toContain('/p/i/pixel.gif')
}

async function login(): Promise<string> {
  const answer = await post(
    envelope('<m:login><username>apiUser</username><apiKey>apiKey123</apiKey></m:login>'),
  )
  return /<loginReturn[^>]*>([0-9a-f]{32})</.exec(answer.body)?.[1] ?? ''
}

function callRequest(path: string, args: string, encoding?: string): string {
  const parts = `<sessionId>${session}</sessionId><resourcePath>${path}</resourcePath>${args}`
  return envelope(`<m:call>${parts}</m:call>`, encoding)
}

function envelope(body: string, encoding = 'UTF-8'): string {
  return `<?xml version="1.0" encoding="${encoding}"?>
<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="urn:Magento"
  xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/"><e:Body>${body}</e:Body></e:Envelope>`
}

function post(body: string | Buffer): Promise<Answer> {
  return send(server.url, {
    method: 'POST',
    path: '/api/soap/',
    headers: { 'content-type': 'text/xml' },
    body,
  })
}
