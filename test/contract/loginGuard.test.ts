import { LoginGuard, type LoginGuardParts } from '../../src/api/loginGuard'
import { requestContext } from '../../src/contract/request'
import { PostgresAccounts } from '../../src/store/access/accounts'
import { PostgresLoginFailures } from '../../src/store/access/loginFailures'
import { seedCatalog } from '../support/catalog'
import { describeOnEachDatabase, sql } from '../support/databases'

describeOnEachDatabase('logins', (opened) => {
  let now: Date

  beforeAll(() => seedCatalog(opened().database))

  beforeEach(async () => {
    now = new Date('2026-01-01T00:00:00Z')
    await opened().database.query(sql('DELETE FROM login_failure'))
  })

  const pass = (seconds: number) => {
    now = new Date(now.getTime() + seconds * 1000)
  }

  function guard(
    limits: Partial<LoginGuardParts['limits']> = {},
    database = opened().database,
  ): (username: string, apiKey: string, address?: string) => Promise<number | string | undefined> {
    const accounts = new LoginGuard({
      credentials: new PostgresAccounts(database),
      failures: new PostgresLoginFailures(database),
      limits: { failuresPerUser: 3, failuresPerAddress: 5, longestBlockSeconds: 60, ...limits },
      now: () => now,
    })
    return async (username, apiKey, address = '192.0.2.1') => {
      const request = requestContext({
        publicUrl: 'http://127.0.0.1',
        clientAddress: address,
        isConfidential: true,
      })
      return (await accounts.authenticate(username, apiKey, request)) ?? request.notes.observed.denied
    }
  }

  const USER_BLOCKED = 'too many failures of the user'
  const ADDRESS_BLOCKED = 'too many failures from the address'

  test('are denied for a reason that is observed', async () => {
    const logIn = guard()
    expect(await logIn('nobody', 'key')).toBe('unknown user')
    expect(await logIn('apiUser', 'wrong')).toBe('wrong key')
    expect(await logIn('inactive', 'inactiveKey')).toMatch(/wrong key|inactive user/)
    expect(await logIn('apiUser', 'apiKey123')).toEqual(expect.any(Number))
  })

  test('of a name are blocked after its failures, in any case and from any address, right keys included', async () => {
    const logIn = guard()
    await logIn('apiUser', 'a', '192.0.2.1')
    await logIn('APIUSER', 'b', '192.0.2.2')
    await logIn('apiuser', 'c', '192.0.2.3')
    expect(await logIn('apiUser', 'apiKey123', '192.0.2.4')).toBe(USER_BLOCKED)
    pass(1)
    expect(await logIn('apiUser', 'apiKey123', '192.0.2.4')).toEqual(expect.any(Number))
  })

  test('of a name that nobody has are blocked just the same', async () => {
    const logIn = guard()
    for (const key of ['a', 'b', 'c']) expect(await logIn('nobody', key)).toBe('unknown user')
    expect(await logIn('nobody', 'd')).toBe(USER_BLOCKED)
  })

  test('are blocked twice as long after each further failure', async () => {
    const logIn = guard({ failuresPerAddress: 0 })
    for (const key of ['a', 'b', 'c']) await logIn('apiUser', key)
    pass(1)
    expect(await logIn('apiUser', 'd')).toBe('wrong key')
    pass(1)
    expect(await logIn('apiUser', 'apiKey123')).toBe(USER_BLOCKED)
    pass(1)
    expect(await logIn('apiUser', 'apiKey123')).toEqual(expect.any(Number))
  })

  test('start anew after a success, and once failures are old', async () => {
    const logIn = guard({ failuresPerAddress: 0 })
    await logIn('apiUser', 'a')
    await logIn('apiUser', 'b')
    await logIn('apiUser', 'apiKey123')
    await logIn('apiUser', 'c')
    await logIn('apiUser', 'd')
    pass(61)
    await logIn('apiUser', 'e')
    expect(await logIn('apiUser', 'apiKey123')).toEqual(expect.any(Number))
  })

  test.each([
    ['an address', ['192.0.2.1', '::ffff:192.0.2.1'], '192.0.2.1', '192.0.2.2'],
    ['a network of IPv6', ['2001:db8::1', '2001:db8::2'], '2001:db8:0:0:ffff::3', '2001:db8:0:1::1'],
  ])(
    'from %s are blocked after its failures, whatever the names',
    async (_what, [one, same], blocked, other) => {
      const logIn = guard()
      for (const name of ['a', 'b', 'c']) await logIn(name, 'key', one)
      for (const name of ['d', 'e']) await logIn(name, 'key', same)
      expect(await logIn('apiUser', 'apiKey123', blocked)).toBe(ADDRESS_BLOCKED)
      expect(await logIn('apiUser', 'apiKey123', other)).toEqual(expect.any(Number))
      pass(1)
      expect(await logIn('apiUser', 'apiKey123', blocked)).toEqual(expect.any(Number))
      // A success tells nothing of the other names that were tried from there.
      expect(await logIn('f', 'key', blocked)).toBe('unknown user')
      expect(await logIn('apiUser', 'apiKey123', blocked)).toBe(ADDRESS_BLOCKED)
    },
  )

  test('that are right are never in the way of each other, however many come at once', async () => {
    const logIn = guard()
    const answers = await Promise.all(Array.from({ length: 12 }, () => logIn('apiUser', 'apiKey123')))
    expect(new Set(answers)).toEqual(new Set([answers[0]]))
    expect(answers[0]).toEqual(expect.any(Number))
  })

  test('that were all sent before the first had failed gain nothing by it', async () => {
    const logIn = guard({ failuresPerAddress: 0 })
    const wrong = Array.from({ length: 12 }, (_, index) => logIn('apiUser', `wrong ${index}`))
    const right = Promise.all(wrong.slice(0, 3)).then(() => logIn('apiUser', 'apiKey123'))
    expect(await right).toBe(USER_BLOCKED)
    await Promise.all(wrong)
  })

  test('are counted by all processes together', async () => {
    const [here, there] = [guard(), guard({}, opened().elsewhere())]
    await here('apiUser', 'a')
    await there('apiUser', 'b')
    await here('apiUser', 'c')
    expect(await there('apiUser', 'apiKey123')).toBe(USER_BLOCKED)
  })

  test('that failed are counted up to a bound, beyond which the oldest are dropped', async () => {
    const few = async (subject: string) => {
      pass(1)
      const failures = new PostgresLoginFailures(opened().database, 5)
      await failures.add([{ user: subject }], now, new Date(0))
    }
    const subjects = Array.from({ length: 12 }, (_, index) => `user ${index}`)
    for (const subject of subjects) await few(subject)
    const found = await new PostgresLoginFailures(opened().database).find(
      subjects.map((user) => ({ user })),
      new Date(0),
    )
    expect(found.map((count) => count !== null)).toEqual(subjects.map((_, index) => index >= 7))
  })

  test('that failed leave rows without names, which are dropped when they are old', async () => {
    const logIn = guard({ failuresPerAddress: 0 })
    for (let index = 0; index < 8; index++) await logIn(`mistyped ${index}`, 'key')
    const rows = await opened().database.query(sql('SELECT * FROM login_failure'))
    expect(rows).toHaveLength(9)
    expect(JSON.stringify(rows)).not.toContain('mistyped')
    pass(61)
    await logIn('nobody', 'key')
    expect(await opened().database.query(sql('SELECT * FROM login_failure'))).toHaveLength(2)
  })
})
