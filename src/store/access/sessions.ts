import { createHash, randomBytes } from 'node:crypto'
import type { ApiSession, InspectableSessions } from '../../api/ports'
import type { Queryable } from '../database/database'

const openSession = {
  name: 'open_session',
  text: `
    INSERT INTO api_session (session_hash, user_id, seen_at) VALUES ($1, $2, $3)
    ON CONFLICT (session_hash) DO NOTHING RETURNING 1`,
}

const findSession = {
  name: 'find_session',
  text: `
    SELECT user_account.username, session.seen_at,
           ARRAY(SELECT resource_id FROM api_rule rule WHERE rule.role_id = user_account.role_id) AS rules
      FROM api_session session
      JOIN api_user user_account USING (user_id)
     WHERE session.session_hash = $1 AND session.seen_at >= $2
       AND user_account.is_active AND user_account.role_id IS NOT NULL`,
}

const renewSession = {
  name: 'renew_session',
  text: 'UPDATE api_session SET seen_at = $2 WHERE session_hash = $1',
}

const isSession = { name: 'is_session', text: 'SELECT 1 FROM api_session WHERE session_hash = $1' }

const closeSession = { name: 'close_session', text: 'DELETE FROM api_session WHERE session_hash = $1' }

/**
 * Drops a limited number of expired sessions at each login. So no other clean-up is needed, and no login has
 * to do all of it.
 */
const dropExpired = {
  name: 'drop_expired_sessions',
  text: `
    DELETE FROM api_session WHERE session_hash IN (
      SELECT session_hash FROM api_session WHERE seen_at < $1 ORDER BY seen_at LIMIT 20 FOR UPDATE SKIP LOCKED)`,
}

const SESSION_ID = /^[0-9a-f]{32}$/

/** A call within this time of the last one does not write the session again (docs/decisions/005-session-renewal.md). */
const LONGEST_RENEWAL_INTERVAL_MS = 1000
const RENEWALS_IN_A_LIFETIME = 10

interface SessionRow {
  readonly username: string
  readonly seen_at: Date
  readonly rules: readonly string[]
}

export interface SessionOptions {
  /** Sessions of one purpose are unknown to the other: a client's session is never an operator's. */
  readonly purpose?: 'api' | 'console'
  readonly lifetimeSeconds: number
  readonly now: () => Date
  /** Makes ids of 32 hex digits; by default, they are random. */
  readonly newId?: (() => string) | undefined
}

/** Sessions in PostgreSQL, under the hash of their ids. */
export class PostgresSessions implements InspectableSessions {
  constructor(
    private readonly database: Queryable,
    private readonly options: SessionOptions,
  ) {}

  async open(userId: number): Promise<string> {
    const { now, newId = randomId } = this.options
    await this.database.query(dropExpired, [this.#oldest()])
    // An id of a repeating sequence may exist already, from before the sequence began again.
    for (;;) {
      const sessionId = newId()
      const opened = await this.database.query(openSession, [this.#hashOf(sessionId), userId, now()])
      if (opened.length === 1) return sessionId
    }
  }

  async newAnonymousId(): Promise<string> {
    const { newId } = this.options
    if (!newId) return randomId()
    // An id that is foreseen may be somebody's session.
    for (;;) {
      const sessionId = newId()
      const taken = await this.database.query(isSession, [this.#hashOf(sessionId)])
      if (taken.length === 0) return sessionId
    }
  }

  async find(sessionId: string): Promise<ApiSession | null> {
    const row = await this.#alive(sessionId)
    if (!row) return null
    const now = this.options.now()
    if (now.getTime() - row.seen_at.getTime() >= this.#renewalInterval()) {
      await this.database.query(renewSession, [this.#hashOf(sessionId), now])
    }
    return sessionOf(row)
  }

  async peek(sessionId: string): Promise<ApiSession | null> {
    const row = await this.#alive(sessionId)
    return row && sessionOf(row)
  }

  async close(sessionId: string): Promise<void> {
    if (SESSION_ID.test(sessionId)) await this.database.query(closeSession, [this.#hashOf(sessionId)])
  }

  async #alive(sessionId: string): Promise<SessionRow | null> {
    if (!SESSION_ID.test(sessionId)) return null
    const values = [this.#hashOf(sessionId), this.#oldest()]
    const [row] = await this.database.query<SessionRow>(findSession, values)
    return row ?? null
  }

  #hashOf(sessionId: string): Buffer {
    return hashOfSession(sessionId, this.options.purpose)
  }

  #renewalInterval(): number {
    const share = (this.options.lifetimeSeconds * 1000) / RENEWALS_IN_A_LIFETIME
    return Math.min(share, LONGEST_RENEWAL_INTERVAL_MS)
  }

  #oldest(): Date {
    return new Date(this.options.now().getTime() - this.options.lifetimeSeconds * 1000)
  }
}

function sessionOf({ username, rules }: SessionRow): ApiSession {
  return { username, rules: new Set(rules) }
}

/** Under which a session is stored, so that nobody who reads the database has its id. */
export function hashOfSession(sessionId: string, purpose: SessionOptions['purpose'] = 'api'): Buffer {
  const named = purpose === 'api' ? sessionId : `${purpose}:${sessionId}`
  return createHash('sha256').update(named).digest()
}

function randomId(): string {
  return randomBytes(16).toString('hex')
}
