import { disable, saveRole, saveUser, setAccess, setKey } from '../../src/store/access/accountRows'
import { PostgresSessions } from '../../src/store/access/sessions'
import { type Database, onlyRow } from '../../src/store/database/database'
import { seedCatalog } from '../support/catalog'
import { describeOnEachDatabase, sql } from '../support/databases'

const LIFETIME = 100

describeOnEachDatabase('sessions', (opened) => {
  let database: Database
  let sessions: PostgresSessions
  const clock = { seconds: 1_800_000_000 }

  beforeAll(async () => {
    database = opened().database
    await seedCatalog(database)
    sessions = new PostgresSessions(database, {
      lifetimeSeconds: LIFETIME,
      now: () => new Date(clock.seconds * 1000),
    })
  })

  test('an id is 32 hex digits, and never the same twice', async () => {
    const ids = [await openFor('apiUser'), await openFor('apiUser'), await sessions.newAnonymousId()]
    expect(ids).toEqual(ids.map(() => expect.stringMatching(/^[0-9a-f]{32}$/)))
    expect(new Set(ids).size).toBe(3)
  })

  test('a session knows its user and what the role allows', async () => {
    expect(await sessions.find(await openFor('apiUser'))).toEqual({
      username: 'apiUser',
      rules: new Set(['all']),
    })
    expect(await sessions.find(await openFor('Reader'))).toEqual({
      username: 'Reader',
      rules: new Set(['catalog', 'catalog/product/media']),
    })
  })

  test('a role without rules allows nothing', async () => {
    expect(await sessions.find(await openFor('idle'))).toEqual({ username: 'idle', rules: new Set() })
  })

  test('nobody is logged in under an anonymous id, of which no row is kept', async () => {
    const [before] = await database.query(countBefore, [new Date(8.64e15)])
    expect(await sessions.find(await sessions.newAnonymousId())).toBeNull()
    expect(await database.query(countBefore, [new Date(8.64e15)])).toEqual([before])
  })

  test('an anonymous id that is foreseen is never that of a session', async () => {
    const taken = await openFor('apiUser')
    const given = [taken, '1'.repeat(32)]
    const foreseen = new PostgresSessions(database, {
      lifetimeSeconds: LIFETIME,
      now: () => new Date(clock.seconds * 1000),
      newId: () => given.shift() ?? '',
    })
    expect(await foreseen.newAnonymousId()).toBe('1'.repeat(32))
  })

  test('a user may hold many sessions, and closing one leaves the others', async () => {
    const [one, other] = [await openFor('apiUser'), await openFor('apiUser')]
    await sessions.close(one)
    expect(await sessions.find(one)).toBeNull()
    expect(await sessions.find(other)).not.toBeNull()
  })

  test('closing a session twice, or one that never was, is no failure', async () => {
    const id = await openFor('apiUser')
    await sessions.close(id)
    await sessions.close(id)
    await sessions.close('0'.repeat(32))
    await sessions.close('no session')
  })

  test.each(['', '0'.repeat(32), 'no session', '\0', `${'0'.repeat(31)}\0`])(
    'an id that was never given is not found: %j',
    async (id) => {
      expect(await sessions.find(id)).toBeNull()
    },
  )

  test('an id is taken exactly as it was given', async () => {
    const id = await openFor('apiUser')
    for (const other of [id.toUpperCase(), ` ${id}`, `${id}\n`, id.slice(1)]) {
      if (other !== id) expect(await sessions.find(other)).toBeNull()
    }
  })

  test('a session lives through its lifetime, and no longer', async () => {
    const [used, unused] = [await openFor('apiUser'), await openFor('apiUser')]
    clock.seconds += LIFETIME
    expect(await sessions.find(used)).not.toBeNull()
    clock.seconds += 1
    expect(await sessions.find(unused)).toBeNull()
  })

  test('every use renews it', async () => {
    const id = await openFor('apiUser')
    for (let use = 0; use < 3; use++) {
      clock.seconds += LIFETIME - 1
      expect(await sessions.find(id)).not.toBeNull()
    }
    clock.seconds += LIFETIME + 1
    expect(await sessions.find(id)).toBeNull()
  })

  test('looking at it does not', async () => {
    const id = await openFor('apiUser')
    clock.seconds += LIFETIME
    expect(await sessions.peek(id)).toEqual({ username: 'apiUser', rules: new Set(['all']) })
    clock.seconds += 1
    expect(await sessions.peek(id)).toBeNull()
  })

  test('opening one drops expired ones, and no others', async () => {
    const alive = await openFor('apiUser')
    clock.seconds += LIFETIME - 1
    expect(await sessions.find(alive)).not.toBeNull()
    await openFor('apiUser')
    clock.seconds += 2
    await openFor('apiUser')
    expect(await sessions.find(alive)).not.toBeNull()
    const oldest = new Date((clock.seconds - LIFETIME) * 1000)
    expect(await database.query(countBefore, [oldest])).toEqual([{ expired: 0 }])
  })

  describe('a session dies', () => {
    test('when its user is disabled, and stays dead when the user is enabled again', async () => {
      const id = await openFor(await newUser('disabled'))
      await disable(database, 'disabled')
      expect(await sessions.find(id)).toBeNull()
      await newUser('disabled')
      expect(await sessions.find(id)).toBeNull()
    })

    test('when its user is saved as inactive', async () => {
      const id = await openFor(await newUser('saved inactive'))
      await saveUser(database, { username: 'saved inactive', apiKey: 'key', role: 'all', active: false })
      expect(await sessions.find(id)).toBeNull()
    })

    test('when its user has no role any more', async () => {
      const id = await openFor(await newUser('no role'))
      await saveUser(database, { username: 'no role', apiKey: 'key', role: null, active: true })
      expect(await sessions.find(id)).toBeNull()
    })

    test('when its user’s role is deleted', async () => {
      await saveRole(database, { name: 'passing', resources: ['all'] })
      const id = await openFor(await newUser('passing user', 'passing'))
      await database.query(sql("DELETE FROM api_role WHERE role_name = 'passing'"))
      expect(await sessions.find(id)).toBeNull()
    })

    test('when its user is deleted', async () => {
      const id = await openFor(await newUser('deleted'))
      await database.query(sql("DELETE FROM api_user WHERE username = 'deleted'"))
      expect(await sessions.find(id)).toBeNull()
    })

    test.each([
      ['is saved with another key', { apiKey: 'other' }],
      ['is saved with another role', { role: 'nothing' }],
      ['is saved as inactive', { active: false }],
    ])('when its user %s, and stays dead when the user is as before', async (_what, change) => {
      const user = { username: 'back and forth', apiKey: 'key', role: 'all', active: true }
      const id = await openFor(await newUser(user.username))
      await saveUser(database, { ...user, ...change })
      await saveUser(database, user)
      expect(await sessions.find(id)).toBeNull()
    })

    test.each([
      ['another role', { active: true, role: 'nothing' }],
      ['no access', { active: false, role: null }],
    ])('when its user gets %s, and stays dead when the user has it back', async (_what, access) => {
      const id = await openFor(await newUser('given access'))
      await setAccess(database, 'given access', access)
      await setAccess(database, 'given access', { active: true, role: 'all' })
      expect(await sessions.find(id)).toBeNull()
    })

    test('not when its user is saved as before', async () => {
      const id = await openFor(await newUser('the same'))
      await newUser('the same')
      await setAccess(database, 'the same', { active: true, role: 'all' })
      expect(await sessions.find(id)).not.toBeNull()
    })

    test('when its user gets a new key', async () => {
      const id = await openFor(await newUser('new key'))
      await setKey(database, 'new key', 'other')
      expect(await sessions.find(id)).toBeNull()
    })
  })

  test('a change of the role holds for sessions that are open', async () => {
    await saveRole(database, { name: 'growing', resources: ['catalog'] })
    const id = await openFor(await newUser('grower', 'growing'))
    await saveRole(database, { name: 'growing', resources: ['catalog', 'catalog/product/media'] })
    expect((await sessions.find(id))?.rules).toEqual(new Set(['catalog', 'catalog/product/media']))
    await saveRole(database, { name: 'growing', resources: ['catalog/product/media'] })
    expect((await sessions.find(id))?.rules).toEqual(new Set(['catalog/product/media']))
  })

  test('a rule is one rule, whatever its text', async () => {
    const rule = 'catalog\nall'
    await saveRole(database, { name: 'odd', resources: [rule] })
    const id = await openFor(await newUser('odd one', 'odd'))
    expect((await sessions.find(id))?.rules).toEqual(new Set([rule]))
  })

  test('the database does not know the ids', async () => {
    const id = await openFor('apiUser')
    const rows = await database.query(sql("SELECT encode(session_hash, 'hex') AS hash FROM api_session"))
    expect(rows).not.toHaveLength(0)
    expect(JSON.stringify(rows)).not.toContain(id)
  })

  async function openFor(username: string): Promise<string> {
    return sessions.open(onlyRow(await database.query<{ id: number }>(userId, [username])).id)
  }

  /** Makes the user, active, and answers its name. */
  async function newUser(username: string, role = 'all'): Promise<string> {
    await saveUser(database, { username, apiKey: 'key', role, active: true })
    return username
  }
})

const userId = sql('SELECT user_id AS id FROM api_user WHERE username = $1')
const countBefore = sql('SELECT count(*)::int AS expired FROM api_session WHERE seen_at < $1')
