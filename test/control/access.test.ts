import { control, DOUBLE } from '../support/control'
import { send } from '../support/http'
import { startTestServer, type TestServer } from '../support/server'

let server: TestServer | undefined

afterEach(() => server?.stop())

const statusOf = async (headers: Record<string, string>) =>
  (await fetch(`${server?.url}/_keepsake/clock`, { headers })).status

describe('the control API', () => {
  it('is not there on a server that is no test double', async () => {
    server = await startTestServer()
    expect(await statusOf({})).toBe(404)
  })

  it('is for those who know the token, where there is one', async () => {
    server = await startTestServer({
      environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_CONTROL_TOKEN: 'sesame' },
    })
    expect(await statusOf({})).toBe(401)
    expect(await statusOf({ authorization: 'Bearer sesam' })).toBe(401)
    expect(await statusOf({ authorization: 'Bearer sesame' })).toBe(200)
  })

  it('is not for pages of other sites', async () => {
    server = await startTestServer({ environment: DOUBLE })
    expect(await statusOf({ origin: 'https://shop.example' })).toBe(403)
    expect(await statusOf({ origin: server.url })).toBe(200)
  })

  it.each([
    ['localhost:8080', 200],
    ['[::1]:8080', 200],
    ['keepsake:8080', 200],
    ['double.shop.example', 200],
    ['rebound.example', 403],
  ])('is open under an address or a name that no stranger has: %s is answered %i', async (host, status) => {
    const environment = { ...DOUBLE, KEEPSAKE_BASE_URL: 'http://double.shop.example' }
    server = await startTestServer({ environment })
    const answer = await send(server.url, { path: '/_keepsake/clock', headers: { host } })
    expect(answer.status).toBe(status)
  })

  it('describes itself by OpenAPI', async () => {
    server = await startTestServer({ environment: DOUBLE })
    expect(await control(server.url, 'GET', '/openapi.json')).toMatchObject({
      openapi: '3.1.0',
      paths: { '/clock': { get: { summary: 'What time it is' } } },
    })
  })
})
