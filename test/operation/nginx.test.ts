import { setMaxListeners } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { packageRoot } from '../../src/packageRoot'
import { describeWithCommand } from '../interop/support/command'
import { DOUBLE } from '../support/control'
import { send } from '../support/http'
import { memoryLog } from '../support/memoryLog'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { faultOf, loginEnvelope, returned } from '../support/soap'
import { HOST, type Nginx, startNginx } from './support/nginx'

const logged = memoryLog()
let server: TestServer

beforeAll(async () => {
  server = await startTestServer({
    seed: SMALL_SHOP,
    environment: {
      ...DOUBLE,
      KEEPSAKE_TRUSTED_PROXIES: '127.0.0.1',
      KEEPSAKE_LOGIN_FAILURES_PER_ADDRESS: '5',
      KEEPSAKE_BODY_LIMIT: '1MB',
    },
    log: logged.log,
  })
})

afterAll(() => server.stop())

const SOAP = { method: 'POST', path: '/api/soap/' } as const

describeWithCommand(
  'nginx',
  'nginx, as examples/nginx.conf has it',
  () => {
    let nginx: Nginx

    beforeAll(async () => {
      nginx = await startNginx(server.url)
    })

    afterAll(() => nginx?.stop())

    async function logIn(
      client: string,
      username: string,
      apiKey: string,
      headers: Record<string, string> = {},
    ) {
      const body = loginEnvelope({ username, apiKey })
      const answer = await nginx.ask(client, {
        ...SOAP,
        headers: { 'content-type': 'text/xml', ...headers },
        body,
      })
      const lines = await logged.ofRequest(String(answer.headers['x-request-id']))
      const { denied, from } = lines.find((line) => 'ms' in line) ?? {}
      return { answer, denied, from }
    }

    it('counts guesses for the address of the client, whatever address it claims', async () => {
      for (const number of [1, 2, 3, 4, 5, 6]) {
        const claimed = `198.51.100.${number}`
        const headers = { 'x-forwarded-for': claimed, 'x-real-ip': claimed, forwarded: `for=${claimed}` }
        expect((await logIn('203.0.113.7', `nobody${number}`, 'key', headers)).from).toBe('203.0.113.7')
      }
      expect((await logIn('203.0.113.7', 'apiUser', 'apiKey123')).denied).toBe(
        'too many failures from the address',
      )
      expect(returned((await logIn('203.0.113.8', 'apiUser', 'apiKey123')).answer)).toMatch(/^[0-9a-f]{32}$/)
    })

    it.each([
      {},
      { 'x-forwarded-proto': 'http', 'x-forwarded-host': 'claimed.example' },
      { 'x-forwarded-for': '127.0.0.1, 127.0.0.1', 'x-forwarded-host': 'claimed.example, claimed.example' },
    ])('tells Keepsake the URL that the client asked, whatever it claims: %j', async (headers) => {
      const { text } = await nginx.ask('203.0.113.9', { path: '/api/soap/?wsdl', headers })
      expect(/<soap:address location="([^"]*)"/.exec(text)?.[1]).toBe(`https://${HOST}/api/soap/`)
    })

    it.each([
      '/_keepsake/clock',
      '/_keepsake',
      '/_KEEPSAKE/clock',
      '/console/',
      '/console',
      '/Console/',
      '//console/',
      '/%5fkeepsake/clock',
      '/media/../_keepsake/clock',
      '/media/%2e%2e/_keepsake/clock',
    ])('lets nobody through to %s', async (asked) => {
      const answer = await nginx.ask('203.0.113.10', { path: asked })
      expect(answer.status).toBe(404)
      // Keepsake would have given it an id.
      expect(answer.headers).not.toHaveProperty('x-request-id')
    })

    it('has in Keepsake what it keeps to itself', async () => {
      expect((await send(server.url, { path: '/_keepsake/clock' })).status).toBe(200)
      expect((await send(server.url, { path: '/console/' })).status).not.toBe(500)
    })

    it('tells browsers to come back by TLS alone', async () => {
      const { headers } = await nginx.ask('203.0.113.11', { path: '/healthz' })
      expect(headers['strict-transport-security']).toBe('max-age=31536000')
    })

    it('without TLS redirects who looks, and refuses who calls', async () => {
      const headers = { host: HOST }
      const looked = await send(nginx.plainUrl, { path: '/api/soap/?wsdl', headers })
      expect([looked.status, looked.headers.location]).toEqual([301, `https://${HOST}/api/soap/?wsdl`])
      const called = await send(nginx.plainUrl, { ...SOAP, headers, body: loginEnvelope() })
      expect(called.status).toBe(403)
    })

    it('leaves it to Keepsake to refuse a body in the caller’s protocol, and takes none without end', async () => {
      const body = loginEnvelope({ username: 'x'.repeat(2 * 1024 ** 2), apiKey: 'key' })
      const large = await nginx.ask('203.0.113.12', {
        ...SOAP,
        headers: { 'content-type': 'text/xml' },
        body,
      })
      expect(faultOf(large)).not.toBeNull()
      const headers = { 'content-length': String(129 * 1024 ** 2) }
      expect((await nginx.ask('203.0.113.12', { ...SOAP, headers })).status).toBe(413)
    })

    it('lets an address have 50 requests under way, and others go on', async () => {
      const over = new AbortController()
      const { signal } = over
      setMaxListeners(0, signal)
      const waiting = { method: 'POST', path: '/media/x', headers: { 'content-length': '10' }, signal }
      const asked = Array.from({ length: 51 }, () => nginx.ask('203.0.113.13', waiting))
      expect((await Promise.race(asked)).status).toBe(429)
      expect((await nginx.ask('203.0.113.14', { path: '/healthz' })).status).toBe(200)
      over.abort()
      const ends = await Promise.allSettled(asked)
      expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    })

    it('lets 40 calls of an address wait for their turn and refuses more, and others go on', async () => {
      // Slower than the file says, so that no machine is too slow to reach it.
      const slow = await startNginx(server.url, { 'rate=50r/s': 'rate=1r/m' })
      const over = new AbortController()
      const { signal } = over
      setMaxListeners(0, signal)
      try {
        const asked = Array.from({ length: 50 }, () => slow.ask('203.0.113.15', { path: '/healthz', signal }))
        const answered: number[] = []
        const tenAnswers = new Promise<void>((resolve) => {
          const count = (status: number) => answered.push(status) === 10 && resolve()
          for (const each of asked)
            each.then(
              ({ status }) => count(status),
              () => count(0),
            )
        })
        await tenAnswers
        expect(answered.sort()).toEqual([200, ...Array(9).fill(429)])
        expect((await slow.ask('203.0.113.16', { path: '/healthz' })).status).toBe(200)
        over.abort()
        await Promise.allSettled(asked)
      } finally {
        over.abort()
        await slow.stop()
      }
    })
  },
  '-v',
)

it('docker-compose.yml trusts the address of its nginx and no other', () => {
  const compose = readFileSync(path.join(packageRoot, 'docker-compose.yml'), 'utf8')
  const [, trusted] = /KEEPSAKE_TRUSTED_PROXIES: (\S+)/.exec(compose) ?? []
  const [, proxy = ''] = /\n {2}cluster-proxy:\n((?: {4}.*\n)+)/.exec(compose) ?? []
  const [, own] = /ipv4_address: (\S+)/.exec(proxy) ?? []
  expect(own).toMatch(/^[0-9.]+$/)
  expect(trusted).toBe(own)
  expect(compose.match(/ipv4_address/g)).toHaveLength(1)
})
