import type { CheckedCredentials, Credentials } from '../../api/ports'
import { folded } from '../../contract/folded'
import { isStorableText } from '../../contract/storable'
import type { Queryable } from '../database/database'
import { hashKey, isCurrent, UNMATCHABLE_HASH, verifyKey } from './keyHash'

const findAccount = {
  name: 'find_account',
  text: `
    SELECT user_id AS id, api_key_hash AS "keyHash", is_active AND role_id IS NOT NULL AS "mayLogIn"
      FROM api_user WHERE username_key = $1`,
}

/** Only while the hash is the one that was verified: the key may have been changed meanwhile. */
const renewHash = {
  name: 'renew_key_hash',
  text: 'UPDATE api_user SET api_key_hash = $3 WHERE user_id = $1 AND api_key_hash = $2',
}

interface AccountRow {
  readonly id: number
  readonly keyHash: string
  readonly mayLogIn: boolean
}

export interface AccountOptions {
  /** From when on keys are refused whose hash is still as Magento made it; null to accept them for good. */
  readonly oldKeysUntil: Date | null
  readonly now: () => Date
}

/** Checks API users in PostgreSQL. A hash that Magento made is made anew at the first login that it allows. */
export class PostgresAccounts implements Credentials {
  constructor(
    private readonly database: Queryable,
    private readonly options: AccountOptions = { oldKeysUntil: null, now: () => new Date() },
  ) {}

  async check(username: string, apiKey: string): Promise<CheckedCredentials> {
    if (!isStorableText(username)) return { denial: 'unknown user', costly: false }
    // Refuse NULs here: scrypt treats a key and the same key followed by NULs as equal.
    if (!isStorableText(apiKey)) return { denial: 'wrong key', costly: false }
    const [account] = await this.database.query<AccountRow>(findAccount, [folded(username)])
    // An unknown name costs as much time as a known one, so that the time of an answer does not tell them
    // apart.
    const keyHash = account?.keyHash ?? UNMATCHABLE_HASH
    const matches = await verifyKey(apiKey, keyHash)
    // One of Magento's hashes takes almost no time, and what it is short of is spent here.
    const renewed = isCurrent(keyHash) ? null : await hashKey(apiKey)
    if (!account) return { denial: 'unknown user', costly: true }
    if (!matches) return { denial: 'wrong key', costly: true }
    if (!account.mayLogIn) return { denial: 'inactive user', costly: true }
    if (renewed !== null) {
      if (this.#refusesOldKeys()) return { denial: 'old key', costly: true }
      await this.database.query(renewHash, [account.id, keyHash, renewed])
    }
    return { userId: account.id, costly: true }
  }

  #refusesOldKeys(): boolean {
    const { oldKeysUntil, now } = this.options
    return oldKeysUntil !== null && now() >= oldKeysUntil
  }
}
