import { createHash, randomBytes } from 'node:crypto'
import type { Claim, OAuthStore, TokenUser } from '../../src/oauth/ports'
import { disable, saveRole, saveUser, UnknownName } from '../../src/store/access/accountRows'
import { PostgresOAuth } from '../../src/store/access/oauth'
import {
  consumersOf,
  randomCredential,
  revoke,
  saveAccessToken,
  saveConsumer,
  tokensOf,
} from '../../src/store/access/oauthRows'
import { SecretBox, SecretKeyMismatch } from '../../src/store/access/secretBox'
import { type Database, onlyRow } from '../../src/store/database/database'
import { seedCatalog } from '../support/catalog'
import { describeOnEachDatabase, sql } from '../support/databases'
import { secretBox } from '../support/secrets'

const WINDOW = 600
const KEY = 'key'.padEnd(32, '0')
const RSA_KEY = 'rsa'.padEnd(32, '0')

describeOnEachDatabase('OAuth', (opened) => {
  let database: Database
  let store: OAuthStore
  const clock = { seconds: 1_800_000_000 }
  const options = { now: () => new Date(clock.seconds * 1000), timestampWindowSeconds: WINDOW }

  beforeAll(async () => {
    database = opened().database
    await seedCatalog(database)
    store = new PostgresOAuth(database, secretBox, options)
    const signsWith = { kind: 'secret', secret: 'consumer secret' } as const
    await saveConsumer(database, secretBox, { key: KEY, name: 'Shop', signsWith, callbackUrl: 'http://a/' })
    const rsa = { kind: 'rsa', publicKey: 'PEM' } as const
    await saveConsumer(database, secretBox, { key: RSA_KEY, name: 'RSA', signsWith: rsa, callbackUrl: null })
  })

  const find = (claim: Partial<Claim>) => store.find({ consumerKey: KEY, token: null, nonce: null, ...claim })

  async function consumerId(key = KEY): Promise<number> {
    return (await find({ consumerKey: key })).consumer?.id ?? 0
  }

  async function issued(user: TokenUser = 'admin', consumer = KEY) {
    const token = randomCredential()
    const secret = randomCredential()
    await saveAccessToken(database, secretBox, { consumer, user, token, secret, isRevoked: false })
    return { token, secret }
  }

  describe('a consumer', () => {
    test('is found by its key, with what it signs with', async () => {
      expect(await find({})).toEqual({
        consumer: {
          id: expect.any(Number),
          name: 'Shop',
          signsWith: { kind: 'secret', secret: 'consumer secret' },
          callbackUrl: 'http://a/',
        },
        token: null,
        isNonceUsed: false,
      })
      expect((await find({ consumerKey: RSA_KEY })).consumer).toMatchObject({
        signsWith: { kind: 'rsa', publicKey: 'PEM' },
        callbackUrl: null,
      })
    })

    test.each(['', KEY.toUpperCase(), `${KEY} `, '%', '\0'])('is not found by %j', async (consumerKey) => {
      expect(await find({ consumerKey })).toEqual({ consumer: null, token: null, isNonceUsed: false })
    })

    test('is listed without its secret', async () => {
      expect(await consumersOf(database)).toEqual([
        { key: KEY, name: 'Shop', signsWith: 'secret', callbackUrl: 'http://a/' },
        { key: RSA_KEY, name: 'RSA', signsWith: 'rsa', callbackUrl: null },
      ])
    })

    test('that is saved again keeps its id and its tokens', async () => {
      const before = await consumerId()
      const { token } = await issued()
      const signsWith = { kind: 'secret', secret: 'consumer secret' } as const
      await saveConsumer(database, secretBox, { key: KEY, name: 'Shop', signsWith, callbackUrl: 'http://a/' })
      expect(await consumerId()).toBe(before)
      expect((await find({ token })).token).not.toBeNull()
    })
  })

  describe('an access token', () => {
    test.each(['admin', 'customer'] as const)('of type %s is found', async (user) => {
      const { token, secret } = await issued(user)
      expect((await find({ token })).token).toEqual({
        name: token,
        operator: null,
        kind: 'access',
        consumerId: await consumerId(),
        secret,
        user,
        isRevoked: false,
        isPermitted: true,
        verifierHash: null,
        created: expect.any(Date),
      })
    })

    test('is found when the consumer is not its own, or unknown: who asks must judge', async () => {
      const { token } = await issued()
      expect((await find({ consumerKey: RSA_KEY, token })).token?.consumerId).toBe(await consumerId())
      expect(await find({ consumerKey: 'unknown', token })).toMatchObject({
        consumer: null,
        token: { kind: 'access' },
      })
    })

    test.each(['', 'x'.repeat(32), '\0'.repeat(32)])('is not found by %j', async (token) => {
      expect((await find({ token })).token).toBeNull()
    })

    test('is revoked for good', async () => {
      const { token } = await issued()
      await revoke(database, token)
      expect((await find({ token })).token?.isRevoked).toBe(true)
      await revoke(database, token)
      await expect(revoke(database, 'x'.repeat(32))).rejects.toThrow(UnknownName)
    })

    test('is not issued for an unknown consumer', async () => {
      await expect(issued('admin', 'x'.repeat(32))).rejects.toThrow(UnknownName)
    })

    test('is listed without its secret, with its operator', async () => {
      const { token } = await issued('customer', RSA_KEY)
      const authorized = await access('admin', 'apiUser')
      const listed = (await tokensOf(database)).filter((entry) => [token, authorized].includes(entry.token))
      expect(listed).toEqual([
        { token, consumer: RSA_KEY, user: 'customer', operator: null, isRevoked: false },
        { token: authorized, consumer: KEY, user: 'admin', operator: 'apiUser', isRevoked: false },
      ])
      expect((await find({ token: authorized })).token?.operator).toBe('apiUser')
    })

    test('is permitted for as long as its operator could authorize it', async () => {
      await saveRole(database, { name: 'wavering', resources: ['all'] })
      await saveUser(database, { username: 'wavering', apiKey: 'key', role: 'wavering', active: true })
      const admin = await access('admin', 'wavering')
      const customer = await access('customer', 'wavering')
      const permitted = async () => [
        (await find({ token: admin })).token?.isPermitted,
        (await find({ token: customer })).token?.isPermitted,
      ]
      expect(await permitted()).toEqual([true, true])
      await saveRole(database, { name: 'wavering', resources: ['catalog'] })
      expect(await permitted()).toEqual([false, true])
      await disable(database, 'wavering')
      expect(await permitted()).toEqual([false, false])
    })
  })

  describe('a request token', () => {
    test('is made, authorized and exchanged, each once', async () => {
      const { token, secret } = await store.createRequestToken(await consumerId(), 'http://b/')
      expect((await find({ token })).token).toEqual({
        name: token,
        operator: null,
        kind: 'request',
        consumerId: await consumerId(),
        secret,
        user: null,
        isRevoked: false,
        isPermitted: true,
        verifierHash: null,
        created: options.now(),
      })
      expect(await store.findPending(token)).toEqual({
        kind: 'request',
        consumerName: 'Shop',
        callback: 'http://b/',
        isDecided: false,
        created: options.now(),
      })
      expect(await store.exchange(token)).toBeNull()
      const operator = await userId('apiUser')
      const verifier = (await store.authorize(token, 'admin', operator)) ?? ''
      expect(await store.authorize(token, 'customer', operator)).toBeNull()
      expect(await store.reject(token)).toBe(false)
      expect(await store.findPending(token)).toMatchObject({ isDecided: true })
      const verifierHash = createHash('sha256').update(verifier).digest()
      expect((await find({ token })).token).toMatchObject({ kind: 'request', user: 'admin', verifierHash })

      const exchanged = await store.exchange(token)
      expect(await store.exchange(token)).toBeNull()
      expect((await find({ token })).token).toBeNull()
      expect((await find({ token: exchanged?.token ?? '' })).token).toMatchObject({
        kind: 'access',
        secret: exchanged?.secret,
        user: 'admin',
        verifierHash,
      })
    })

    test('that is rejected can be neither authorized nor exchanged', async () => {
      const { token } = await store.createRequestToken(await consumerId(), 'oob')
      expect(await store.reject(token)).toBe(true)
      expect(await store.reject(token)).toBe(false)
      expect(await store.authorize(token, 'admin', await userId('apiUser'))).toBeNull()
      expect(await store.exchange(token)).toBeNull()
      expect((await find({ token })).token).toMatchObject({ isRevoked: true })
      expect(await store.findPending(token)).toMatchObject({ isDecided: true, callback: 'oob' })
    })

    test('that is authorized by several at once is authorized by one', async () => {
      const { token } = await store.createRequestToken(await consumerId(), 'oob')
      const operator = await userId('apiUser')
      const elsewhere = new PostgresOAuth(opened().elsewhere(), secretBox, options)
      const verifiers = await Promise.all(
        [store, elsewhere, store, elsewhere].map((each) => each.authorize(token, 'admin', operator)),
      )
      expect(verifiers.filter((verifier) => verifier !== null)).toHaveLength(1)
      const exchanged = await Promise.all(
        [store, elsewhere, store, elsewhere].map((each) => each.exchange(token)),
      )
      expect(exchanged.filter((credentials) => credentials !== null)).toHaveLength(1)
    })

    test('is dropped a day after it was made, unless it has become an access token', async () => {
      const old = await store.createRequestToken(await consumerId(), 'oob')
      const kept = await access('admin', 'apiUser')
      clock.seconds += 24 * 3600 + 1
      const young = await store.createRequestToken(await consumerId(), 'oob')
      expect((await find({ token: old.token })).token).toBeNull()
      expect((await find({ token: kept })).token).not.toBeNull()
      expect((await find({ token: young.token })).token).not.toBeNull()
    })

    test('is one of a bounded number of its consumer, of which the oldest are dropped', async () => {
      const create = (key?: string) =>
        consumerId(key).then((id) =>
          new PostgresOAuth(database, secretBox, { ...options, mostRequestTokens: 3 }).createRequestToken(
            id,
            'oob',
          ),
        )
      const others = await create(RSA_KEY)
      const exchanged = await access('admin', 'apiUser')
      const made = [await create(), await create(), await create(), await create(), await create()]
      const isThere = async (token: string) => (await find({ token })).token !== null
      expect(await Promise.all(made.map(({ token }) => isThere(token)))).toEqual([
        false,
        false,
        true,
        true,
        true,
      ])
      expect(await isThere(others.token)).toBe(true)
      expect(await isThere(exchanged)).toBe(true)
    })

    test.each(['', 'x'.repeat(32), '\0'])('that does not exist is not %j', async (token) => {
      expect(await store.findPending(token)).toBeNull()
      expect(await store.reject(token)).toBe(false)
      expect(await store.exchange(token)).toBeNull()
    })
  })

  describe('a nonce', () => {
    const nonce = (value: string, timestamp = clock.seconds) => ({ value, timestamp })

    test('is remembered once for a consumer and a timestamp', async () => {
      const [own, other] = [await consumerId(), await consumerId(RSA_KEY)]
      expect((await find({ nonce: nonce('a') })).isNonceUsed).toBe(false)
      expect(await store.rememberNonce(own, nonce('a'))).toBe(true)
      expect((await find({ nonce: nonce('a') })).isNonceUsed).toBe(true)
      expect(await store.rememberNonce(own, nonce('a'))).toBe(false)
      for (const fresh of [nonce('A'), nonce('a '), nonce('a', clock.seconds + 1)]) {
        expect((await find({ nonce: fresh })).isNonceUsed).toBe(false)
        expect(await store.rememberNonce(own, fresh)).toBe(true)
      }
      expect((await find({ consumerKey: RSA_KEY, nonce: nonce('a') })).isNonceUsed).toBe(false)
      expect(await store.rememberNonce(other, nonce('a'))).toBe(true)
    })

    test('may be any text', async () => {
      for (const value of ['', '\0', 'ä', '\ud800', 'x'.repeat(10_000)]) {
        expect(await store.rememberNonce(await consumerId(), nonce(value))).toBe(true)
        expect((await find({ nonce: nonce(value) })).isNonceUsed).toBe(true)
      }
    })

    test('is given to one of several processes', async () => {
      const id = await consumerId()
      const elsewhere = new PostgresOAuth(opened().elsewhere(), secretBox, options)
      const results = await Promise.all(
        [store, elsewhere, store, elsewhere].map((each) => each.rememberNonce(id, nonce('raced'))),
      )
      expect(results.filter(Boolean)).toHaveLength(1)
    })

    test('is all that does not wait for the disk', async () => {
      const setting = sql("SELECT current_setting('synchronous_commit') AS setting")
      const before = await database.query(setting)
      const remembering = store.rememberNonce(await consumerId(), nonce('hasty'))
      const [meanwhile] = await Promise.all([database.query(setting), remembering])
      expect([meanwhile, await database.query(setting)]).toEqual([before, before])
    })

    test('is dropped once its timestamp would be refused, and not before', async () => {
      const id = await consumerId()
      await database.query(sql('DELETE FROM oauth_nonce'))
      const atThatTime = clock.seconds
      await store.rememberNonce(id, nonce('old'))
      clock.seconds += WINDOW
      await store.rememberNonce(id, nonce('young'))
      await new PostgresOAuth(database, secretBox, options).rememberNonce(id, nonce('a sweep'))
      expect((await find({ nonce: nonce('old', atThatTime) })).isNonceUsed).toBe(true)
      clock.seconds += 601
      await new PostgresOAuth(database, secretBox, options).rememberNonce(id, nonce('another sweep'))
      const left = await database.query(sql('SELECT timestamp::int FROM oauth_nonce ORDER BY timestamp'))
      expect(left).toEqual([
        { timestamp: atThatTime + WINDOW },
        { timestamp: atThatTime + WINDOW },
        { timestamp: clock.seconds },
      ])
    })
  })

  test('an administrator is an active user whose role allows everything', async () => {
    const users = ['apiUser', 'Reader', 'inactive', 'norole', 'idle']
    const answers = []
    for (const username of users) answers.push(await store.isAdministrator(await userId(username)))
    expect(answers).toEqual([true, false, false, false, false])
    expect(await store.isAdministrator(0)).toBe(false)
  })

  describe('secrets', () => {
    test('are nowhere in the tables as they are, nor are verifiers and nonces', async () => {
      const { secret } = await issued()
      const pending = await store.createRequestToken(await consumerId(), 'oob')
      const verifier = await store.authorize(pending.token, 'admin', await userId('apiUser'))
      await store.rememberNonce(await consumerId(), { value: 'a telling nonce', timestamp: clock.seconds })
      const columns = ['oauth_consumer', 'oauth_token', 'oauth_nonce'].map(async (table) => {
        const rows = await database.query<Readonly<Record<string, unknown>>>(sql(`SELECT * FROM ${table}`))
        return rows.flatMap((row) => Object.values(row))
      })
      const texts = (await Promise.all(columns))
        .flat()
        .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value)))
        .join('\n')
      for (const hidden of ['consumer secret', secret, pending.secret, verifier, 'a telling nonce'])
        expect(texts).not.toContain(hidden)
    })

    test('cannot be read with another key, or in the place of another', async () => {
      const [one, other] = [await issued(), await issued()]
      const stranger = new PostgresOAuth(database, new SecretBox(randomBytes(32)), options)
      await expect(stranger.find({ consumerKey: KEY, token: one.token, nonce: null })).rejects.toThrow(
        SecretKeyMismatch,
      )
      await database.query(
        sql(
          'UPDATE oauth_token SET secret = (SELECT secret FROM oauth_token other WHERE other.token = $2) WHERE token = $1',
        ),
        [one.token, other.token],
      )
      await expect(find({ token: one.token })).rejects.toThrow(SecretKeyMismatch)
      expect((await find({ token: other.token })).token?.secret).toBe(other.secret)
    })
  })

  async function userId(username: string): Promise<number> {
    const statement = sql('SELECT user_id AS id FROM api_user WHERE username = $1')
    return onlyRow(await database.query<{ id: number }>(statement, [username])).id
  }

  /** An access token that this operator has authorized. */
  async function access(user: TokenUser, operator: string): Promise<string> {
    const { token } = await store.createRequestToken(await consumerId(), 'oob')
    await store.authorize(token, user, await userId(operator))
    return (await store.exchange(token))?.token ?? ''
  }
})
