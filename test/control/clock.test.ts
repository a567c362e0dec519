import { control, DOUBLE } from '../support/control'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { login } from '../support/soap'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ seed: SMALL_SHOP, environment: DOUBLE })
})

afterEach(() => control(server.url, 'DELETE', '/clock'))
afterAll(() => server.stop())

describe('the clock of a test double', () => {
  it('moves forward, and sessions expire by it', async () => {
    const client = await login(server.url)
    await control(server.url, 'PUT', '/clock', { advanceSeconds: 3601 })
    expect(await client.fault('product_media.list', 'Sku')).toEqual({
      code: '5',
      message: 'Session expired. Try to relogin.',
    })
  })

  it('stands still when it is fixed', async () => {
    await control(server.url, 'PUT', '/clock', { now: '2015-06-01T12:00:00Z', fixed: true })
    expect(await control(server.url, 'GET', '/clock')).toEqual({
      now: '2015-06-01T12:00:00.000Z',
      fixed: true,
    })
  })

  it('takes a time or a distance, not both', async () => {
    const both = { now: '2015-06-01T12:00:00Z', advanceSeconds: 1 }
    await expect(control(server.url, 'PUT', '/clock', both)).rejects.toThrow(
      '400 {"error":"body: now or advanceSeconds, not both"}',
    )
  })
})
