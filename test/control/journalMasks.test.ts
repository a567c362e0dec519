import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { control, DOUBLE } from '../support/control'
import { send } from '../support/http'
import { picture } from '../support/pictures'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { envelope, login } from '../support/soap'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({
    seed: SMALL_SHOP,
    environment: { ...DOUBLE, KEEPSAKE_LOGIN_FAILURES_PER_USER: '0' },
  })
})

beforeEach(() => control(server.url, 'DELETE', '/journal'))
afterAll(() => server.stop())

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
const numbered = (text: string) =>
  [...text].map((character) => `&#x${character.codePointAt(0)?.toString(16)};`).join('')
const halves = (text: string) => [text.slice(0, 3), text.slice(3)] as const
const soapLogin = (key: string) =>
  envelope(`<m:login><username>apiUser</username>\n<apiKey>${key}</apiKey></m:login>`)
const xmlRpcLogin = (key: string) =>
  `<?xml version="1.0"?><methodCall><methodName>login</methodName><params><param><value>apiUser</value></param><param><value><string>${key}</string></value></param></params></methodCall>`

interface Form {
  readonly path: string
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

/** How a key reaches a server, in the right place and in wrong ones. */
const FORMS: Readonly<Record<string, (key: string) => Form>> = {
  'SOAP v1': (key) => ({ path: '/api/soap/', body: soapLogin(escaped(key)) }),
  'SOAP v2': (key) => ({ path: '/api/v2_soap/', body: soapLogin(escaped(key)) }),
  'WS-I': (key) => ({
    path: '/api/v2_soap/',
    body: envelope(
      `<m:loginParam><username>apiUser</username><apiKey>${escaped(key)}</apiKey></m:loginParam>`,
    ),
  }),
  'XML-RPC': (key) => ({ path: '/api/xmlrpc/', body: xmlRpcLogin(escaped(key)) }),
  'JSON-RPC by position': (key) => ({ path: '/api/jsonrpc/', body: jsonLogin(['apiUser', key]) }),
  'JSON-RPC by name': (key) => ({
    path: '/api/jsonrpc/',
    body: jsonLogin({ username: 'apiUser', apiKey: key }),
  }),
  'JSON-RPC, escaped': (key) => ({
    path: '/api/jsonrpc/',
    body: jsonLogin(['apiUser', '@']).replace(
      '@',
      [...key].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    ),
  }),
  'a batch with a misspelt method': (key) => ({
    path: '/api/jsonrpc/',
    body: `[${jsonLogin(['a', key]).replace('"login"', '"logn"')},${jsonLogin(['a', key])}]`,
  }),
  'character references': (key) => ({ path: '/api/soap/', body: soapLogin(numbered(key)) }),
  CDATA: (key) => ({ path: '/api/soap/', body: soapLogin(`<![CDATA[${key.replaceAll(']]>', '')}]]>`) }),
  'text and CDATA': (key) => ({
    path: '/api/soap/',
    body: soapLogin(`${escaped(halves(key)[0])}<![CDATA[${halves(key)[1].replaceAll(']]>', '')}]]>`),
  }),
  'a comment within': (key) => ({
    path: '/api/soap/',
    body: soapLogin(
      `${escaped(halves(key)[0])}<!-- ${key.replaceAll('-', '')} -->${escaped(halves(key)[1])}`,
    ),
  }),
  'UTF-16': (key) => ({
    path: '/api/soap/',
    body: Buffer.from(`\ufeff${soapLogin(escaped(key)).replace('UTF-8', 'UTF-16')}`, 'utf16le'),
  }),
  gzip: (key) => ({
    path: '/api/soap/',
    body: gzipSync(soapLogin(escaped(key))),
    headers: { 'content-encoding': 'gzip' },
  }),
  'a reference': (key) => ({
    path: '/api/soap/',
    body: envelope(
      `<m:login><username>apiUser</username><apiKey href="#k"/></m:login><multiRef id="k">${escaped(key)}</multiRef>`,
    ),
  }),
  'a document that breaks off': (key) => ({
    path: '/api/soap/',
    body: soapLogin(escaped(key)).slice(0, -40),
  }),
  'a tag that breaks off': (key) => ({ path: '/api/soap/', body: `<login key=${key}` }),
  'an entity': (key) => ({
    path: '/api/soap/',
    body: `<!DOCTYPE a [<!ENTITY k "${escaped(key)}">]>${soapLogin('&k;')}`,
  }),
  'an unknown operation': (key) => ({
    path: '/api/soap/',
    body: envelope(`<m:logon><user>a</user><password>${escaped(key)}</password></m:logon>`),
  }),
  'an unknown method': (key) => ({
    path: '/api/xmlrpc/',
    body: xmlRpcLogin(escaped(key)).replace('>login<', '>logon<'),
  }),
  'the place of a session': (key) => ({
    path: '/api/soap/',
    body: envelope(
      `<m:call><sessionId>${escaped(key)}</sessionId><resourcePath>product_media.list</resourcePath></m:call>`,
    ),
  }),
  'a header of WS-Security': (key) => ({
    path: '/api/soap/',
    body: soapLogin('x').replace(
      '<e:Body>',
      `<e:Header><Security><Password>${escaped(key)}</Password></Security></e:Header><e:Body>`,
    ),
  }),
  'another protocol': (key) => ({ path: '/api/soap/', body: xmlRpcLogin(escaped(key)) }),
  'HTTP headers': (key) => ({
    path: '/api/soap/',
    body: soapLogin('x'),
    headers: { 'x-api-key': encodeURIComponent(key), cookie: `k=${encodeURIComponent(key)}` },
  }),
}

function jsonLogin(params: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 'call-1', method: 'login', params })
}

/** Long and odd enough to be in no text by chance. */
const keys = fc.string({ minLength: 8, maxLength: 24 }).map((text) => `Ky${text.replace(/[^!-~]/g, '_')}`)

describe('a key never occurs in the journal', () => {
  test.each(Object.entries(FORMS))('be it given by %s', async (_name, form) => {
    await fc.assert(
      fc.asyncProperty(keys, async (key) => {
        const { path, body, headers = {} } = form(key)
        await send(server.url, {
          method: 'POST',
          path,
          body,
          headers: { 'content-type': 'text/xml', ...headers },
        })
        const shown = await everything()
        for (const written of [
          key,
          escaped(key),
          numbered(key),
          encodeURIComponent(key),
          JSON.stringify(key).slice(1, -1),
        ])
          expect(shown).not.toContain(written)
      }),
      { numRuns: 4 },
    )
  })

  it('nor where it turns up later', async () => {
    const client = await login(server.url)
    await client.call('product_media.list', 'Sku')
    await client.fault('product_media.list', 'apiKey123')
    expect(await everything()).not.toContain('apiKey123')
  })
})

it('secrets of OAuth are hidden, and what helps to debug a signature is not', async () => {
  const authorization =
    'OAuth oauth_consumer_key="ck00", oauth_token="tk00", oauth_signature_method="HMAC-SHA1", oauth_signature="c2ln", oauth_timestamp="1700000000", oauth_nonce="n0", oauth_version="1.0"'
  await send(server.url, { path: '/api/rest/products/1/images?oauth_token=tk00', headers: { authorization } })
  const shown = await everything()
  for (const secret of ['ck00', 'tk00', 'c2ln', 'n0']) expect(shown).not.toContain(secret)
  expect(shown).toContain('HMAC-SHA1')
  expect(shown).toContain('1700000000')
})

it('session ids are numbers by which calls of one session are known', async () => {
  const [first, second] = [await login(server.url), await login(server.url)]
  await second.call('product_media.list', 'Sku')
  await first.call('product_media.list', 'Sku')
  const entries = (await control(server.url, 'GET', '/journal')) as readonly { session: string }[]
  expect(entries.map(({ session }) => session)).toEqual(['session-1', 'session-2', 'session-2', 'session-1'])
  const shown = await everything()
  for (const { session } of [first, second]) expect(shown).not.toContain(session)
})

it('the bytes of images are cut', async () => {
  const client = await login(server.url)
  const content = (await picture('png')).toString('base64').padEnd(2000, 'A')
  await client.fault('product_media.create', 'Sku', { file: { name: 'x', mime: 'image/png', content } })
  const shown = await everything()
  expect(shown).not.toContain(content.slice(0, 100))
  expect(shown).toContain(`${content.slice(0, 40)}…(2000 characters)`)
})

async function everything(): Promise<string> {
  const [journal, recording] = [
    await control(server.url, 'GET', '/journal'),
    await control(server.url, 'GET', '/journal/export'),
  ]
  const texts = [journal, shownIn(recording)].map((part) => JSON.stringify(part))
  return texts.join('') + texts.join('').replaceAll('\\"', '"').replaceAll('\\\\', '\\')
}

/** The export has sessions and images by design; its keys are placeholders. */
function shownIn(recording: unknown): unknown {
  const [{ keys }] = recording as readonly [{ keys: unknown }]
  return keys
}
