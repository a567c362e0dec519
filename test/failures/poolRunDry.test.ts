import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { Database } from '../../src/store/database/database'
import { sql } from '../support/databases'
import { send } from '../support/http'
import { errorOf, restClient } from '../support/rest'
import { silent } from '../support/server'
import { ALL_ANSWERED, listedInEveryProtocol, TURNED_AWAY } from './support/everyProtocol'
import { eventually, failingShop, newImage } from './support/failingShop'
import { A_POSTGRESQL_OF_ITS_OWN, describeWith } from './support/needs'
import { type OwnPostgres, ownPostgres } from './support/ownPostgres'

const QUEUE = 3
const CALLS = 12

describeWith(A_POSTGRESQL_OF_ITS_OWN, 'a server whose pool has run dry', () => {
  let postgres: OwnPostgres
  let other: Client

  beforeAll(async () => {
    postgres = await ownPostgres()
    other = new Client({ connectionString: postgres.url })
    await other.connect()
  })

  afterAll(async () => {
    await other?.end()
    await postgres?.remove()
  })

  /** Every change of the product waits, until `work` is done. */
  async function whileLocked(work: () => Promise<void>): Promise<void> {
    await other.query('BEGIN')
    await other.query("SELECT 1 FROM catalog_product_entity WHERE sku = 'Sku' FOR UPDATE")
    try {
      await work()
    } finally {
      await other.query('ROLLBACK')
    }
  }

  const settings = () => ({ DATABASE_URL: postgres.url, KEEPSAKE_POOL_SIZE: '1', KEEPSAKE_METRICS_PORT: '0' })

  test('lets some wait for a while, turns the others away at once, reads on, and goes on by itself', async () => {
    const shop = await failingShop({
      ...settings(),
      KEEPSAKE_POOL_QUEUE: String(QUEUE),
      KEEPSAKE_STATEMENT_TIMEOUT: '3',
      KEEPSAKE_CONNECT_TIMEOUT: '1',
    })
    const { server, client } = shop
    const rest = restClient(server.url, 'admin')
    const data = await newImage()
    await whileLocked(async () => {
      const creates = Array.from({ length: CALLS }, () => client.fault('product_media.create', 'Sku', data))
      const turnedAway = await rest.send('POST', '/products/1/images', { body: restImage(data) })
      expect(errorOf(turnedAway)).toBe(TURNED_AWAY.REST)
      expect(turnedAway.headers['retry-after']).toBe('5')
      expect(await listedInEveryProtocol(server.url, client.session)).toEqual(ALL_ANSWERED)
      for (const fault of await Promise.all(creates)) expect(fault?.code).toBe('1')
    })
    await Promise.all(Array.from({ length: QUEUE }, () => client.call('product_media.create', 'Sku', data)))
    expect(await client.call('product_media.list', 'Sku')).toHaveLength(QUEUE)
    const { stderr } = await shop.stop()
    // The one that had the connection has waited for the lock too long, which is another failure.
    expect(stderr.match(/"shed":"database"/g)).toHaveLength(CALLS)
    expect(stderr.match(/canceling statement due to statement timeout/g)).not.toBeNull()
  })

  test('turns away what is too much to do at once, in every protocol, and still says that it lives', async () => {
    const shop = await failingShop({ ...settings(), KEEPSAKE_MAX_REQUESTS: '1' })
    const { server, client } = shop
    const file = String(await client.call('product_media.create', 'Sku', await newImage()))
    const media = () => send(server.url, { path: `/media/catalog/product${file}` })
    const data = await newImage()
    await whileLocked(async () => {
      const create = client.fault('product_media.create', 'Sku', data)
      await eventually(async () => (await media()).status === 503)
      expect(await listedInEveryProtocol(server.url, client.session)).toEqual(TURNED_AWAY)
      expect((await media()).headers['retry-after']).toBe('5')
      expect((await send(server.url, { path: '/readyz' })).status).toBe(200)
      expect((await send(server.url, { path: '/healthz' })).status).toBe(200)
      await other.query('ROLLBACK')
      expect(await create).toBeNull()
    })
    expect(await listedInEveryProtocol(server.url, client.session)).not.toEqual(TURNED_AWAY)
    expect((await media()).status).toBe(200)
    await shop.stop()
  })

  test('gives up a transaction that stands still, with its locks', async () => {
    const patience = { statement: 1, connection: 1, queue: 1 }
    const connection = { connectionString: postgres.url }
    const database = new Database({ connection, poolSize: 1, sharedSession: false, patience }, silent)
    const stoodStill = database.transaction(async (rows) => {
      await rows.query(sql("SELECT 1 FROM catalog_product_entity WHERE sku = 'Sku' FOR UPDATE"))
      await pause(3000)
      await rows.query(sql('SELECT 1'))
    })
    const outcome = stoodStill.then(
      () => 'committed',
      () => 'given up',
    )
    await whileLocked(async () => undefined)
    expect(await outcome).toBe('given up')
    expect(await database.query(sql('SELECT 1 AS one'))).toEqual([{ one: 1 }])
    await database.close()
  })
})

function restImage(data: unknown): string {
  const { file } = data as { file: { mime: string; content: string } }
  return JSON.stringify({ file_mime_type: file.mime, file_content: file.content })
}
