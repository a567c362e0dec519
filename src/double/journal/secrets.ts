import { createHash } from 'node:crypto'

/** A session that the journal knows. */
export interface KnownSession {
  readonly number: number
  readonly id: string
  /**
   * The user who logged in, and the number of the entry; null for a session that was opened before the
   * journal recorded.
   */
  opened: { readonly user: string | null; readonly entry: number } | null
  /** The number of the entry that ended the session. */
  ended: number | null
}

/** A key that a client gave, without the key itself. */
export interface KnownKey {
  readonly number: number
  readonly username: string
  /** Whether the login with it succeeded. */
  readonly isRight: boolean
}

const MOST_REMEMBERED = 10_000
const MOST_SOUGHT = 500

/**
 * Shorter keys are not searched for, because they occur in too many texts by chance. In the place of a key
 * they are still hidden.
 */
const SHORTEST_SOUGHT = 4

/**
 * The secrets that must not be shown, with the numbers that are shown in their place. Keys are remembered so
 * that they are hidden in any other place as well. No method returns a key.
 */
export class Secrets {
  readonly #sessions = new Map<string, KnownSession>()
  readonly #keys = new Map<string, KnownKey>()
  readonly #sought = new Set<string>()
  #lastSession = 0
  #lastKey = 0

  session(id: string): KnownSession {
    const known = this.#sessions.get(id)
    if (known) return known
    const session: KnownSession = { number: ++this.#lastSession, id, opened: null, ended: null }
    this.#sessions.set(id, session)
    dropOldest(this.#sessions)
    return session
  }

  /** Returns what is known of a session; null for an unknown one. */
  knownSession(id: string): KnownSession | null {
    return this.#sessions.get(id) ?? null
  }

  /** Remembers a key that a login gave for a user. */
  key(username: string, key: string, isRight: boolean): KnownKey {
    const name = nameOf(username, key)
    const known = this.#keys.get(name)
    const current =
      known && known.isRight === isRight
        ? known
        : { number: known?.number ?? ++this.#lastKey, username, isRight }
    this.#keys.set(name, current)
    dropOldest(this.#keys)
    if (key.length >= SHORTEST_SOUGHT) this.#sought.add(key)
    dropOldest(this.#sought, MOST_SOUGHT)
    return current
  }

  keyNumbered(number: number): KnownKey | null {
    return [...this.#keys.values()].find((key) => key.number === number) ?? null
  }

  /** Returns the known key of the user's last successful login; null when there was none. */
  rightKeyOf(username: string): KnownKey | null {
    const keys = [...this.#keys.values()].filter((key) => key.isRight && isSameName(key.username, username))
    return keys.at(-1) ?? null
  }

  /** Whether a key occurs anywhere in the text. */
  standsIn(text: string): boolean {
    for (const key of this.#sought) if (text.includes(key)) return true
    return false
  }

  /** Begins the numbers again. Keys are still searched for, because they are still secret. */
  clear(): void {
    this.#sessions.clear()
    this.#keys.clear()
    this.#lastSession = 0
    this.#lastKey = 0
  }
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function nameOf(username: string, key: string): string {
  return createHash('sha256').update(`${username.toLowerCase()}\0${key}`).digest('hex')
}

function dropOldest(collection: Map<string, unknown> | Set<string>, most = MOST_REMEMBERED): void {
  if (collection.size <= most) return
  const [oldest] = collection.keys()
  if (oldest !== undefined) collection.delete(oldest)
}
