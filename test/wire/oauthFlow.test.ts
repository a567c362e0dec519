import { readFixture } from '../golden/player'
import { sql } from '../support/databases'
import { type HttpAnswer, send } from '../support/http'
import { memoryLog } from '../support/memoryLog'
import {
  ADMIN,
  CONSUMER,
  type Credentials,
  encoded,
  type OAuthServer,
  oauthHeader,
  type Signing,
  serveOAuth,
  signed,
} from '../support/oauth'
import { startTestServer, type TestServer } from '../support/server'

const CALLBACK = 'https://consumer.example/ready?step=2'
const OPERATOR = { 'login[username]': 'apiUser', 'login[password]': 'apiKey123' } as const
const WITH_CALLBACK = { key: 'with-callback'.padEnd(32, '0'), secret: 'secret', name: 'Shop <b>&</b> "Co"' }

const clock = { seconds: Math.floor(Date.now() / 1000) }

let application: TestServer
let server: OAuthServer

beforeAll(async () => {
  const fixture = JSON.parse(readFixture())
  fixture.oauth.consumers.push(WITH_CALLBACK)
  application = await startTestServer({ seed: JSON.stringify(fixture) })
  await application.storage.database.query(
    sql(`UPDATE oauth_consumer SET callback_url = '${CALLBACK}' WHERE name LIKE 'Shop%'`),
  )
  server = await serveOAuth(application, { now: () => new Date(clock.seconds * 1000) })
})

afterAll(async () => {
  await server.stop()
  await application.stop()
})

type Place = 'header' | 'query' | 'form'

interface Asking extends Partial<Omit<Signing, 'url' | 'form'>> {
  readonly place?: Place
}

/** Asks an endpoint, with the protocol parameters in the header, the query or the form. */
function asked(path: string, { place = 'header', method = 'POST', change = {}, ...signing }: Asking) {
  const time = { oauth_timestamp: String(clock.seconds), ...change }
  const parameters = signed({ url: server.url + path, method, token: null, ...signing, change: time })
  const form = Object.entries(parameters)
    .map((pair) => pair.map(encoded).join('='))
    .join('&')
  if (place === 'query') return send(server.url, { method, path: `${path}?${form}` })
  if (place === 'header')
    return send(server.url, { method, path, headers: { authorization: oauthHeader(parameters) } })
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': form.length }
  return send(server.url, { method, path, headers, body: form })
}

const initiate = ({ change, ...asking }: Asking = {}) =>
  asked('/oauth/initiate', { ...asking, change: { oauth_callback: CALLBACK, ...change } })

const exchange = (token: Credentials, verifier: string | null, { change, ...asking }: Asking = {}) =>
  asked('/oauth/token', { ...asking, token, change: { oauth_verifier: verifier, ...change } })

/** The token and secret of an answer in a form's encoding. */
function credentialsIn({ text }: HttpAnswer): Credentials {
  const form = new URLSearchParams(text)
  return { key: form.get('oauth_token') ?? '', secret: form.get('oauth_token_secret') ?? '' }
}

async function requestToken(asking: Asking = {}): Promise<Credentials> {
  return credentialsIn(await initiate(asking))
}

const PAGES = { customer: '/oauth/authorize', admin: '/admin/oauth_authorize' } as const

const page = (token: string, path: string = PAGES.admin) =>
  send(server.url, { path: `${path}?oauth_token=${encoded(token)}` })

/** Sends the page's form, as a browser would. */
function decide(token: string, fields: Readonly<Record<string, string>>, path: string = PAGES.admin) {
  const body = new URLSearchParams({ oauth_token: token, ...fields }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return send(server.url, { method: 'POST', path, headers, body })
}

const authorize = (token: string, path: string = PAGES.admin) =>
  decide(token, { ...OPERATOR, decision: 'authorize' }, path)

function verifierIn({ headers: { location = '' } }: HttpAnswer): string {
  return new URL(location).searchParams.get('oauth_verifier') ?? ''
}

const problemIn = ({ status, text }: HttpAnswer) => `${status} ${text}`

describe.each([
  ['admin', PAGES.admin],
  ['customer', PAGES.customer],
])('the flow through the page for a token of type %s', (type, path) => {
  test('ends with a token that signs requests', async () => {
    const initiated = await initiate()
    expect(initiated).toMatchObject({
      status: 200,
      text: expect.stringMatching(
        /^oauth_token=[0-9a-f]{32}&oauth_token_secret=[0-9a-f]{32}&oauth_callback_confirmed=true$/,
      ),
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'cache-control': 'no-store' },
    })
    const request = credentialsIn(initiated)
    const asking = await page(request.key, path)
    expect(asking.status).toBe(200)
    expect(asking.text).toContain('sent to <strong>consumer.example</strong>')

    const decided = await authorize(request.key, path)
    expect(decided.status).toBe(302)
    expect(decided.headers.location).toMatch(
      new RegExp(
        `^https://consumer\\.example/ready\\?step=2&oauth_token=${request.key}&oauth_verifier=[0-9a-f]{32}$`,
      ),
    )

    const exchanged = await exchange(request, verifierIn(decided))
    expect(exchanged).toMatchObject({
      status: 200,
      text: expect.stringMatching(/^oauth_token=[0-9a-f]{32}&oauth_token_secret=[0-9a-f]{32}$/),
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'cache-control': 'no-store' },
    })
    const token = credentialsIn(exchanged)
    expect(token.key).not.toBe(request.key)
    expect(await whoSigns(token)).toBe(type)
  })
})

async function whoSigns(token: Credentials, consumer = CONSUMER): Promise<string> {
  const change = { oauth_timestamp: String(clock.seconds) }
  const authorization = oauthHeader(signed({ url: `${server.url}/who`, token, consumer, change }))
  return (await server.who({ headers: { authorization } })).text
}

describe('parameters may stand', () => {
  test.each<[Place, string, string]>([
    ['header', 'GET', 'HMAC-SHA1'],
    ['query', 'GET', 'HMAC-SHA1'],
    ['header', 'POST', 'PLAINTEXT'],
    ['query', 'POST', 'HMAC-SHA1'],
    ['form', 'POST', 'HMAC-SHA1'],
    ['form', 'POST', 'PLAINTEXT'],
  ])('in the %s of a %s, signed with %s', async (place, method, signatureMethod) => {
    const asking = { place, method, change: { oauth_signature_method: signatureMethod } }
    const request = await requestToken(asking)
    const verifier = verifierIn(await authorize(request.key))
    const token = credentialsIn(await exchange(request, verifier, asking))
    expect(await whoSigns(token)).toBe('admin')
  })
})

test.each([
  '/oauth/initiate/',
  '/oauth/initiate/index',
  '/index.php/oauth/initiate',
  '/index.php/oauth/initiate/index/',
])('an endpoint is found as %s as well', async (path) => {
  expect((await asked(path, { change: { oauth_callback: 'oob' } })).status).toBe(200)
})

test.each(['/admin/oauth_authorize/', '/index.php/admin/oauth_authorize/index', '/oauth/authorize/simple'])(
  'a page is found as %s as well',
  async (path) => {
    expect((await page((await requestToken()).key, path)).status).toBe(200)
  },
)

describe('without a callback', () => {
  test('the verifier is shown', async () => {
    const request = await requestToken({ change: { oauth_callback: 'oob' } })
    const decided = await authorize(request.key)
    expect(decided.status).toBe(200)
    const verifier = /Verifier code: ([0-9a-f]{32})</.exec(decided.text)?.[1] ?? ''
    expect(await whoSigns(credentialsIn(await exchange(request, verifier)))).toBe('admin')
  })

  test('the consumer’s own serves, if it has one', async () => {
    const consumer = WITH_CALLBACK
    const request = await requestToken({ consumer, change: { oauth_callback: 'oob' } })
    expect((await authorize(request.key)).headers.location).toMatch(
      /^https:\/\/consumer\.example\/ready\?step=2&/,
    )
  })
})

describe('/oauth/initiate refuses', () => {
  test.each<[string, string | null]>([
    ['400 oauth_problem=parameter_absent&oauth_parameters_absent=oauth_callback', null],
    ['400 oauth_problem=parameter_rejected&message=oauth_callback', ''],
    ['400 oauth_problem=parameter_rejected&message=oauth_callback', 'OOB'],
    ['400 oauth_problem=parameter_rejected&message=oauth_callback', '/ready'],
    ['400 oauth_problem=parameter_rejected&message=oauth_callback', 'consumer.example/ready'],
    ['400 oauth_problem=parameter_rejected&message=oauth_callback', 'javascript:alert(1)'],
    ['400 oauth_problem=parameter_rejected&message=oauth_callback', 'data:text/html,x'],
    ['400 oauth_problem=parameter_rejected&message=oauth_callback', 'myapp://ready'],
    ['400 oauth_problem=parameter_rejected&message=oauth_callback', 'http://'],
    ['400 oauth_problem=parameter_rejected&message=oauth_callback', 'http://a b/'],
    ['400 oauth_problem=parameter_rejected&message=oauth_callback', 'http://a/\r\nset-cookie: a=b'],
    ['400 oauth_problem=parameter_rejected&message=oauth_callback', 'http://a;sandbox/'],
    ['400 oauth_problem=parameter_rejected&message=oauth_callback', `http://a/${'x'.repeat(2048)}`],
  ])('%s: %j', async (problem, callback) => {
    expect(problemIn(await initiate({ change: { oauth_callback: callback } }))).toBe(problem)
  })

  test.each<[string, Signing['change'] & object]>([
    ['400 oauth_problem=version_rejected', { oauth_version: '1.1' }],
    [
      '400 oauth_problem=parameter_absent&oauth_parameters_absent=oauth_consumer_key',
      { oauth_consumer_key: null },
    ],
    ['400 oauth_problem=timestamp_refused', { oauth_timestamp: '1' }],
    ['400 oauth_problem=signature_method_rejected', { oauth_signature_method: 'FOO' }],
    ['401 oauth_problem=consumer_key_rejected', { oauth_consumer_key: 'x'.repeat(32) }],
    ['401 oauth_problem=signature_invalid', { oauth_signature: 'wrong' }],
  ])('%s: %j', async (problem, change) => {
    const before = await tokenCount()
    const answer = await initiate({ change })
    expect(problemIn(answer)).toBe(problem)
    expect(answer.headers).toMatchObject({ 'content-type': 'application/x-www-form-urlencoded' })
    expect(answer.headers['www-authenticate']).toBe(answer.status === 401 ? 'OAuth' : undefined)
    expect(await tokenCount()).toBe(before)
  })

  test('a request without any parameter', async () => {
    expect(problemIn(await send(server.url, { method: 'POST', path: '/oauth/initiate' }))).toBe(
      '400 oauth_problem=parameter_absent&oauth_parameters_absent=oauth_consumer_key',
    )
  })

  test('a nonce that was used', async () => {
    const change = { oauth_nonce: 'initiated' }
    expect((await initiate({ change })).status).toBe(200)
    expect(problemIn(await initiate({ change }))).toBe('401 oauth_problem=nonce_used')
  })

  test('two Authorization headers', async () => {
    const authorization = oauthHeader(signed({ url: `${server.url}/oauth/initiate`, token: null }))
    const headers = { authorization: [authorization, authorization] as never }
    expect(problemIn(await send(server.url, { method: 'POST', path: '/oauth/initiate', headers }))).toBe(
      '400 oauth_problem=parameter_rejected&message=Authorization',
    )
  })

  test('a body that is too large', async () => {
    const answer = await send(server.url, {
      method: 'POST',
      path: '/oauth/initiate',
      body: Buffer.alloc(70_000),
    })
    expect(problemIn(answer)).toBe('400 oauth_problem=parameter_rejected&message=body')
  })

  test('other methods', async () => {
    expect(await send(server.url, { method: 'DELETE', path: '/oauth/initiate' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, POST' },
    })
  })
})

async function tokenCount(): Promise<unknown> {
  const count = sql('SELECT count(*)::int AS count FROM oauth_token')
  return (await application.storage.database.query<{ count: number }>(count))[0]?.count
}

describe('/oauth/token refuses', () => {
  test('a verifier that is missing, too short, or another', async () => {
    const request = await requestToken()
    const verifier = verifierIn(await authorize(request.key))
    const other = verifier.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
    expect(problemIn(await exchange(request, null))).toBe(
      '400 oauth_problem=parameter_absent&oauth_parameters_absent=oauth_verifier',
    )
    expect(problemIn(await exchange(request, 'short'))).toBe('401 oauth_problem=verifier_invalid')
    expect(problemIn(await exchange(request, other))).toBe('401 oauth_problem=verifier_invalid')
    expect((await exchange(request, verifier)).status).toBe(200)
  })

  test('a request token that no operator has decided upon', async () => {
    const answer = await exchange(await requestToken(), '0'.repeat(32))
    expect(problemIn(answer)).toBe('401 oauth_problem=verifier_invalid')
  })

  test('a request token that an operator has rejected', async () => {
    const request = await requestToken()
    await decide(request.key, { decision: 'reject' })
    expect(problemIn(await exchange(request, '0'.repeat(32)))).toBe('401 oauth_problem=permission_denied')
  })

  test('a request token that was exchanged, and the token that it became', async () => {
    const request = await requestToken()
    const verifier = verifierIn(await authorize(request.key))
    const access = credentialsIn(await exchange(request, verifier))
    expect(problemIn(await exchange(request, verifier))).toBe('401 oauth_problem=token_rejected')
    expect(problemIn(await exchange(access, verifier))).toBe('401 oauth_problem=token_used')
    expect(await whoSigns(access)).toBe('admin')
  })

  test('all but one of those who exchange one request token at once', async () => {
    const request = await requestToken()
    const verifier = verifierIn(await authorize(request.key))
    const answers = await Promise.all([1, 2, 3, 4].map(() => exchange(request, verifier)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ text }) => text === 'oauth_problem=token_rejected')).toHaveLength(3)
  })

  test('a request token of another consumer', async () => {
    const request = await requestToken()
    const verifier = verifierIn(await authorize(request.key))
    const answer = await exchange(request, verifier, { consumer: WITH_CALLBACK })
    expect(problemIn(answer)).toBe('401 oauth_problem=token_rejected')
  })

  test('a token that is missing, unknown, or not signed for', async () => {
    const request = await requestToken()
    const verifier = verifierIn(await authorize(request.key))
    expect(problemIn(await exchange(request, verifier, { change: { oauth_token: null } }))).toBe(
      '400 oauth_problem=parameter_absent&oauth_parameters_absent=oauth_token',
    )
    expect(problemIn(await exchange({ key: 'x'.repeat(32), secret: '' }, verifier))).toBe(
      '401 oauth_problem=token_rejected',
    )
    expect(problemIn(await exchange({ ...request, secret: 'other' }, verifier))).toBe(
      '401 oauth_problem=signature_invalid',
    )
    expect((await exchange(request, verifier)).status).toBe(200)
  })

  test('a request token after two hours', async () => {
    const [early, late] = [await requestToken(), await requestToken()]
    const verifier = verifierIn(await authorize(early.key))
    clock.seconds += 2 * 3600 + 1
    expect(problemIn(await exchange(early, verifier))).toBe('401 oauth_problem=token_expired')
    expect((await page(late.key)).text).toContain('too long ago')
    expect((await authorize(late.key)).status).toBe(400)
  })
})

test('a request token signs nothing but its exchange', async () => {
  const request = await requestToken()
  expect(await whoSigns(request)).toBe('oauth_problem=token_rejected')
  await authorize(request.key)
  expect(await whoSigns(request)).toBe('oauth_problem=token_rejected')
})

describe('the page', () => {
  test('names the consumer, as text', async () => {
    const { key } = await requestToken({ consumer: WITH_CALLBACK })
    const { text } = await page(key)
    expect(text).toContain('<strong>Shop &lt;b&gt;&amp;&lt;/b&gt; "Co"</strong>')
  })

  test('runs no script, is in no frame and no cache, and leads only back or to the consumer', async () => {
    const { headers, text } = await page((await requestToken()).key)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self' https:\/\/consumer\.example; frame-ancestors 'none'; base-uri 'none'$/,
    )
    expect(String(headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/)
    expect(text.replaceAll(server.url, '')).not.toMatch(/<script|\son[a-z]+=|https?:/i)
  })

  test.each([
    [
      'labels every field',
      /<label for="username">.*<input id="username".*<label for="login">.*<input id="login"/s,
    ],
    ['hides the key as it is typed', /name="login\[password\]" type="password"/],
    [
      'has a language, a title and one heading',
      /<html lang="en">.*<title>[^<]+<\/title>.*<main>\s*<h1>[^<]+<\/h1>/s,
    ],
  ])('%s', async (_what, pattern) => {
    expect((await page((await requestToken()).key)).text).toMatch(pattern)
  })

  test.each<[string, Readonly<Record<string, string>>, string, number, string]>([
    [
      'a wrong key',
      { ...OPERATOR, 'login[password]': 'wrong', decision: 'authorize' },
      PAGES.admin,
      403,
      'key is wrong',
    ],
    ['nobody', { decision: 'authorize' }, PAGES.customer, 403, 'key is wrong'],
    [
      'an inactive user',
      { ...OPERATOR, 'login[username]': 'inactive', decision: 'authorize' },
      PAGES.customer,
      403,
      'key is wrong',
    ],
    [
      'a user whose role allows less than everything',
      { ...OPERATOR, 'login[username]': 'mediaonly', decision: 'authorize' },
      PAGES.admin,
      403,
      'does not allow everything',
    ],
    [
      'one who said something else',
      { ...OPERATOR, decision: 'perhaps' },
      PAGES.admin,
      400,
      'Authorize or reject?',
    ],
  ])('asks %s again, and changes nothing', async (_who, fields, path, status, complaint) => {
    const { key } = await requestToken()
    const answer = await decide(key, fields, path)
    expect(answer.status).toBe(status)
    expect(answer.text).toMatch(new RegExp(`<p role="alert">[^<]*${complaint.replace('?', '\\?')}`))
    expect(answer.text).toContain(`value="${fields['login[username]'] ?? ''}"`)
    expect(answer.text).not.toContain('apiKey123')
    expect((await authorize(key)).status).toBe(302)
  })

  test.each<[string, string]>([
    ['admin', PAGES.admin],
    ['admin', `/index.php${PAGES.admin}/index/`],
    ['customer', PAGES.customer],
  ])('is signed in to by a script for a token of type %s at %s, which then confirms', async (type, path) => {
    const request = await requestToken({ change: { oauth_callback: 'oob' } })
    const asked = await page(request.key, path)
    const formKey = /<input name="form_key" type="hidden" value="(.*?)"/s.exec(asked.text)?.[1] ?? ''
    const action = /<form method="post" action="(.*?)"/s.exec(asked.text)?.[1] ?? ''
    expect(formKey).toMatch(/^\w{16}$/)
    expect(action).toBe(server.url + path.replace(/\/index\/$/, ''))
    expect(asked.headers['set-cookie']).toBeDefined()
    const local = action.slice(server.url.length)
    const sent = await decide(request.key, { ...OPERATOR, form_key: formKey }, local)
    expect(sent).toMatchObject({ status: 302, headers: { location: `${action}?oauth_token=${request.key}` } })
    const cookie = String(sent.headers['set-cookie']).split(';')[0] ?? ''
    const signedIn = await send(server.url, {
      path: `${local}?oauth_token=${request.key}`,
      headers: { cookie },
    })
    expect(signedIn.text).toMatch(/<button type="submit" title="Authorize">/)
    expect(signedIn.text).toMatch(/<form id="oauth_authorize_confirm" action="[^"]*\/confirm" method="get">/)
    expect(String(signedIn.headers['set-cookie'])).toContain(cookie)
    expect(cookie).toMatch(type === 'admin' ? /^adminhtml=/ : /^frontend=/)
    const confirm = { path: `${local}/confirm/?oauth_token=${request.key}`, headers: { cookie } }
    const confirmed = await send(server.url, confirm)
    const verifier = /<p style="font-size: 14px;">Verifier code: ([0-9a-f]{32})<\/p>/.exec(
      confirmed.text,
    )?.[1]
    expect(await whoSigns(credentialsIn(await exchange(request, verifier ?? '')))).toBe(type)
  })

  test('is signed in to at the address that confirms, by a script that knows it', async () => {
    const request = await requestToken()
    const path = `${PAGES.admin}/confirm?oauth_token=${request.key}`
    expect((await decide(request.key, OPERATOR, path)).headers.location).toContain('oauth_verifier=')
  })

  test('takes a sign-in for the token that it was made for alone, and for ten minutes', async () => {
    const [one, other, late] = [await requestToken(), await requestToken(), await requestToken()]
    const cookieFor = async ({ key }: Credentials) =>
      String((await decide(key, OPERATOR)).headers['set-cookie']).split(';')[0] ?? ''
    const confirm = (token: Credentials, cookie: string, path = PAGES.admin as string) =>
      send(server.url, { path: `${path}/confirm?oauth_token=${token.key}`, headers: { cookie } })
    const cookie = await cookieFor(one)
    expect(cookie).not.toContain(one.key)
    expect((await confirm(other, cookie)).text).toContain('login[password]')
    expect((await confirm(one, cookie.replace('adminhtml', 'frontend'), PAGES.customer)).status).toBe(200)
    expect((await confirm(one, '')).text).toContain('login[password]')
    const lateCookie = await cookieFor(late)
    clock.seconds += 601
    expect((await confirm(late, lateCookie)).text).toContain('login[password]')
    clock.seconds -= 601
    expect((await confirm(one, cookie)).headers.location).toContain('oauth_verifier=')
  })

  test('shows the form to a script that posts nothing, and decides nothing by HEAD', async () => {
    const { key } = await requestToken()
    const path = `${PAGES.admin}?oauth_token=${key}`
    const shown = await send(server.url, { method: 'POST', path })
    expect([shown.status, shown.text]).toEqual([200, expect.stringContaining('login[password]')])
    const cookie = String((await decide(key, OPERATOR)).headers['set-cookie']).split(';')[0] ?? ''
    const confirm = { path: `${PAGES.admin}/confirm?oauth_token=${key}`, headers: { cookie } }
    expect((await send(server.url, { ...confirm, method: 'HEAD' })).status).toBe(200)
    expect((await send(server.url, confirm)).headers.location).toContain('oauth_verifier=')
  })

  test('keeps the cookie of a sign-in from scripts and other sites', async () => {
    const { key } = await requestToken()
    const cookie = String((await decide(key, OPERATOR)).headers['set-cookie'])
    for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Max-Age=600'])
      expect(cookie).toContain(attribute)
  })

  test('rejects for one who has signed in', async () => {
    const { key } = await requestToken()
    const cookie = String((await decide(key, OPERATOR)).headers['set-cookie']).split(';')[0] ?? ''
    const path = `${PAGES.admin}/reject?oauth_token=${key}`
    expect((await send(server.url, { path })).text).toContain('login[password]')
    expect((await send(server.url, { path, headers: { cookie } })).headers.location).toContain('rejected=1')
  })

  test('takes any API user for a customer’s token', async () => {
    const { key } = await requestToken()
    const fields = { ...OPERATOR, 'login[username]': 'mediaonly', decision: 'authorize' }
    expect((await decide(key, fields, PAGES.customer)).status).toBe(302)
  })

  test('sends an operator who rejects back to the consumer, once', async () => {
    const { key } = await requestToken()
    const answer = await decide(key, { decision: 'reject' })
    expect(answer).toMatchObject({
      status: 302,
      headers: { location: `${CALLBACK}&oauth_token=${key}&rejected=1` },
    })
    expect((await authorize(key)).text).toContain('decided already')
  })

  test('tells an operator who rejects a consumer without callback', async () => {
    const { key } = await requestToken({ change: { oauth_callback: 'oob' } })
    expect(await decide(key, { decision: 'reject' })).toMatchObject({
      status: 200,
      text: expect.stringContaining('gets no access'),
    })
  })

  test('leaves the fragment of a callback behind what it adds', async () => {
    const { key } = await requestToken({ change: { oauth_callback: 'http://consumer.example/#top' } })
    expect((await authorize(key)).headers.location).toMatch(
      /^http:\/\/consumer\.example\/\?oauth_token=[0-9a-f]{32}&oauth_verifier=[0-9a-f]{32}#top$/,
    )
  })

  test.each([
    ['no token', '', 'lacks its oauth_token'],
    ['an unknown token', 'x'.repeat(32), 'Nobody has asked'],
    ['a token with a NUL', '\0'.repeat(32), 'Nobody has asked'],
    ['markup', '<script>', 'Nobody has asked'],
    ['an access token', ADMIN.key, 'decided already'],
  ])('refuses %s', async (_what, token, reason) => {
    for (const answer of [await page(token), await authorize(token)]) {
      expect(answer.status).toBe(400)
      expect(answer.text).toContain(reason)
      expect(answer.text).not.toMatch(/<form|<script/)
    }
  })

  test('authorizes once, whoever is first', async () => {
    const { key } = await requestToken()
    const answers = await Promise.all([authorize(key), authorize(key, PAGES.customer)])
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 400])
  })
})

describe('the whole application', () => {
  test('serves the endpoints, and logs neither key, secret, verifier nor signature', async () => {
    const logged = memoryLog()
    const whole = await startTestServer({ seed: readFixture(), log: logged.log })
    try {
      const ask = (path: string, signing: Partial<Signing>) => {
        const parameters = signed({ url: whole.url + path, method: 'POST', ...signing })
        return send(whole.url, { method: 'POST', path, headers: { authorization: oauthHeader(parameters) } })
      }
      const request = credentialsIn(
        await ask('/oauth/initiate', { token: null, change: { oauth_callback: CALLBACK } }),
      )
      const body = new URLSearchParams({
        oauth_token: request.key,
        ...OPERATOR,
        decision: 'authorize',
      }).toString()
      const decided = await send(whole.url, { method: 'POST', path: PAGES.admin, body })
      const verifier = verifierIn(decided)
      const access = credentialsIn(
        await ask('/oauth/token', { token: request, change: { oauth_verifier: verifier } }),
      )
      const failed = await ask('/oauth/token', { token: access, change: { oauth_verifier: verifier } })
      const lines = await logged.ofRequest(String(failed.headers['x-request-id']))
      expect(lines).toEqual([
        expect.objectContaining({ operation: 'oauth.token', status: 401, fault: 'token_used' }),
      ])
      expect(await logged.ofRequest(String(decided.headers['x-request-id']))).toEqual([
        expect.objectContaining({ operation: 'oauth.authorize', status: 302, user: 'apiUser' }),
      ])
      for (const secret of [
        CONSUMER.secret,
        request.secret,
        access.secret,
        access.key,
        verifier,
        OPERATOR['login[password]'],
      ])
        expect(logged.text()).not.toContain(secret)
      expect(logged.text()).not.toContain('oauth_signature')
    } finally {
      await whole.stop()
    }
  })

  test('with another key tells the log what is wrong, and the client nothing', async () => {
    const logged = memoryLog()
    const whole = await startTestServer({ seed: readFixture(), log: logged.log })
    try {
      await whole.storage.database.query(sql('UPDATE oauth_consumer SET secret = secret || secret'))
      const parameters = signed({ url: `${whole.url}/oauth/initiate`, token: null })
      const headers = { authorization: oauthHeader(parameters) }
      const answer = await send(whole.url, { path: '/oauth/initiate', headers })
      expect(problemIn(answer)).toBe('500 oauth_problem=internal_error')
      const [line] = await logged.ofRequest(String(answer.headers['x-request-id']))
      expect(line).toMatchObject({
        level: 50,
        err: { message: expect.stringContaining('a stored secret was not encrypted with this key') },
      })
    } finally {
      await whole.stop()
    }
  })
})
