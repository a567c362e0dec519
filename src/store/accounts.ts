import type { Accounts } from '../contract/session'
import type { Queryable } from './database'
import { folded } from './folded'
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

/** API users in PostgreSQL. */
export class PostgresAccounts implements Accounts {
  constructor(private readonly database: Queryable) {}

  async authenticate(username: string, apiKey: string): Promise<number | null> {
    // No name holds a NUL, and scrypt would take a key for another with NULs behind it.
    if (username.includes('\0') || apiKey.includes('\0')) return null
    const [account] = await this.database.query<AccountRow>(findAccount, [folded(username)])
    // A name that nobody has costs as much as one that exists: the time to answer does not tell which is which.
    const matches = await verifyKey(apiKey, account?.keyHash ?? UNMATCHABLE_HASH)
    return account?.mayLogIn && matches ? account.id : null
  }
}
