import { disable, saveUser, setKey, UnknownName } from '../../src/store/access/accountRows'
import { PostgresAccounts } from '../../src/store/access/accounts'
import { seedCatalog } from '../support/catalog'
import { describeOnEachDatabase, sql } from '../support/databases'

describeOnEachDatabase('accounts', (opened) => {
  const accounts = { authenticate }

  async function authenticate(username: string, apiKey: string): Promise<number | null> {
    const checked = await new PostgresAccounts(opened().database).check(username, apiKey)
    return 'userId' in checked ? checked.userId : null
  }

  beforeAll(async () => {
    await seedCatalog(opened().database)
  })

  test.each(['apiUser', 'apiuser', 'APIUSER'])(
    'a user logs in by its name in any case: %s',
    async (username) => {
      expect(await accounts.authenticate(username, 'apiKey123')).toEqual(expect.any(Number))
    },
  )

  test('each user has an id of its own', async () => {
    const ids = [
      await accounts.authenticate('apiUser', 'apiKey123'),
      await accounts.authenticate('reader', 'readerKey'),
    ]
    expect(new Set(ids).size).toBe(2)
  })

  test.each([
    ['a key in another case', 'apiUser', 'apikey123'],
    ['a key with more behind it', 'apiUser', 'apiKey123 '],
    ['no key', 'apiUser', ''],
    ['the key of another user', 'apiUser', 'readerKey'],
    ['a name that nobody has', 'nobody', 'apiKey123'],
    ['a name that nobody has, and no key', 'nobody', ''],
    ['no name', '', 'apiKey123'],
    ['a name with more behind it', 'apiUserX', 'apiKey123'],
    ['a name with a tab behind it', 'apiUser\t', 'apiKey123'],
    ['a name with a NUL', 'apiUser\0', 'apiKey123'],
    ['a key with a NUL', 'apiUser', 'apiKey123\0'],
    ['a pattern for a name', '%', 'apiKey123'],
    ['an inactive user', 'inactive', 'apiKey123'],
    ['a user without a role', 'norole', 'apiKey123'],
  ])('nobody logs in by %s', async (_what, username, apiKey) => {
    expect(await accounts.authenticate(username, apiKey)).toBeNull()
  })

  test('a user logs in by a name that MySQL takes for the same', async () => {
    for (const name of ['APIUSER', 'apiüser', 'apiUser '])
      expect(await accounts.authenticate(name, 'apiKey123')).toBe(
        await accounts.authenticate('apiUser', 'apiKey123'),
      )
  })

  test('a disabled user no longer logs in, and one that is saved as active does again', async () => {
    const user = { username: 'Turncoat', apiKey: 'key', role: 'all', active: true }
    await saveUser(opened().database, user)
    const id = await accounts.authenticate('turncoat', 'key')
    await disable(opened().database, 'TURNCOAT')
    expect(await accounts.authenticate('turncoat', 'key')).toBeNull()
    await saveUser(opened().database, user)
    expect(await accounts.authenticate('turncoat', 'key')).toBe(id)
  })

  test('a new key takes the place of the old one', async () => {
    await saveUser(opened().database, { username: 'changing', apiKey: 'old', role: 'all', active: true })
    await setKey(opened().database, 'Changing', 'new')
    expect(await accounts.authenticate('changing', 'old')).toBeNull()
    expect(await accounts.authenticate('changing', 'new')).toEqual(expect.any(Number))
  })

  test('keys are nowhere in the database as they are', async () => {
    const rows = await opened().database.query(sql('SELECT * FROM api_user'))
    expect(JSON.stringify(rows)).not.toContain('apiKey123')
  })

  test('a user or role that does not exist cannot be changed or given', async () => {
    const user = { username: 'stray', apiKey: 'key', role: 'no such role', active: true }
    await expect(saveUser(opened().database, user)).rejects.toThrow(UnknownName)
    await expect(disable(opened().database, 'stray')).rejects.toThrow(UnknownName)
    await expect(setKey(opened().database, 'stray', 'key')).rejects.toThrow(UnknownName)
  })
})
