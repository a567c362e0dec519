import { control, DOUBLE } from '../support/control'
import { send } from '../support/http'
import { startTestServer, type TestServer } from '../support/server'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ environment: DOUBLE })
})

afterAll(() => server.stop())

const statusOf = async (path: string, method = 'GET') => (await send(server.url, { path, method })).status

/** Paths that are answered; a proxy that keeps one of them from strangers compares it letter by letter. */
const ANSWERED = [
  '/console/',
  '/console',
  '/_keepsake/session',
  '/_keepsake/openapi.json',
  '/healthz',
  '/readyz',
  '/api/soap/?wsdl',
  '/api/v2_soap/?wsdl',
  '/api/rest/openapi.json',
  '/api/rest/docs/',
  '/oauth/authorize',
  '/admin/oauth_authorize',
]

describe('the letters of a path are compared as they are', () => {
  it.each(ANSWERED)('%s is answered, and not in capitals', async (path) => {
    const [inSmall = '', query = ''] = path.split(/(?=\?)/)
    expect(await statusOf(path)).not.toBe(404)
    expect(await statusOf(inSmall.toUpperCase() + query)).toBe(404)
  })

  it('so it is for each path of the control API, below its own and within it', async () => {
    const { paths } = (await control(server.url, 'GET', '/openapi.json')) as {
      paths: Record<string, Record<string, unknown>>
    }
    const asked = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => ({ method: method.toUpperCase(), path })),
    )
    expect(asked.length).toBeGreaterThan(20)
    for (const { method, path } of asked) {
      const one = path.replace(/\{\w+\}/g, '1')
      expect(await statusOf(`/_KEEPSAKE${one}`, method)).toBe(404)
      if (one !== '/') expect(await statusOf(`/_keepsake${one.toUpperCase()}`, method)).toBe(404)
    }
  })

  it.each([
    '//console/',
    '/%63onsole/',
    '/%5Fkeepsake/clock',
    '//_keepsake/clock',
    '/x/../console/',
    '/./console/',
    '/index.php/console/',
    '/console%2F',
  ])('%s is no other way to write the path of an operator', async (path) => {
    expect(await statusOf(path)).toBe(404)
  })
})
