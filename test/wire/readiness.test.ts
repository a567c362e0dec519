import { serve } from '../../src/server/serve'
import { openStorage, type Storage } from '../../src/server/storage'
import { readSettings } from '../../src/settings/settings'
import { applySeed, parseSeed } from '../../src/store/shop/seed'
import { sql } from '../support/databases'
import { send } from '../support/http'
import { SMALL_SHOP } from '../support/seed'
import { silent } from '../support/server'
import { login } from '../support/soap'

const settings = readSettings({}, { KEEPSAKE_PORT: '0', KEEPSAKE_MEMORY: 'true' })

let storage: Storage

beforeAll(async () => {
  storage = await openStorage(settings, silent, () => {})
  await applySeed(storage.database, parseSeed(SMALL_SHOP), storage.secretBox)
})

afterAll(() => storage.close())

async function served() {
  const server = await serve(storage, settings, silent)
  const url = `http://127.0.0.1:${server.port}`
  const ready = async () => {
    const { status, text } = await send(url, { path: '/readyz' })
    return { status, ...JSON.parse(text) }
  }
  return { server, url, ready }
}

const proofs = () =>
  storage.database.query<{ proven_at: Date }>(sql('SELECT proven_at FROM server_readiness'))

it('/readyz writes in the database, not at every probe', async () => {
  const { server, ready } = await served()
  expect(await proofs()).toEqual([])
  expect(await ready()).toEqual({ status: 'ok', database: 'ok', images: 'ok' })
  const first = await proofs()
  expect(first).toHaveLength(1)
  await ready()
  expect(await proofs()).toEqual(first)
  await server.stop()
})

it('/readyz fails for a database that may only be read', async () => {
  await storage.database.query(sql('SET default_transaction_read_only = on'))
  const { server, ready } = await served()
  expect(await ready()).toEqual({ status: 'failed', database: 'failed', images: 'ok' })
  await server.stop()
  await storage.database.query(sql('SET default_transaction_read_only = off'))
})

it('/readyz fails first when a server is to stop: calls are answered all the same', async () => {
  const { server, url, ready } = await served()
  server.announceStop()
  expect(await ready()).toEqual({ status: 'stopping' })
  expect((await send(url, { path: '/healthz' })).status).toBe(200)
  expect(await (await login(url)).call('product_media.list', 'Sku')).toEqual([])
  await server.stop()
})
