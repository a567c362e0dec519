import { createHash } from 'node:crypto'
import { hashSync } from 'bcryptjs'
import { oldKeyKind, verifyOldKey } from '../../src/magento/keyHash'
import { keyKindsOf } from '../../src/store/access/accountRows'
import { PostgresAccounts } from '../../src/store/access/accounts'
import { seedCatalog } from '../support/catalog'
import { describeOnEachDatabase, sql } from '../support/databases'

const KEY = 'schlüssel-1ß'
const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex')
const salted = (algorithm: string, salt: string) => `${digest(algorithm, salt + KEY)}:${salt}`

const HASHES: readonly (readonly [form: string, kind: string, hash: string])[] = [
  ['md5', 'md5', digest('md5', KEY)],
  ['md5 with a salt', 'md5', salted('md5', 'f9')],
  ['md5 with a salt that has a colon', 'md5', salted('md5', 'a:b')],
  ['sha256', 'sha256', digest('sha256', KEY)],
  ['sha256 with a salt', 'sha256', salted('sha256', 'x'.repeat(32))],
  ['sha512 with a salt', 'sha512', salted('sha512', 'y'.repeat(32))],
  ['bcrypt', 'bcrypt', hashSync(KEY, 4).replace('$2b$', '$2y$')],
]

test.each(HASHES)('%s is of its kind, and of its key alone', async (_form, kind, hash) => {
  expect(oldKeyKind(hash)).toBe(kind)
  expect(await verifyOldKey(KEY, hash)).toBe(true)
  for (const other of ['', `${KEY} `, KEY.toUpperCase(), hash])
    expect(await verifyOldKey(other, hash)).toBe(false)
})

test.each([
  ['in capitals', digest('md5', KEY).toUpperCase()],
  ['that is the key itself', KEY],
  ['that is empty', ''],
  ['of SHA-512 without a salt', digest('sha512', KEY)],
  ['that is too short', digest('md5', KEY).slice(1)],
])('a hash %s is of no key', async (_what, hash) => {
  expect(oldKeyKind(hash)).toBeNull()
  for (const key of [KEY, hash, '']) expect(await verifyOldKey(key, hash)).toBe(false)
})

describeOnEachDatabase('a user with an old hash', (opened) => {
  const setHash = (hash: string) =>
    opened().database.query(sql("UPDATE api_user SET api_key_hash = $1 WHERE username = 'apiUser'"), [hash])
  const kind = async () => (await keyKindsOf(opened().database)).get('apiUser')

  beforeAll(() => seedCatalog(opened().database))

  test.each(HASHES)('%s: logs in, and the hash is renewed then', async (_form, old, hash) => {
    const accounts = new PostgresAccounts(opened().database)
    await setHash(hash)
    expect(await accounts.check('apiUser', 'another')).toMatchObject({ denial: 'wrong key', costly: true })
    expect(await kind()).toBe(old)
    expect(await accounts.check('apiUser', KEY)).toHaveProperty('userId')
    expect(await kind()).toBe('scrypt')
    expect(await accounts.check('apiUser', KEY)).toHaveProperty('userId')
  })

  test('is refused from the day on that the operator has set, unless it was renewed before', async () => {
    const { database } = opened()
    const oldKeysUntil = new Date('2027-06-30T00:00:00Z')
    const on = (time: string) => new PostgresAccounts(database, { oldKeysUntil, now: () => new Date(time) })
    await setHash(digest('md5', KEY))
    expect(await on('2027-06-30T00:00:00Z').check('apiUser', KEY)).toMatchObject({ denial: 'old key' })
    expect(await on('2027-06-29T23:59:59Z').check('apiUser', KEY)).toHaveProperty('userId')
    expect(await on('2027-06-30T00:00:00Z').check('apiUser', KEY)).toHaveProperty('userId')
  })

  test('does not log in by a hash of no known form, which is told', async () => {
    await setHash('plain text')
    expect(await new PostgresAccounts(opened().database).check('apiUser', 'plain text')).toMatchObject({
      denial: 'wrong key',
    })
    expect(await kind()).toBe('unknown')
  })
})
