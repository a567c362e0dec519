import { sql } from '../support/databases'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { element, envelope, login, postSoap, returned, type SoapClient } from '../support/soap'

const EXPIRED = { code: '5', message: 'Session expired. Try to relogin.' }
const LIFETIME = 3600

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ seed: SMALL_SHOP })
})

afterAll(() => server.stop())

/** Makes every session as old as if it had not been used for that long. */
const age = (seconds: number, { storage } = server) =>
  storage.database.query(sql(`UPDATE api_session SET seen_at = seen_at - interval '${seconds} seconds'`))

const listFault = (client: SoapClient) => client.fault('product_media.list', 'Sku')

const endSession = async (session: string) =>
  returned(
    await postSoap(server.url, envelope(`<m:endSession>${element('sessionId', session)}</m:endSession>`)),
  )

describe('a session', () => {
  it('expires when it is not used for its lifetime', async () => {
    const client = await login(server.url)
    await age(LIFETIME + 1)
    expect(await listFault(client)).toEqual(EXPIRED)
  })

  it('stays expired', async () => {
    const client = await login(server.url)
    await age(LIFETIME + 1)
    await listFault(client)
    expect(await listFault(client)).toEqual(EXPIRED)
  })

  it('is renewed by every call', async () => {
    const client = await login(server.url)
    for (let calls = 0; calls < 3; calls++) {
      await age(LIFETIME - 60)
      expect(await listFault(client)).toBeNull()
    }
  })

  it('is renewed by a call that faults', async () => {
    const client = await login(server.url)
    await age(LIFETIME - 60)
    expect(await client.fault('product_media.list', 'nosuch')).toMatchObject({ code: '101' })
    await age(LIFETIME - 60)
    expect(await listFault(client)).toBeNull()
  })

  it('is not renewed by the calls of another', async () => {
    const [used, idle] = [await login(server.url), await login(server.url)]
    await age(LIFETIME - 60)
    await listFault(used)
    await age(LIFETIME - 60)
    expect(await listFault(used)).toBeNull()
    expect(await listFault(idle)).toEqual(EXPIRED)
  })

  it('ends when it is told to, and no other does', async () => {
    const [ended, other] = [await login(server.url), await login(server.url)]
    expect(await endSession(ended.session)).toBe(true)
    expect(await listFault(ended)).toEqual(EXPIRED)
    expect(await listFault(other)).toBeNull()
    expect(await endSession(ended.session)).toBe(true)
  })

  it('is good in lower case alone', async () => {
    const client = await login(server.url)
    const body = envelope(`<m:resources>${element('sessionId', client.session.toUpperCase())}</m:resources>`)
    expect((await postSoap(server.url, body)).text).toContain('<faultcode>5</faultcode>')
  })

  it('lives for as long as the setting says', async () => {
    const brief = await startTestServer({
      seed: SMALL_SHOP,
      environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_SESSION_LIFETIME: '60' },
    })
    try {
      const client = await login(brief.url)
      await age(50, brief)
      expect(await listFault(client)).toBeNull()
      await age(61, brief)
      expect(await listFault(client)).toEqual(EXPIRED)
    } finally {
      await brief.stop()
    }
  })
})
