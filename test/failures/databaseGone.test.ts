import { setTimeout as pause } from 'node:timers/promises'
import { keepsake } from '../support/cli'
import { send } from '../support/http'
import { temporaryDirectory } from '../support/server'
import type { SoapFault } from '../support/soap'
import { ALL_ANSWERED, INTERNAL_ERRORS, listedInEveryProtocol } from './support/everyProtocol'
import { eventually, type FailingShop, failingShop, isReady, newImage } from './support/failingShop'
import { A_POSTGRESQL_OF_ITS_OWN, describeWith } from './support/needs'
import { type OwnPostgres, ownPostgres, PASSWORD } from './support/ownPostgres'

const CLIENTS = 6
const QUIET_MS = 3100
const INTERNAL: SoapFault = { code: '1', message: 'Internal Error. Please see log for details.' }

describeWith(A_POSTGRESQL_OF_ITS_OWN, 'a server whose PostgreSQL goes and comes back', () => {
  let postgres: OwnPostgres
  let shop: FailingShop

  beforeAll(async () => {
    postgres = await ownPostgres()
    shop = await failingShop({ DATABASE_URL: postgres.url })
  })

  afterAll(async () => {
    await shop?.stop()
    await postgres?.remove()
  })

  test('answers fault 1 in the midst of a load, then goes on by itself, and has lost nothing acknowledged', async () => {
    const { server, client } = shop
    const data = await newImage()
    const created: string[] = []
    const faults: SoapFault[] = []
    let isOver = false
    const work = async () => {
      while (!isOver) {
        const fault = await client.fault('product_media.create', 'Sku', data)
        if (fault) faults.push(fault)
        else created.push('')
      }
    }
    const load = Promise.all(Array.from({ length: CLIENTS }, work))
    await eventually(() => created.length > 20)
    await postgres.stopAtOnce()
    await eventually(() => faults.length > 20)
    await postgres.start()
    const before = created.length
    await eventually(() => created.length > before + 20)
    isOver = true
    await load
    // The log tells the end of an outage at the first success that comes 3 s after the last failure.
    await pause(QUIET_MS)

    for (const fault of faults) expect(fault).toEqual(INTERNAL)
    const images = (await client.call('product_media.list', 'Sku')) as readonly { file: string }[]
    expect(images.length).toBeGreaterThanOrEqual(created.length)
    for (const { file } of images) {
      expect((await send(server.url, { path: `/media/catalog/product${file}` })).status).toBe(200)
    }
  })

  test('says while it is gone that it is not ready, and nothing of why, in every protocol', async () => {
    const { server, client } = shop
    const file = String(await client.call('product_media.create', 'Sku', await newImage()))
    await postgres.stopAtOnce()
    expect(await listedInEveryProtocol(server.url, client.session)).toEqual(INTERNAL_ERRORS)
    const image = await send(server.url, { path: `/media/catalog/product${file}` })
    expect([image.status, image.text]).toEqual([500, 'Internal error\n'])
    await eventually(async () => !(await isReady(server.url)))
    const ready = await send(server.url, { path: '/readyz' })
    expect([ready.status, JSON.parse(ready.text)]).toEqual([
      503,
      { status: 'failed', database: 'failed', images: 'ok' },
    ])
    expect((await send(server.url, { path: '/healthz' })).status).toBe(200)

    await postgres.start()
    await eventually(() => isReady(server.url))
    expect(await listedInEveryProtocol(server.url, client.session)).toEqual(ALL_ANSWERED)
    expect((await send(server.url, { path: `/media/catalog/product${file}` })).status).toBe(200)
  })

  test('does not notice a restart between two calls', async () => {
    const { server, client } = shop
    await Promise.all(Array.from({ length: CLIENTS }, () => client.call('product_media.list', 'Sku')))
    await postgres.stopAtOnce()
    await postgres.start()
    expect(await listedInEveryProtocol(server.url, client.session)).toEqual(ALL_ANSWERED)
    await client.call('product_media.create', 'Sku', await newImage())
  })

  test('stops cleanly while it is gone, and has written no password to its log', async () => {
    await postgres.stopAtOnce()
    await shop.client.fault('product_media.list', 'Sku')
    const { code, stderr } = await shop.server.stop('SIGTERM')
    expect(code).toBe(0)
    const lines: readonly Record<string, unknown>[] = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const told = lines.filter(({ outage }) => outage === 'database')
    // Each outage that is over has its two lines, in turn; the last has begun.
    expect(told.length % 2).toBe(1)
    for (const [index, line] of told.entries()) {
      expect(line).toMatchObject(
        index % 2 === 0 ? { level: 50 } : { level: 30, failedCalls: expect.any(Number) },
      )
    }
    expect(told.some(({ failedCalls }) => Number(failedCalls) > 20)).toBe(true)
    expect(lines.filter(({ level, outage }) => level === 50 && outage === undefined)).toEqual([])
    expect(stderr).toMatch(/ECONN(?:REFUSED|RESET)|terminat/)
    expect(stderr).not.toContain(PASSWORD)
  })

  test('cannot be started while it is gone: one line says so, without the password', async () => {
    const { directory, remove } = await temporaryDirectory()
    const environment = { DATABASE_URL: postgres.url, KEEPSAKE_DATA_DIR: directory }
    expect(await keepsake(['start', '--port', '0'], environment)).toEqual({
      code: 1,
      stdout: '',
      stderr: `keepsake: the database cannot be reached: connect ECONNREFUSED 127.0.0.1:${postgres.port}\n`,
    })
    await remove()
  })
})
