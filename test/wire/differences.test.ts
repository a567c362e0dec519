/** Each line of the README's "Where it differs from Magento, on purpose", with a test that shows what this server does. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { packageRoot } from '../../src/packageRoot'
import { send } from '../support/http'
import { OAUTH_SEED } from '../support/oauth'
import { picture } from '../support/pictures'
import { errorOf, GIF, restClient } from '../support/rest'
import { shopOf } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { callEnvelope, login, loginEnvelope, postSoap, type SoapClient } from '../support/soap'
import { loginTyped, postTyped, typedAnswer, V2, WSI } from '../support/typedSoap'

let server: TestServer
let client: SoapClient
let used = 0

beforeAll(async () => {
  server = await startTestServer({ seed: shopOf(40, { oauth: OAUTH_SEED }) })
  client = await login(server.url)
})

afterAll(() => server.stop())

const freshProduct = () => `p${++used}`
const gif = (name: string) => ({ name, mime: 'image/gif', content: GIF })
const create = async (sku: string, fields: object = {}, name = 'photo') =>
  String(await client.call('product_media.create', sku, { file: gif(name), ...fields }))
const info = async (sku: string, file: string) =>
  (await client.call('product_media.info', sku, file)) as Readonly<Record<string, unknown>>
const rest = () => restClient(server.url, 'admin')
const served = async (file: string) =>
  (await send(server.url, { path: `/media/catalog/product${file}` })).body
const get = (asked: string) => send(server.url, { path: asked })

async function keepsLabel(label: string): Promise<void> {
  const sku = freshProduct()
  expect(await info(sku, await create(sku, { label }))).toMatchObject({ label })
}

const CHECKS: Readonly<Record<string, () => Promise<void>>> = {
  'characters outside the BMP in a label are lost': () => keepsLabel('a 😀 b'),
  'a label over 255 characters is cut': () => keepsLabel('ä'.repeat(2000)),
  async '`update` replaces a good image with bytes that are no image'() {
    const sku = freshProduct()
    const file = await create(sku)
    const sent = { file: { mime: 'image/gif', content: Buffer.from('no image').toString('base64') } }
    expect(await client.fault('product_media.update', sku, file, sent)).toMatchObject({ code: '105' })
    expect((await served(file)).toString('base64')).toBe(GIF)
  },
  async 'a fault text shows a path of the server'() {
    const file = { name: 'x', mime: 'image/gif', content: Buffer.from('no image').toString('base64') }
    expect(await client.fault('product_media.create', freshProduct(), { file })).toEqual({
      code: '104',
      message: 'Unsupported image format.',
    })
  },
  async 'v2 and WS-I answers get a newline between tags'() {
    const sku = freshProduct()
    await create(sku)
    const session = await loginTyped(server.url)
    for (const { request, text, product } of [V2, WSI]) {
      const answer = await postTyped(
        server.url,
        request('List', text('sessionId', session) + text(product, sku)),
      )
      expect(answer.text.trim().split('\n')).toHaveLength(2)
      expect(typedAnswer(answer)).toEqual([expect.objectContaining({ label: '' })])
    }
  },
  async 'uploads are recompressed with GD'() {
    const bytes = await picture('jpeg', 3)
    const file = { name: 'kept', mime: 'image/jpeg', content: bytes.toString('base64') }
    const stored = await client.call('product_media.create', freshProduct(), { file })
    expect((await served(String(stored))).equals(bytes)).toBe(true)
  },
  async 'every image that GD reads is taken'() {
    const bytes = await picture('png', 3)
    const content = bytes.subarray(0, bytes.length - 40).toString('base64')
    const file = { name: 'cut', mime: 'image/png', content }
    expect(await client.fault('product_media.create', freshProduct(), { file })).toMatchObject({
      code: '104',
    })
  },
  async 'a data map sent as a plain struct (SOAP::Lite) breaks'() {
    const sku = freshProduct()
    const data = `<file><name>s</name><mime>image/gif</mime><content>${GIF}</content></file><label>Struct</label>`
    const args = `<args enc:arrayType="xsd:anyType[2]" xsi:type="enc:Array"><item xsi:type="xsd:string">${sku}</item><item>${data}</item></args>`
    const { text } = await postSoap(server.url, callEnvelope(client.session, 'product_media.create', args))
    expect(text).toContain('/s/_/s.gif')
  },
  async 'a GET without `wsdl` and a POST with it both answer by the URL'() {
    const answer = await send(server.url, { method: 'POST', path: '/api/soap/?wsdl', body: loginEnvelope() })
    expect(answer.text).toContain('loginReturn')
  },
  async 'a setting decides between v2 and WS-I'() {
    const session = await loginTyped(server.url)
    for (const { request, text, product } of [V2, WSI])
      expect(
        typedAnswer(
          await postTyped(
            server.url,
            request('List', text('sessionId', session) + text(product, freshProduct())),
          ),
        ),
      ).toBe('')
  },
  async 'REST answers a POST with 302'() {
    const body = JSON.stringify({ file_mime_type: 'image/gif', file_content: GIF })
    const answer = await rest().send('POST', `/products/${freshProduct()}/images`, { body })
    expect([answer.status, answer.text]).toEqual([200, ''])
  },
  async 'REST: POST for an unknown product is 400 `Resource unknown error.`'() {
    const body = JSON.stringify({ file_mime_type: 'image/gif', file_content: GIF })
    const answer = await rest().send('POST', '/products/999/images', { body })
    expect(errorOf(answer)).toBe('404 Resource not found.')
  },
  async 'REST: `Unsuppoted image MIME type`'() {
    const body = JSON.stringify({ file_mime_type: 'image/bmp', file_content: GIF })
    const answer = await rest().send('POST', `/products/${freshProduct()}/images`, { body })
    expect(errorOf(answer)).toBe('400 Unsupported image MIME type')
  },
  async 'REST: PUT does not replace the file; HEAD is refused'() {
    const product = `/products/${freshProduct()}/images`
    const id = await rest().add(product)
    const bytes = await picture('gif', 5)
    const body = { file_mime_type: 'image/gif', file_content: bytes.toString('base64') }
    expect((await rest().put(`${product}/${id}`, body)).status).toBe(200)
    const { url } = (await rest().get(`${product}/${id}`)) as { url: string }
    expect((await get(url.slice(server.url.length))).body.equals(bytes)).toBe(true)
    expect((await rest().send('HEAD', `${product}/${id}`)).status).toBe(200)
  },
  async '`file` given as `true`: `update` changes, `remove` removes all'() {
    const sku = freshProduct()
    const file = await create(sku)
    for (const call of [
      ['update', sku, true, { label: 'x' }],
      ['remove', sku, true],
    ] as const) {
      const [method, ...args] = call
      expect(await client.fault(`product_media.${method}`, ...args)).toMatchObject({ code: '103' })
    }
    expect(await client.call('product_media.info', sku, true)).toMatchObject({ file })
  },
  async 'a path over 255 bytes is cut, and its image unknown afterwards'() {
    const sku = freshProduct()
    const name = 'n'.repeat(251)
    const file = await create(sku, {}, name)
    expect(file).toBe(`/n/n/${name}.gif`)
    expect(await info(sku, file)).toMatchObject({ file })
    const long = { file: gif('n'.repeat(252)) }
    expect(await client.fault('product_media.create', sku, long)).toMatchObject({ code: '104' })
  },
  async 'REST: POST to an unknown store is 400 `Resource unknown error.`'() {
    const body = JSON.stringify({ file_mime_type: 'image/gif', file_content: GIF })
    const answer = await rest().send('POST', `/products/${freshProduct()}/images/store/nowhere`, { body })
    expect(errorOf(answer)).toBe('400 Requested store is invalid')
  },
  async 'a store, content or name that is a list or map may crash PHP'() {
    const sku = freshProduct()
    expect(await client.fault('product_media.list', sku, ['a', { b: 1 }])).toMatchObject({ code: '100' })
    const file = { ...gif('x'), content: ['a'] }
    expect(await client.fault('product_media.create', sku, { file })).toMatchObject({ code: '102' })
  },
  async "a call of another protocol is refused in the URL's own"() {
    const body = '<?xml version="1.0"?><methodCall><methodName>startSession</methodName></methodCall>'
    const { text } = await send(server.url, { method: 'POST', path: '/api/soap/', body })
    expect(text).toMatch(/^<\?xml[^>]*>\s*<methodResponse>/)
    expect(text).toContain('/api/xmlrpc/')
  },
  async 'a folder or an unknown store code before `/api` is 404'() {
    for (const folder of ['/magento/index.php', '/nowhere', '/german'])
      expect(
        (await send(server.url, { method: 'POST', path: `${folder}/api/soap/`, body: loginEnvelope() })).text,
      ).toContain('loginReturn')
  },
  async "a store code before `/api` is missing in the WSDL's address"() {
    expect((await get('/german/api/soap/?wsdl')).text).toContain(`location="${server.url}/german/api/soap/"`)
  },
  async '`?WSDL` and `/api/soap/wsdl/1` are no WSDL'() {
    for (const asked of ['/api/soap/?WSDL', '/api/soap/wsdl/1'])
      expect((await get(asked)).text).toContain('<wsdl:definitions')
  },
}

/** Differences that need a server or a time of their own: the file, and the name, of the tests that show them. */
const ELSEWHERE: Readonly<Record<string, readonly [file: string, name: string]>> = {
  'OAuth: a timestamp may be as old as it likes': ['oauthProblems.test.ts', 'timestamp_refused'],
  'OAuth: a parameter that stands twice counts once': [
    'oauthProblems.test.ts',
    'as parameter_rejected, for %s',
  ],
  'OAuth: a request token lasts for ever': ['oauthFlow.test.ts', 'a request token after two hours'],
  'OAuth: PLAINTEXT is taken over http': [
    'oauthProblems.test.ts',
    'a PLAINTEXT signature, which whoever reads it can send again',
  ],
  'REST takes tokens never authorized, or of inactive administrators': [
    '../importing/importShop.test.ts',
    'keeps tokens, but for those of inactive administrators and those never authorized',
  ],
  'REST: an administrator without a role of REST gets 500': [
    'restRoles.test.ts',
    'a role that may not read is answered with 403, and so is an administrator without a role',
  ],
  'failed logins are never slowed': ['bruteForce.test.ts', 'a login that is blocked'],
}

/** The first cells of the table in the README. */
function differencesInReadme(): readonly string[] {
  const readme = readFileSync(path.join(packageRoot, 'README.md'), 'utf8')
  const [, section = ''] =
    /\n## Where it differs from Magento, on purpose\n([\s\S]*?)\n\[How/.exec(readme) ?? []
  const [, , ...rows] = section.trim().split('\n')
  return rows.map((row) => row.split('|')[1]?.trim() ?? '')
}

test.each(differencesInReadme())('not as in Magento: %s', async (difference) => {
  const elsewhere = ELSEWHERE[difference]
  if (elsewhere) {
    const [file, name] = elsewhere
    expect(readFileSync(path.join(__dirname, file), 'utf8')).toContain(name)
    return
  }
  const check = CHECKS[difference]
  if (!check) throw new Error('no test shows it')
  await check()
})

test('no test shows a difference that the README does not list', () => {
  const listed = new Set(differencesInReadme())
  expect(
    [...Object.keys(CHECKS), ...Object.keys(ELSEWHERE)].filter((difference) => !listed.has(difference)),
  ).toEqual([])
})
