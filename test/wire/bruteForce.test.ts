import { memoryLog } from '../support/memoryLog'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer, temporaryDatabase, temporaryDirectory } from '../support/server'
import { faultOf, loginEnvelope, postSoap } from '../support/soap'

const DENIED = { code: '2', message: 'Access denied.' }

const environment = {
  KEEPSAKE_MEMORY: 'true',
  KEEPSAKE_LOGIN_FAILURES_PER_USER: '2',
  KEEPSAKE_LOGIN_FAILURES_PER_ADDRESS: '4',
}

const logged = memoryLog()

async function guess(
  { url }: TestServer,
  username: string,
  apiKey: string,
  headers: Readonly<Record<string, string>> = {},
) {
  const answer = await postSoap(url, loginEnvelope({ username, apiKey }), headers)
  const lines = await logged.ofRequest(String(answer.headers['x-request-id']))
  const line = lines.find((each) => 'ms' in each) ?? {}
  return { answer, fault: faultOf(answer), denied: line.denied, from: line.from }
}

describe('a login that is blocked', () => {
  let server: TestServer

  beforeEach(async () => {
    server = await startTestServer({ seed: SMALL_SHOP, environment, log: logged.log })
  })

  afterEach(() => server.stop())

  it('is answered as a wrong key is, and the log alone tells them apart', async () => {
    const first = await guess(server, 'apiUser', 'a')
    await guess(server, 'apiUser', 'b')
    const blocked = await guess(server, 'apiUser', 'apiKey123')
    expect(first).toMatchObject({ fault: DENIED, denied: 'wrong key', from: '127.0.0.1' })
    expect(blocked).toMatchObject({ fault: DENIED, denied: 'too many failures of the user' })
    expect(blocked.answer.text).toBe(first.answer.text)
    const names = ({ headers }: typeof first.answer) => Object.keys(headers).sort()
    expect(names(blocked.answer)).toEqual(names(first.answer))
  })

  it('leaves no key in the log, nor a name that nobody has', async () => {
    await guess(server, 'myPasswordByMistake', 'wrongKey42')
    expect(logged.text()).not.toMatch(/myPasswordByMistake|wrongKey42/)
  })

  it('is none for the machine itself, nor for whoever claims to be elsewhere: only names are counted', async () => {
    for (const number of [1, 2, 3, 4, 5])
      await guess(server, `nobody${number}`, 'key', { 'x-forwarded-for': `192.0.2.${number}` })
    const claimed = await guess(server, 'nobody6', 'key', { 'x-forwarded-for': '192.0.2.6' })
    expect(claimed).toMatchObject({ denied: 'unknown user', from: '127.0.0.1' })
    expect((await guess(server, 'apiUser', 'apiKey123')).fault).toBeNull()
  })
})

it('behind a trusted proxy, the address is the one that the proxy forwards, and no other that stands before it', async () => {
  const server = await startTestServer({
    seed: SMALL_SHOP,
    environment: { ...environment, KEEPSAKE_TRUSTED_PROXIES: 'loopback' },
    log: logged.log,
  })
  try {
    for (const number of [1, 2, 3, 4])
      await guess(server, `nobody${number}`, 'key', { 'x-forwarded-for': `203.0.113.${number}, 192.0.2.1` })
    const forwarded = (address: string) =>
      guess(server, 'apiUser', 'apiKey123', { 'x-forwarded-for': address })
    expect(await forwarded('192.0.2.1')).toMatchObject({
      denied: 'too many failures from the address',
      from: '192.0.2.1',
    })
    expect((await forwarded('192.0.2.2')).fault).toBeNull()
    expect((await guess(server, 'nobody', 'key', { 'x-forwarded-for': '<b>' })).from).toBe('127.0.0.1')
  } finally {
    await server.stop()
  }
})

describe('behind trusted proxies that tell ports as well', () => {
  let server: TestServer

  beforeAll(async () => {
    server = await startTestServer({
      seed: SMALL_SHOP,
      environment: { ...environment, KEEPSAKE_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8, fd00::/8' },
      log: logged.log,
    })
  })

  afterAll(() => server.stop())

  it.each([
    ['192.0.2.1:49152', '192.0.2.1'],
    ['[2001:db8::1]:49152', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['198.51.100.7, 192.0.2.1:49152, 10.0.0.1:443', '192.0.2.1'],
    ['198.51.100.7, 192.0.2.1:49152, [fd00::1]:443, 10.0.0.1', '192.0.2.1'],
    ['192.0.2.1:port', '127.0.0.1'],
    ['192.0.2.256:80', '127.0.0.1'],
    ['[192.0.2.1', '127.0.0.1'],
    ['unknown', '127.0.0.1'],
  ])('%s means a client at %s', async (forwarded, address) => {
    expect((await guess(server, 'nobody', 'key', { 'x-forwarded-for': forwarded })).from).toBe(address)
  })

  it('another port is no other address', async () => {
    const from = (port: number) => ({ 'x-forwarded-for': `203.0.113.7:${port}` })
    for (const number of [1, 2, 3, 4]) await guess(server, `stranger${number}`, 'key', from(50_000 + number))
    expect((await guess(server, 'apiUser', 'apiKey123', from(50_005))).denied).toBe(
      'too many failures from the address',
    )
  })
})

const serverUrl = process.env.TEST_DATABASE_URL
if (serverUrl) {
  it('two servers on one database count together', async () => {
    const { url, drop } = await temporaryDatabase(serverUrl)
    const { directory, remove } = await temporaryDirectory()
    const shared = {
      ...environment,
      KEEPSAKE_MEMORY: 'false',
      KEEPSAKE_DATA_DIR: directory,
      DATABASE_URL: url,
    }
    const one = await startTestServer({ seed: SMALL_SHOP, environment: shared, log: logged.log })
    const other = await startTestServer({ environment: shared, log: logged.log })
    try {
      await guess(one, 'apiUser', 'a')
      await guess(other, 'apiUser', 'b')
      expect(await guess(one, 'apiUser', 'apiKey123')).toMatchObject({
        fault: DENIED,
        denied: 'too many failures of the user',
      })
    } finally {
      await one.stop()
      await other.stop()
      await drop()
      await remove()
    }
  })
} else {
  it('two servers on one database: not run, TEST_DATABASE_URL is not set', () => {
    expect(process.env.KEEPSAKE_REQUIRE_ALL).not.toBe('1')
  })
}
