import { keepsake } from '../support/cli'
import { send } from '../support/http'
import { ALL_ANSWERED, INTERNAL_ERRORS, listedInEveryProtocol } from './support/everyProtocol'
import { eventually, type FailingShop, failingShop, isReady, newImage } from './support/failingShop'
import { A_POSTGRESQL_OF_ITS_OWN, describeWith } from './support/needs'
import { type OwnPostgres, ownPostgres } from './support/ownPostgres'
import { type StallingProxy, stallingProxy } from './support/stallingProxy'

const POOL_SIZE = 4
/** The pool, and the connection that reads share. */
const MOST_CONNECTIONS = POOL_SIZE + 1
const STALLS = 3
const CALLS = 20

describeWith(A_POSTGRESQL_OF_ITS_OWN, 'a server whose database does not answer for a while', () => {
  let postgres: OwnPostgres
  let proxy: StallingProxy
  let shop: FailingShop

  beforeAll(async () => {
    postgres = await ownPostgres()
    proxy = await stallingProxy(postgres.port)
    shop = await failingShop(environment())
  })

  afterAll(async () => {
    await proxy?.stop()
    await postgres?.remove()
  })

  const environment = () => ({
    DATABASE_URL: postgres.url.replace(String(postgres.port), String(proxy.port)),
    KEEPSAKE_POOL_SIZE: String(POOL_SIZE),
    KEEPSAKE_STATEMENT_TIMEOUT: '2',
    KEEPSAKE_CONNECT_TIMEOUT: '2',
  })

  test('answers fault 1 before the database has answered, again and again, and then goes on by itself', async () => {
    const { server, client } = shop
    for (let stall = 0; stall < STALLS; stall++) {
      const data = await newImage(stall)
      proxy.stall()
      const creates = Array.from({ length: CALLS }, () => client.fault('product_media.create', 'Sku', data))
      expect(await listedInEveryProtocol(server.url, client.session)).toEqual(INTERNAL_ERRORS)
      for (const fault of await Promise.all(creates)) expect(fault?.code).toBe('1')
      proxy.goOn()
      await eventually(() => isReady(server.url))
      expect(await listedInEveryProtocol(server.url, client.session)).toEqual(ALL_ANSWERED)
      await client.call('product_media.create', 'Sku', data)
      expect(proxy.open()).toBeLessThanOrEqual(MOST_CONNECTIONS)
    }
  }, 120_000)

  test('goes on with what needs no database, and says that it is not ready', async () => {
    const { url } = shop.server
    proxy.stall()
    expect((await send(url, { path: '/healthz' })).status).toBe(200)
    expect((await send(url, { path: '/api/soap/?wsdl' })).status).toBe(200)
    await eventually(async () => !(await isReady(url)))
    const ready = await send(url, { path: '/readyz' })
    expect([ready.status, JSON.parse(ready.text).database]).toEqual([503, 'failed'])
    proxy.goOn()
    await eventually(() => isReady(url))
  })

  test('cannot be started meanwhile: one line says so', async () => {
    proxy.stall()
    expect(await keepsake(['start', '--port', '0'], environment())).toEqual({
      code: 1,
      stdout: '',
      stderr: 'keepsake: the database cannot be reached: timeout expired\n',
    })
    proxy.goOn()
    await eventually(() => isReady(shop.server.url))
  })

  test('stops cleanly even then', async () => {
    proxy.stall()
    const answer = shop.client.fault('product_media.create', 'Sku', await newImage())
    // That takes a while, in which the create has reached the server as well.
    await eventually(async () => !(await isReady(shop.server.url)))
    const stopped = shop.stop()
    expect((await answer)?.code).toBe('1')
    expect((await stopped).code).toBe(0)
  })
})
