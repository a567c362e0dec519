import http from 'node:http'
import { send } from '../support/http'
import { picture } from '../support/pictures'
import { shopOf } from '../support/seed'
import { startTestServer, type TestServer, temporaryDatabase, temporaryDirectory } from '../support/server'
import { callEnvelope, ENDPOINT, element, login, returned } from '../support/soap'

const CREATES = 200
const CONNECTIONS = 24
const PRODUCTS = 10

const serverUrl = process.env.TEST_DATABASE_URL

describe('on the embedded database', () => cases(null))

if (serverUrl) describe('on PostgreSQL', () => cases(serverUrl))
else
  test('on PostgreSQL: not run, TEST_DATABASE_URL is not set', () => {
    expect(process.env.KEEPSAKE_REQUIRE_ALL).not.toBe('1')
  })

function cases(databaseServer: string | null): void {
  let server: TestServer
  const closers: (() => Promise<void>)[] = []

  beforeAll(async () => {
    const { directory, remove } = await temporaryDirectory()
    const database = databaseServer === null ? null : await temporaryDatabase(databaseServer)
    const environment = {
      KEEPSAKE_DATA_DIR: directory,
      ...(database && { DATABASE_URL: database.url }),
    }
    server = await startTestServer({ seed: shopOf(PRODUCTS), environment })
    closers.push(() => server.stop(), ...(database ? [database.drop] : []), remove)
  })

  afterAll(async () => {
    for (const close of closers) await close()
  })

  test(`${CREATES} creates of one name at once over SOAP give ${CREATES} names without a gap, each with its own bytes`, async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS })
    const { session } = await login(server.url)
    const pictures = await Promise.all(Array.from({ length: CREATES }, (_, shade) => picture('jpeg', shade)))
    const files = await Promise.all(
      pictures.map(async (bytes, index) => {
        const file = { name: 'image', mime: 'image/jpeg', content: bytes.toString('base64') }
        const args = element('args', [`p${(index % PRODUCTS) + 1}`, { file }])
        const body = callEnvelope(session, 'product_media.create', args)
        return String(returned(await send(server.url, { method: 'POST', path: ENDPOINT, body, agent })))
      }),
    )
    agent.destroy()
    const expected = Array.from(
      { length: CREATES },
      (_, index) => `/i/m/image${index ? `_${index}` : ''}.jpg`,
    )
    expect([...files].sort()).toEqual([...expected].sort())
    for (const [index, file] of files.entries()) {
      const { body } = await send(server.url, { path: `/media/catalog/product${file}` })
      expect(body.equals(pictures[index] as Buffer)).toBe(true)
    }
  })
}
