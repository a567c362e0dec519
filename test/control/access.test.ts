import os from 'node:os'
import { control, DOUBLE } from '../support/control'
import { send } from '../support/http'
import { memoryLog } from '../support/memoryLog'
import { startTestServer, type TestServer } from '../support/server'

let server: TestServer | undefined

afterEach(async () => {
  await server?.stop()
  server = undefined
})

const statusOf = async (headers: Record<string, string>) =>
  (await fetch(`${server?.url}/_keepsake/clock`, { headers })).status

describe('the control API', () => {
  it('is not there on a server that is no test double', async () => {
    server = await startTestServer()
    expect(await statusOf({})).toBe(404)
  })

  it('is for those who know the token, where there is one', async () => {
    server = await startTestServer({
      environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_CONTROL_TOKEN: 'open-sesame-please' },
    })
    expect(await statusOf({})).toBe(401)
    expect(await statusOf({ authorization: 'Bearer open-sesame-pleas' })).toBe(401)
    expect(await statusOf({ authorization: 'Bearer open-sesame-please' })).toBe(200)
  })

  it('is not for pages of other sites', async () => {
    server = await startTestServer({ environment: DOUBLE })
    expect(await statusOf({ origin: 'https://shop.example' })).toBe(403)
    expect(await statusOf({ origin: server.url })).toBe(200)
  })

  it('describes itself by OpenAPI', async () => {
    server = await startTestServer({ environment: DOUBLE })
    expect(await control(server.url, 'GET', '/openapi.json')).toMatchObject({
      openapi: '3.1.0',
      paths: { '/clock': { get: { summary: 'What time it is' } } },
    })
  })
})

describe('the control API of an open double', () => {
  let open: TestServer

  beforeAll(async () => {
    open = await startTestServer({
      environment: {
        ...DOUBLE,
        KEEPSAKE_BASE_URL: 'http://double.shop.example',
        KEEPSAKE_DOUBLE_HOSTS: 'keepsake, double.internal',
      },
    })
  })

  afterAll(() => open.stop())

  it.each([
    ['cross-site', 403],
    ['same-site', 403],
    ['same-origin', 200],
    ['none', 200],
  ])(
    'is not for pages of other sites that name no origin: Sec-Fetch-Site %s is answered %i',
    async (site, status) => {
      const headers = { 'sec-fetch-site': site, 'content-type': 'application/json' }
      const answer = await send(open.url, { method: 'POST', path: '/_keepsake/reset', headers })
      expect(answer.status < 300 ? 200 : answer.status).toBe(status)
    },
  )

  it.each([
    ['localhost:8080', 200],
    ['shop.localhost', 200],
    ['[::1]:8080', 200],
    ['192.0.2.1', 200],
    [os.hostname().toUpperCase(), 200],
    ['double.shop.example', 200],
    ['Keepsake:8080', 200],
    ['double.internal', 200],
    ['intranet', 403],
    ['intranet:8080', 403],
    ['rebound.example', 403],
    ['localhost.example', 403],
  ])('is open under an address or a name that no stranger has: %s is answered %i', async (host, status) => {
    const answer = await send(open.url, { path: '/_keepsake/clock', headers: { host } })
    expect(answer.status).toBe(status)
    if (status === 403) expect(answer.text).toContain('KEEPSAKE_DOUBLE_HOSTS')
  })

  it('is used by a page to which a redirect leads that believes no Host', async () => {
    const answer = await send(open.url, { path: '/console', headers: { host: 'elsewhere.example' } })
    expect([answer.status, answer.headers.location]).toEqual([302, './console/'])
    expect(answer.text).not.toContain('elsewhere.example')
  })
})

describe('guesses at the control token', () => {
  const TOKEN = 'open-sesame-please'
  const logged = memoryLog()

  beforeEach(async () => {
    server = await startTestServer({
      environment: {
        KEEPSAKE_MEMORY: 'true',
        KEEPSAKE_CONTROL_TOKEN: TOKEN,
        KEEPSAKE_TRUSTED_PROXIES: 'loopback',
        KEEPSAKE_LOGIN_FAILURES_PER_ADDRESS: '3',
      },
      log: logged.log,
    })
  })

  async function guess(token: string, address?: string) {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(address !== undefined && { 'x-forwarded-for': address }),
    }
    const {
      status,
      text,
      headers: answered,
    } = await send(server?.url ?? '', {
      path: '/_keepsake/clock',
      headers,
    })
    const lines = await logged.ofRequest(String(answered['x-request-id']))
    const { denied, from } = lines.find((line) => 'ms' in line) ?? {}
    return { status, text, denied, from }
  }

  it('block their address, which is then denied the right one too, in the same words', async () => {
    const first = await guess('a', '192.0.2.1')
    await guess('b', '192.0.2.1')
    await guess('c', '192.0.2.1')
    const blocked = await guess(TOKEN, '192.0.2.1')
    expect(first).toMatchObject({ status: 401, denied: 'wrong control token', from: '192.0.2.1' })
    expect(blocked).toMatchObject({
      status: 401,
      denied: 'too many failures from the address',
      text: first.text,
    })
    expect(await guess(TOKEN, '192.0.2.2')).toMatchObject({ status: 200 })
  })

  it('are counted with the failed logins of their address', async () => {
    for (const number of [1, 2, 3])
      await send(server?.url ?? '', {
        method: 'POST',
        path: '/_keepsake/session',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.1' },
        body: JSON.stringify({ username: `nobody${number}`, apiKey: 'key' }),
      })
    expect(await guess(TOKEN, '192.0.2.1')).toMatchObject({ status: 401 })
  })

  it('block nobody on the machine itself', async () => {
    for (const token of ['a', 'b', 'c', 'd']) await guess(token)
    expect(await guess(TOKEN)).toMatchObject({ status: 200 })
  })

  it('are not in the log', async () => {
    await guess('guessed-by-somebody', '192.0.2.1')
    expect(logged.text()).not.toContain('guessed-by-somebody')
  })
})
