import { readSettings } from '../../src/settings/settings'
import { control, DOUBLE } from '../support/control'
import { send } from '../support/http'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { login } from '../support/soap'

const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({
    seed: SMALL_SHOP,
    environment: {
      ...DOUBLE,
      KEEPSAKE_CONTROL_PORT: '0',
      KEEPSAKE_BASE_URL: 'https://shop.example/old-shop',
    },
  })
})

afterAll(() => server.stop())

const statusAt = async (url: string, path: string, headers: Record<string, string> = {}) =>
  (await send(url, { path, headers })).status

describe('a control API with a port of its own', () => {
  it.each(['/_keepsake/clock', '/_keepsake/session', '/_keepsake/openapi.json', '/console/', '/console'])(
    'has %s there and not at the API',
    async (path) => {
      expect(server.controlUrl).not.toBe(server.url)
      expect(await statusAt(server.url, path)).toBe(404)
      expect(await statusAt(server.controlUrl, path)).toBeLessThan(400)
    },
  )

  it.each(['/api/soap/?wsdl', '/api/rest/products/1/images', '/oauth/initiate'])(
    'leaves %s to the API',
    async (path) => {
      expect(await statusAt(server.controlUrl, path)).toBe(404)
      expect(await statusAt(server.url, path)).not.toBe(404)
    },
  )

  it('takes a page of its own address, and no page of the API’s', async () => {
    const from = (origin: string) => statusAt(server.controlUrl, '/_keepsake/clock', { origin })
    expect(await from(server.controlUrl)).toBe(200)
    expect(await from('https://shop.example')).toBe(403)
    expect(await from(server.url)).toBe(403)
  })

  it('has the images that the console shows', async () => {
    const client = await login(server.url)
    const image = { file: { name: 'shown', mime: 'image/gif', content: GIF } }
    const path = `/media/catalog/product${await client.call('product_media.create', 'Sku', image)}`
    expect(await statusAt(server.controlUrl, path)).toBe(200)
  })

  it('is the control of the API: what a rule says is answered there', async () => {
    const client = await login(server.url)
    await control(server.controlUrl, 'POST', '/rules', {
      when: { method: 'product_media.list' },
      answer: { fault: 104 },
    })
    expect(await client.fault('product_media.list', 'Sku')).toMatchObject({ code: '104' })
  })
})

it('a port for a control API that is not there is refused', () => {
  expect(() => readSettings({}, { KEEPSAKE_CONTROL_PORT: '9465' })).toThrow(
    /^KEEPSAKE_CONTROL_PORT: expected/,
  )
})
