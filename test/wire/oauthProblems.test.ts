import { randomBytes } from 'node:crypto'
import type { ServerOptions } from '../../src/http/server'
import { readFixture } from '../golden/player'
import { sql } from '../support/databases'
import { type HttpAnswer, send } from '../support/http'
import {
  ADMIN,
  CONSUMER,
  CUSTOMER,
  type OAuthServer,
  oauthHeader,
  REVOKED,
  type Signing,
  serveOAuth,
  signed,
} from '../support/oauth'
import { startTestServer, type TestServer } from '../support/server'

const NOW = 1_800_000_000
const OTHER_CONSUMER = { key: 'other'.padEnd(32, '0'), secret: 'other secret' }

let application: TestServer
let server: OAuthServer

beforeAll(async () => {
  const fixture = JSON.parse(readFixture())
  fixture.oauth.consumers.push(OTHER_CONSUMER)
  application = await startTestServer({ seed: JSON.stringify(fixture) })
  server = await serveOAuth(application, { now: () => new Date(NOW * 1000) })
})

afterAll(async () => {
  await server.stop()
  await application.stop()
})

type Change = NonNullable<Signing['change']>

const url = () => `${server.url}/who`

const at = (change: Change = {}): Change => ({ oauth_timestamp: String(NOW), ...change })

/** Asks who signed a request, which is signed at the server's time unless told otherwise. */
function asked(signing: Partial<Signing> = {}): Promise<HttpAnswer> {
  const parameters = signed({ url: url(), ...signing, change: at(signing.change) })
  return server.who({ headers: { authorization: oauthHeader(parameters) } })
}

async function problemOf(answer: Promise<HttpAnswer>): Promise<string> {
  const { status, text } = await answer
  return `${status} ${text}`
}

describe('a signed request', () => {
  test.each([
    ['an administrator', ADMIN, 'admin'],
    ['a customer', CUSTOMER, 'customer'],
  ])('of %s is believed', async (_who, token, caller) => {
    expect(await asked({ token })).toMatchObject({ status: 200, text: caller })
  })

  test.each([
    [{ oauth_version: null }],
    [{ oauth_signature_method: 'PLAINTEXT', oauth_nonce: null, oauth_timestamp: null }],
    [{ oauth_signature_method: 'PLAINTEXT', oauth_timestamp: '1' }],
    [{ oauth_timestamp: String(NOW + 600) }],
    [{ oauth_timestamp: String(NOW - 600) }],
    [{ oauth_nonce: 'ä€\0 '.repeat(200) }],
  ])('is believed with %j', async (change: Change) => {
    expect(await asked({ change })).toMatchObject({ status: 200, text: 'admin' })
  })

  test('may use a nonce again at another time', async () => {
    const change = { oauth_nonce: 'again' }
    expect((await asked({ change })).text).toBe('admin')
    expect((await asked({ change: { ...change, oauth_timestamp: String(NOW + 1) } })).text).toBe('admin')
  })

  test('may carry a query and a form, which are signed as well', async () => {
    const form: NonNullable<Signing['form']> = [
      ['label', 'Vorne & hinten'],
      ['types[]', 'image'],
      ['types[]', 'small_image'],
    ]
    const signing = { method: 'POST', url: `${url()}?store=1&store=&a%20b=c`, form, change: at() }
    const request = {
      method: 'POST',
      path: '/who?store=1&store=&a%20b=c',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: oauthHeader(signed(signing)),
      },
    }
    const body = new URLSearchParams(form.map(([name, value]): [string, string] => [name, value])).toString()
    expect(await problemOf(server.who({ ...request, body: `${body}&more=1` }))).toBe(
      '401 oauth_problem=signature_invalid',
    )
    expect(await server.who({ ...request, body })).toMatchObject({ status: 200, text: 'admin' })
  })
})

describe('a request without an OAuth header is a guest’s', () => {
  test.each([[{}], [{ authorization: 'Basic YTpi' }], [{ authorization: '' }]])('%j', async (headers) => {
    expect(await server.who({ headers })).toMatchObject({ status: 200, text: 'guest' })
  })
})

describe('a request is refused', () => {
  test.each<[string, Change, Partial<Signing>]>([
    ['version_rejected', { oauth_version: '2.0' }, {}],
    ['version_rejected', { oauth_version: '' }, {}],
    ['parameter_absent&oauth_parameters_absent=oauth_consumer_key', { oauth_consumer_key: null }, {}],
    ['parameter_absent&oauth_parameters_absent=oauth_consumer_key', { oauth_consumer_key: '' }, {}],
    ['parameter_absent&oauth_parameters_absent=oauth_signature_method', { oauth_signature_method: null }, {}],
    ['parameter_absent&oauth_parameters_absent=oauth_signature', { oauth_signature: null }, {}],
    ['parameter_absent&oauth_parameters_absent=oauth_nonce', { oauth_nonce: null }, {}],
    ['parameter_absent&oauth_parameters_absent=oauth_timestamp', { oauth_timestamp: null }, {}],
    ['parameter_absent&oauth_parameters_absent=oauth_timestamp', { oauth_timestamp: '0' }, {}],
    ['parameter_absent&oauth_parameters_absent=oauth_token', {}, { token: null }],
    ['consumer_key_rejected', { oauth_consumer_key: 'short' }, {}],
    ['consumer_key_rejected', { oauth_consumer_key: 'x'.repeat(32) }, {}],
    ['consumer_key_rejected', { oauth_consumer_key: '\0'.repeat(32) }, {}],
    ['signature_method_rejected', { oauth_signature_method: 'HMAC-SHA256' }, {}],
    ['signature_method_rejected', { oauth_signature_method: 'hmac-sha1' }, {}],
    ['signature_method_rejected', { oauth_signature_method: 'RSA-SHA1' }, {}],
    ['signature_method_rejected', { oauth_signature_method: '__proto__' }, {}],
    ['timestamp_refused', { oauth_timestamp: String(NOW + 601) }, {}],
    ['timestamp_refused', { oauth_timestamp: String(NOW - 601) }, {}],
    ['timestamp_refused', { oauth_timestamp: '-1' }, {}],
    ['timestamp_refused', { oauth_timestamp: 'now' }, {}],
    ['timestamp_refused', { oauth_timestamp: `${NOW}.5` }, {}],
    ['timestamp_refused', { oauth_timestamp: '9'.repeat(400) }, {}],
    ['token_rejected', { oauth_token: 'nope' }, {}],
    ['token_rejected', { oauth_token: 'x'.repeat(32) }, {}],
    ['token_rejected', { oauth_token: '\0'.repeat(32) }, {}],
    ['token_rejected', {}, { consumer: OTHER_CONSUMER }],
    ['token_revoked', {}, { token: REVOKED }],
    ['signature_invalid', { oauth_signature: 'wrong' }, {}],
    ['signature_invalid', {}, { token: { ...ADMIN, secret: CUSTOMER.secret } }],
    ['signature_invalid', {}, { consumer: { ...CONSUMER, secret: 'other' } }],
    ['signature_invalid', { oauth_signature_method: 'PLAINTEXT', oauth_signature: CONSUMER.secret }, {}],
    ['signature_invalid', {}, { method: 'POST' }],
    ['signature_invalid', {}, { url: 'http://elsewhere.example/who' }],
    ['signature_invalid', {}, { url: 'http://127.0.0.1:1/who' }],
  ])('as %s: %j %j', async (problem, change, signing) => {
    expect(await problemOf(asked({ ...signing, change }))).toBe(`401 oauth_problem=${problem}`)
  })

  test.each([
    ['two OAuth headers', (header: string) => [header, header]],
    ['another Authorization header besides', (header: string) => [header, 'Basic YTpi']],
    ['another Authorization header before', (header: string) => ['Basic YTpi', header]],
  ])('as parameter_rejected, for %s', async (_what, headers) => {
    const authorization = headers(oauthHeader(signed({ url: url(), change: at() })))
    expect(await problemOf(server.who({ headers: { authorization } as never }))).toBe(
      '401 oauth_problem=parameter_rejected&message=Authorization',
    )
  })

  test.each([
    ['query', '/who?oauth_nonce=x', undefined],
    ['form', '/who', 'oauth_nonce=x'],
  ])(
    'as parameter_rejected, for a protocol parameter that is in the %s as well',
    async (_where, path, body) => {
      const headers = {
        authorization: oauthHeader(signed({ url: url(), method: 'POST', change: at() })),
        'content-type': 'application/x-www-form-urlencoded',
      }
      expect(await problemOf(server.who({ method: 'POST', path, headers, ...(body && { body }) }))).toBe(
        '401 oauth_problem=parameter_rejected&message=oauth_nonce',
      )
    },
  )

  test('as parameter_rejected, without repeating a name that is none', async () => {
    const authorization = `${oauthHeader(signed({ url: url() }))}, oauth_%0Ax="1", oauth_%0Ax="2"`
    expect(await problemOf(server.who({ headers: { authorization } }))).toBe(
      '401 oauth_problem=parameter_rejected&message=oauth_parameter',
    )
  })

  test('as permission_denied, once the operator who authorized the token could no longer do so', async () => {
    const { database } = application.storage
    await database.query(
      sql("UPDATE oauth_token SET user_id = (SELECT user_id FROM api_user WHERE username = 'readonly')"),
    )
    try {
      expect(await problemOf(asked())).toBe('401 oauth_problem=permission_denied')
      expect(await asked({ token: CUSTOMER })).toMatchObject({ text: 'customer' })
      await database.query(sql("UPDATE api_user SET is_active = false WHERE username = 'readonly'"))
      expect(await problemOf(asked({ token: CUSTOMER }))).toBe('401 oauth_problem=permission_denied')
    } finally {
      await database.query(sql('UPDATE oauth_token SET user_id = NULL'))
    }
  })
})

describe('what is wrong first is told', () => {
  test.each<[string, Change]>([
    ['version_rejected', { oauth_version: '2.0', oauth_nonce: null, oauth_signature_method: 'FOO' }],
    ['consumer_key_rejected', { oauth_consumer_key: 'short', oauth_signature_method: 'FOO' }],
    ['signature_method_rejected', { oauth_signature_method: 'FOO', oauth_nonce: null }],
    ['timestamp_refused', { oauth_timestamp: '1', oauth_consumer_key: 'x'.repeat(32) }],
    ['consumer_key_rejected', { oauth_consumer_key: 'x'.repeat(32), oauth_token: 'nope' }],
    ['token_rejected', { oauth_token: 'nope', oauth_signature: 'wrong' }],
  ])('%s: %j', async (problem, change) => {
    expect(await problemOf(asked({ change }))).toBe(`401 oauth_problem=${problem}`)
  })

  test('nonce_used, of a request that is replayed with another signature', async () => {
    const change = { oauth_nonce: randomBytes(8).toString('hex') }
    expect((await asked({ change })).text).toBe('admin')
    const altered = { ...change, oauth_token: 'nope', oauth_signature: 'wrong' }
    expect(await problemOf(asked({ change: altered }))).toBe('401 oauth_problem=nonce_used')
  })
})

describe('a nonce', () => {
  const count = async () =>
    (await application.storage.database.query(sql('SELECT count(*)::int AS count FROM oauth_nonce')))[0]

  test('serves once, however many ask at once', async () => {
    const authorization = oauthHeader(signed({ url: url(), change: at() }))
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => problemOf(server.who({ headers: { authorization } }))),
    )
    expect(answers.filter((answer) => answer === '200 admin')).toHaveLength(1)
    expect(answers.filter((answer) => answer === '401 oauth_problem=nonce_used')).toHaveLength(7)
  })

  test('is not remembered of a request that is not believed', async () => {
    const change = { oauth_nonce: 'still free' }
    const before = await count()
    for (const signing of [
      { change: { ...change, oauth_signature: 'wrong' } },
      { change: { ...change, oauth_token: 'x'.repeat(32) } },
      { change, token: REVOKED },
      { change: { ...change, oauth_timestamp: '1' } },
    ]) {
      expect((await asked(signing)).status).toBe(401)
    }
    expect(await count()).toEqual(before)
    expect((await asked({ change })).text).toBe('admin')
  })

  test('of one consumer is not another’s', async () => {
    const change = { oauth_nonce: 'shared' }
    expect((await asked({ change })).text).toBe('admin')
    expect(await problemOf(asked({ change, consumer: OTHER_CONSUMER }))).toBe(
      '401 oauth_problem=token_rejected',
    )
  })
})

describe('a PLAINTEXT signature, which whoever reads it can send again', () => {
  const REFUSED = '401 oauth_problem=signature_method_rejected&message=PLAINTEXT+needs+https'
  const HTTPS = 'https://shop.example'
  const far = { 'x-forwarded-for': '192.0.2.1' }
  const proxies = { trustedProxies: ['loopback'] }
  // Of documentation alone, so that the peer, which has an address of this machine, is none of them.
  const others = { trustedProxies: ['203.0.113.0/24'] }

  test.each<[string, Partial<ServerOptions>, Record<string, string>, 'taken' | 'refused']>([
    ['from this machine', {}, {}, 'taken'],
    ['from this machine, as a trusted proxy says', proxies, { 'x-forwarded-for': '127.0.0.1' }, 'taken'],
    ['over https, as a trusted proxy says', proxies, { ...far, 'x-forwarded-proto': 'https' }, 'taken'],
    ['through a trusted proxy of an https URL', { ...proxies, publicUrl: HTTPS }, far, 'taken'],
    ['by an https URL, where no proxy is named', { publicUrl: HTTPS }, far, 'taken'],
    ['over http, as a trusted proxy says', proxies, { ...far, 'x-forwarded-proto': 'http' }, 'refused'],
    [
      'over http, whatever the URL says',
      { ...proxies, publicUrl: HTTPS },
      { ...far, 'x-forwarded-proto': 'http' },
      'refused',
    ],
    ['through a trusted proxy that says nothing of TLS', proxies, far, 'refused'],
    [
      'through a trusted proxy that says nothing of its client',
      proxies,
      { 'x-forwarded-proto': 'http' },
      'refused',
    ],
    ['through a proxy that nobody has named', {}, { ...far, 'x-forwarded-proto': 'https' }, 'refused'],
    ['past the proxies of an https URL', { ...others, publicUrl: HTTPS }, far, 'refused'],
    ['that claims to be of this machine', {}, { 'x-forwarded-for': '127.0.0.1' }, 'refused'],
  ])('%s', async (_way, options, headers, expected) => {
    const other = await serveOAuth(application, { server: options })
    try {
      const change = { oauth_signature_method: 'PLAINTEXT' }
      const authorization = oauthHeader(signed({ url: `${other.url}/who`, change }))
      const answer = await problemOf(other.who({ headers: { ...headers, authorization } }))
      expect(answer).toBe(expected === 'taken' ? '200 admin' : REFUSED)
    } finally {
      await other.stop()
    }
  })

  test.each([
    ['refused by a server that is told nothing', {}, 401],
    ['taken by one that is told to', { KEEPSAKE_OAUTH_PLAINTEXT_OVER_HTTP: 'true' }, 200],
  ])('is %s', async (_what, setting, status) => {
    const environment = { KEEPSAKE_MEMORY: 'true', KEEPSAKE_TRUSTED_PROXIES: 'loopback', ...setting }
    const rest = await startTestServer({ seed: readFixture(), environment })
    try {
      const path = '/api/rest/products/8/images'
      const change = { oauth_signature_method: 'PLAINTEXT' }
      const authorization = oauthHeader(signed({ url: `${rest.url}${path}`, change }))
      expect((await send(rest.url, { path, headers: { ...far, authorization } })).status).toBe(status)
      const hashed = oauthHeader(signed({ url: `${rest.url}${path}` }))
      expect((await send(rest.url, { path, headers: { ...far, authorization: hashed } })).status).toBe(200)
    } finally {
      await rest.stop()
    }
  })
})

describe('the URL that is signed', () => {
  const port = () => new URL(server.url).port

  test.each([
    ['with its port', () => url()],
    ['without its port', () => 'http://127.0.0.1/who'],
  ])('may be written %s', async (_how, signedUrl) => {
    expect((await asked({ url: signedUrl() })).text).toBe('admin')
  })

  test.each([['http://shop.example/who'], ['http://shop.example:80/who'], ['http://SHOP.example/who']])(
    'is that of the Host header: %s',
    async (signedUrl) => {
      const parameters = signed({ url: signedUrl.replace('SHOP', 'shop'), change: at() })
      const headers = {
        host: new URL(signedUrl.replace('shop', 'SHOP')).host,
        authorization: oauthHeader(parameters),
      }
      expect(await server.who({ headers })).toMatchObject({ text: 'admin' })
    },
  )

  test.each([
    ['https://shop.example/who', 'shop.example'],
    ['https://shop.example:443/who', 'shop.example'],
    ['https://shop.example/who', 'shop.example:443'],
    ['https://shop.example:8443/who', 'shop.example:8443'],
    ['https://shop.example/who', 'shop.example:8443'],
  ])('behind a trusted proxy may be %s, where it says %s', async (signedUrl, forwardedHost) => {
    const proxied = await serveOAuth(application, {
      now: () => new Date(NOW * 1000),
      server: { trustedProxies: ['loopback'] },
    })
    try {
      const headers = {
        'x-forwarded-proto': 'https',
        'x-forwarded-host': forwardedHost,
        authorization: oauthHeader(signed({ url: signedUrl, change: at() })),
      }
      expect(await proxied.who({ headers })).toMatchObject({ text: 'admin' })
    } finally {
      await proxied.stop()
    }
  })

  test('is not what a proxy says that is not trusted', async () => {
    const headers = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'shop.example',
      authorization: oauthHeader(signed({ url: 'https://shop.example/who', change: at() })),
    }
    expect(await problemOf(server.who({ headers }))).toBe('401 oauth_problem=signature_invalid')
  })

  test('is the configured one, with its path, whatever was asked', async () => {
    const configured = await serveOAuth(application, {
      now: () => new Date(NOW * 1000),
      server: { publicUrl: 'https://shop.example/old' },
    })
    try {
      const authorization = oauthHeader(signed({ url: 'https://shop.example/old/who', change: at() }))
      expect(await configured.who({ headers: { authorization } })).toMatchObject({ text: 'admin' })
      const direct = oauthHeader(signed({ url: `http://127.0.0.1:${port()}/who`, change: at() }))
      expect(await problemOf(configured.who({ headers: { authorization: direct } }))).toBe(
        '401 oauth_problem=signature_invalid',
      )
    } finally {
      await configured.stop()
    }
  })
})
