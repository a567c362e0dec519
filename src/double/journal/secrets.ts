import { createHash } from 'node:crypto'

/** A session that the journal has heard of. */
export interface KnownSession {
  readonly number: number
  readonly id: string
  /** Who logged in, by which entry; null for one that was not opened while the journal looked. */
  opened: { readonly user: string | null; readonly entry: number } | null
  /** The entry that ended it. */
  ended: number | null
}

/** A key that somebody gave. */
export interface KnownKey {
  readonly number: number
  readonly username: string
  /** Whether it let them in. */
  readonly isRight: boolean
}

const MOST_REMEMBERED = 10_000
const MOST_SOUGHT = 500

/** Shorter ones stand in too many texts by chance; where they are given as a key they are hidden all the same. */
const SHORTEST_SOUGHT = 4

/**
 * What must not be shown, by the numbers that are shown in its place. Keys are remembered so that they are hidden
 * wherever else they turn up; nothing answers one.
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

  /** Null for one that was never heard of. */
  knownSession(id: string): KnownSession | null {
    return this.#sessions.get(id) ?? null
  }

  /** Remembers a key that was given for a user. */
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

  /** The key that let the user in last; null when nobody of that name has logged in. */
  rightKeyOf(username: string): KnownKey | null {
    const keys = [...this.#keys.values()].filter((key) => key.isRight && isSameName(key.username, username))
    return keys.at(-1) ?? null
  }

  /** Whether a key stands anywhere in the text. */
  standsIn(text: string): boolean {
    for (const key of this.#sought) if (text.includes(key)) return true
    return false
  }

  /** Numbers begin again. What is sought stays so: a key is no less secret. */
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
