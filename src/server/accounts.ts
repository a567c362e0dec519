import { LoginGuard, type LoginLimits } from '../api/loginGuard'
import type { Accounts } from '../api/ports'
import { TokenGuard } from '../api/tokenGuard'
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
    credentials: new PostgresAccounts(database, { oldKeysUntil: settings.oldKeysUntil, now }),
    failures: new PostgresLoginFailures(database),
    limits: limitsOf(settings),
    now,
  })
}

/** Who knows the control token, and how often it may be guessed; null where there is none. */
export function tokenGuardOf(database: Database, settings: Settings): TokenGuard | null {
  const { controlToken: token } = settings
  if (token === null) return null
  const failures = new PostgresLoginFailures(database)
  return new TokenGuard({ token, failures, limits: limitsOf(settings), now: () => new Date() })
}

function limitsOf(settings: Settings): LoginLimits {
  return {
    failuresPerUser: settings.loginFailuresPerUser,
    failuresPerAddress: settings.loginFailuresPerAddress,
    longestBlockSeconds: settings.loginLongestBlock,
  }
}
