import { createHash } from 'node:crypto'
import type { FailureCount, LoginFailures, LoginSubject } from '../../api/ports'
import { networkOf } from '../../contract/clientNetwork'
import { folded } from '../../contract/folded'
import type { Queryable } from '../database/database'

const findFailures = {
  name: 'find_login_failures',
  text: 'SELECT subject, failures, failed_at FROM login_failure WHERE subject = ANY($1::bytea[]) AND failed_at >= $2',
}

/** Adds failures in the order of the subjects, so that no two logins wait for each other. */
const addFailure = {
  name: 'add_login_failure',
  text: `
    INSERT INTO login_failure AS seen (subject, failures, failed_at)
    SELECT subject, 1, $2 FROM unnest($1::bytea[]) AS given (subject) ORDER BY subject
    ON CONFLICT (subject) DO UPDATE
       SET failures = CASE WHEN seen.failed_at < $3 THEN 1 ELSE least(seen.failures + 1, 1000000) END,
           failed_at = greatest(seen.failed_at, $2)`,
}

const forgetFailures = { name: 'forget_login_failures', text: 'DELETE FROM login_failure WHERE subject = $1' }

/**
 * Drops a limited number of old rows at each failure, which adds at most two. So no other clean-up is needed.
 */
const dropOldFailures = {
  name: 'drop_old_login_failures',
  text: `
    DELETE FROM login_failure WHERE subject IN (
      SELECT subject FROM login_failure WHERE failed_at < $1 ORDER BY failed_at LIMIT 20 FOR UPDATE SKIP LOCKED)`,
}

/** After how many failures of this process the counts beyond the bound are dropped, and how many: more than came. */
const FAILURES_BETWEEN_DROPS = 100
const DROPPED_AT_ONCE = 1000

/**
 * More than a process can be made to count in 15 minutes, for each guess costs a hash of a key: who guesses does not push
 * out the count that blocks him.
 */
const MOST_COUNTS = 200_000

/** The oldest beyond a number. Those that are being written are left to the next time, so that nothing waits. */
const dropSurplusFailures = {
  name: 'drop_surplus_login_failures',
  text: `
    DELETE FROM login_failure WHERE subject IN (
      SELECT subject FROM login_failure
       WHERE failed_at < (SELECT failed_at FROM login_failure ORDER BY failed_at DESC OFFSET $1 - 1 LIMIT 1)
       ORDER BY failed_at LIMIT ${DROPPED_AT_ONCE} FOR UPDATE SKIP LOCKED)`,
}

interface FailureRow {
  readonly subject: Buffer
  readonly failures: number
  readonly failed_at: Date
}

/**
 * Failed logins in PostgreSQL, so that all processes count together; names and addresses only as hashes. Anybody can fail:
 * at most so many are counted, and the oldest are dropped.
 */
export class PostgresLoginFailures implements LoginFailures {
  #added = 0

  constructor(
    private readonly database: Queryable,
    private readonly mostCounts = MOST_COUNTS,
  ) {}

  async find(subjects: readonly LoginSubject[], since: Date): Promise<readonly (FailureCount | null)[]> {
    const keys = subjects.map(keyOf)
    const rows = await this.database.query<FailureRow>(findFailures, [keys, since])
    return keys.map((key) => {
      const row = rows.find(({ subject }) => subject.equals(key))
      return row ? { failures: row.failures, last: row.failed_at } : null
    })
  }

  async add(subjects: readonly LoginSubject[], now: Date, since: Date): Promise<void> {
    await this.database.query(dropOldFailures, [since])
    await this.database.query(addFailure, [subjects.map(keyOf), now, since])
    if (this.#added++ % FAILURES_BETWEEN_DROPS === 0)
      await this.database.query(dropSurplusFailures, [this.mostCounts])
  }

  async forget(subject: LoginSubject): Promise<void> {
    await this.database.query(forgetFailures, [keyOf(subject)])
  }
}

/** Returns a hash, which has the same length for any name, and does not reveal a mistyped one. */
function keyOf(subject: LoginSubject): Buffer {
  const [kind, text] =
    'user' in subject ? ['user', folded(subject.user)] : ['address', networkOf(subject.address)]
  return createHash('sha256').update(`${kind}\0${text}`).digest()
}
