import { LoginGuard } from '../api/loginGuard'
import type { Accounts } from '../api/ports'
import type { Settings } from '../settings/settings'
import { PostgresAccounts } from '../store/access/accounts'
import { PostgresLoginFailures } from '../store/access/loginFailures'
import type { Database } from '../store/database/database'

/** Returns the accounts that may log in, with the limits for failed attempts. */
export function accountsOf(
  database: Database,
  settings: Settings,
  now: () => Date = () => new Date(),
): Accounts {
  return new LoginGuard({
    credentials: new PostgresAccounts(database),
    failures: new PostgresLoginFailures(database),
    limits: {
      failuresPerUser: settings.loginFailuresPerUser,
      failuresPerAddress: settings.loginFailuresPerAddress,
      longestBlockSeconds: settings.loginLongestBlock,
    },
    now,
  })
}
