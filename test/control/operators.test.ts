import { DOUBLE } from '../support/control'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { login } from '../support/soap'

let server: TestServer | undefined

afterEach(() => server?.stop())

const CONSOLE = { KEEPSAKE_MEMORY: 'true', KEEPSAKE_CONSOLE: 'true' }
const OPERATOR = { username: 'apiUser', apiKey: 'apiKey123' }
const READER = { username: 'reader', apiKey: 'readerKey' }

const SHOP = JSON.stringify({
  ...JSON.parse(SMALL_SHOP),
  roles: [
    { name: 'all', resources: ['all'] },
    { name: 'reading', resources: ['catalog/product/media/info'] },
  ],
  users: [
    { ...OPERATOR, role: 'all' },
    { ...READER, role: 'reading' },
  ],
})

async function start(environment: NodeJS.ProcessEnv): Promise<string> {
  server = await startTestServer({ seed: SHOP, environment })
  return server.url
}

const ask = (url: string, method: string, path: string, headers: Record<string, string>, body?: object) =>
  fetch(`${url}/_keepsake${path}`, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })

async function signIn(url: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await ask(url, 'POST', '/session', headers, OPERATOR)
  expect(answer.status).toBe(204)
  return answer.headers.get('set-cookie') ?? ''
}

const cookieIn = (header: string) => ({ cookie: header.split(';')[0] ?? '' })

describe('signing in to the console', () => {
  it('is not offered on a server that has no console', async () => {
    const url = await start({ KEEPSAKE_MEMORY: 'true' })
    expect((await ask(url, 'POST', '/session', {}, OPERATOR)).status).toBe(404)
    expect((await fetch(`${url}/console/`)).status).toBe(404)
  })

  it('gives a cookie that no script reads and no other site sends', async () => {
    const header = await signIn(await start(CONSOLE))
    expect(header).toMatch(/^keepsake_console=[0-9a-f]{32}; Path=\/_keepsake; HttpOnly; SameSite=Strict$/)
  })

  it('gives one that never leaves https, and keeps to its path, where the public URL says so', async () => {
    const url = await start({ ...CONSOLE, KEEPSAKE_BASE_URL: 'https://shop.example/images' })
    expect(await signIn(url)).toMatch(/; Path=\/images\/_keepsake; HttpOnly; SameSite=Strict; Secure$/)
  })

  it('takes a role that allows everything', async () => {
    const answer = await ask(await start(CONSOLE), 'POST', '/session', {}, READER)
    expect([answer.status, await answer.json()]).toEqual([
      403,
      { error: 'This user’s role does not allow everything (all), as an operator’s must.' },
    ])
  })

  it('is refused with a wrong key, and blocked after many', async () => {
    const url = await start({ ...CONSOLE, KEEPSAKE_LOGIN_FAILURES_PER_USER: '2' })
    for (const _ of [1, 2])
      expect((await ask(url, 'POST', '/session', {}, { ...OPERATOR, apiKey: 'no' })).status).toBe(403)
    expect((await ask(url, 'POST', '/session', {}, OPERATOR)).status).toBe(403)
  })

  it('is refused to a page of another site, and to a form', async () => {
    const url = await start(CONSOLE)
    const other = { origin: 'https://shop.example' }
    expect((await ask(url, 'POST', '/session', other, OPERATOR)).status).toBe(403)
    const form = await fetch(`${url}/_keepsake/session`, {
      method: 'POST',
      body: new URLSearchParams(OPERATOR),
    })
    expect(form.status).toBe(400)
  })
})

describe('an operator', () => {
  it('is needed where the server is no test double', async () => {
    const url = await start(CONSOLE)
    const answer = await ask(url, 'GET', '/galleries/1', {})
    expect([answer.status, await answer.json()]).toEqual([401, { error: 'Sign in at /console/' }])
    expect((await ask(url, 'GET', '/session', {})).status).toBe(401)
  })

  it('reads with the cookie alone', async () => {
    const url = await start(CONSOLE)
    const cookie = cookieIn(await signIn(url))
    expect((await ask(url, 'GET', '/galleries/1', cookie)).status).toBe(200)
  })

  it('changes only with the token of the session beside it', async () => {
    const url = await start(CONSOLE)
    const cookie = cookieIn(await signIn(url))
    const order = { store: 0, images: [] }
    expect((await ask(url, 'PUT', '/galleries/1/order', cookie, order)).status).toBe(403)
    const { csrfToken } = (await (await ask(url, 'GET', '/session', cookie)).json()) as { csrfToken: string }
    const withToken = { ...cookie, 'x-csrf-token': csrfToken }
    expect((await ask(url, 'PUT', '/galleries/1/order', withToken, order)).status).toBe(204)
  })

  it('is out after signing out', async () => {
    const url = await start(CONSOLE)
    const cookie = cookieIn(await signIn(url))
    const { csrfToken } = (await (await ask(url, 'GET', '/session', cookie)).json()) as { csrfToken: string }
    const out = await ask(url, 'DELETE', '/session', { ...cookie, 'x-csrf-token': csrfToken })
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')])
    expect((await ask(url, 'GET', '/galleries/1', cookie)).status).toBe(401)
  })

  it('is out once the role no longer allows everything', async () => {
    const url = await start(CONSOLE)
    const cookie = cookieIn(await signIn(url))
    await server?.storage.database.query({ name: 'revoke', text: 'UPDATE api_user SET role_id = 2' })
    expect((await ask(url, 'GET', '/galleries/1', cookie)).status).toBe(401)
  })

  it('is out once the session has lain unused for too long', async () => {
    const url = await start({ ...CONSOLE, KEEPSAKE_SESSION_LIFETIME: '60' })
    const cookie = cookieIn(await signIn(url))
    await server?.storage.database.query({
      name: 'age',
      text: "UPDATE api_session SET seen_at = seen_at - interval '61 seconds'",
    })
    expect((await ask(url, 'GET', '/galleries/1', cookie)).status).toBe(401)
  })

  it('is nobody by the session id of an API client, nor a client by the cookie', async () => {
    const url = await start(CONSOLE)
    const { session } = await login(url)
    expect((await ask(url, 'GET', '/galleries/1', { cookie: `keepsake_console=${session}` })).status).toBe(
      401,
    )
  })

  describe('who follows the journal of a test double', () => {
    const TOKEN = { authorization: 'Bearer sesame-sesame-sesame' }
    let url: string
    let cookie: { readonly cookie: string }
    let heard: string
    let isOver: Promise<void>

    beforeEach(async () => {
      url = await start({ ...DOUBLE, KEEPSAKE_CONTROL_TOKEN: 'sesame-sesame-sesame' })
      cookie = cookieIn(await signIn(url))
      heard = ''
      const stream = await ask(url, 'GET', '/journal/stream', cookie)
      const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
      const isHeard = (text: string) => heard.includes(text)
      const readUntil = async (text: string | null) => {
        while (text === null || !isHeard(text)) {
          const { value, done } = (await reader?.read()) ?? { done: true }
          if (done) return
          heard += value
        }
      }
      await fetch(`${url}/before`)
      await readUntil('/before')
      isOver = readUntil(null)
    })

    const change = (body: object) => ask(url, 'PUT', `/users/${OPERATOR.username}`, TOKEN, body)

    it.each([
      ['the key is another', () => change({ key: 'other' })],
      ['the role is another', () => change({ role: 'reading' })],
      ['the role no longer allows everything', () => change({ resources: ['catalog'] })],
      ['the user is disabled', () => change({ active: false })],
      [
        'the session is signed out of',
        async () => {
          const { csrfToken } = (await (await ask(url, 'GET', '/session', cookie)).json()) as {
            csrfToken: string
          }
          return ask(url, 'DELETE', '/session', { ...cookie, 'x-csrf-token': csrfToken })
        },
      ],
    ])('hears nothing more once %s', async (_what, end) => {
      expect((await end()).status).toBeLessThan(300)
      await fetch(`${url}/behind`)
      await isOver
      expect(heard).not.toContain('/behind')
    })

    it('is cut off although nothing comes', async () => {
      await change({ active: false })
      await isOver
      expect(heard).not.toContain('users')
    })

    it('gets no answer to what he waited for', async () => {
      const { csrfToken } = (await (await ask(url, 'GET', '/session', cookie)).json()) as {
        csrfToken: string
      }
      const wanted = { match: { protocol: 'other' }, count: 2 }
      const waiting = ask(url, 'POST', '/journal/await', { ...cookie, 'x-csrf-token': csrfToken }, wanted)
      await change({ active: false })
      await fetch(`${url}/behind`)
      const answer = await waiting
      expect([answer.status, await answer.json()]).toEqual([
        401,
        { error: expect.stringMatching(/is no longer signed in$/) },
      ])
    })
  })

  it('may sign in to a test double that has a token', async () => {
    const url = await start({ ...DOUBLE, KEEPSAKE_CONTROL_TOKEN: 'open-sesame-please' })
    expect((await ask(url, 'GET', '/clock', {})).status).toBe(401)
    expect((await ask(url, 'GET', '/clock', cookieIn(await signIn(url)))).status).toBe(200)
  })

  it('need not sign in to one that is open', async () => {
    const url = await start(DOUBLE)
    const answer = await ask(url, 'GET', '/session', {})
    expect(await answer.json()).toEqual({ user: null, csrfToken: null, double: true })
  })
})
