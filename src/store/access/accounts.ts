import type { CheckedCredentials, Credentials } from '../../api/ports'
import { folded } from '../../contract/folded'
import { isStorableText } from '../../contract/storable'
import type { Queryable } from '../database/database'
import { UNMATCHABLE_HASH, verifyKey } from './keyHash'

const findAccount = {
  name: 'find_account',
  text: `
    SELECT user_id AS id, api_key_hash AS "keyHash", is_active AND role_id IS NOT NULL AS "mayLogIn"
      FROM api_user WHERE username_key = $1`,
}

interface AccountRow {
  readonly id: number
  readonly keyHash: string
  readonly mayLogIn: boolean
}

/** Checks API users in PostgreSQL. */
export class PostgresAccounts implements Credentials {
  constructor(private readonly database: Queryable) {}

  async check(username: string, apiKey: string): Promise<CheckedCredentials> {
    if (!isStorableText(username)) return { denial: 'unknown user', costly: false }
    // Refuse NULs here: scrypt treats a key and the same key followed by NULs as equal.
    if (!isStorableText(apiKey)) return { denial: 'wrong key', costly: false }
    const [account] = await this.database.query<AccountRow>(findAccount, [folded(username)])
    // An unknown name costs as much time as a known one, so that the time of an answer does not tell them
    // apart.
    const matches = await verifyKey(apiKey, account?.keyHash ?? UNMATCHABLE_HASH)
    if (!account) return { denial: 'unknown user', costly: true }
    if (!matches) return { denial: 'wrong key', costly: true }
    return account.mayLogIn ? { userId: account.id, costly: true } : { denial: 'inactive user', costly: true }
  }
}
