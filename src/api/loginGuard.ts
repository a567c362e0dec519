import { setTimeout as pause } from 'node:timers/promises'
import { isLoopback } from '../contract/loopback'
import type { RequestContext } from '../contract/request'
import type { Denial } from '../contract/requestNotes'
import type { Accounts, Credentials, FailureCount, LoginFailures, LoginSubject } from './ports'

/**
 * The longest name or key that is looked at, in characters. Hashing one as long as a body would delay all
 * other requests.
 */
const LONGEST_CREDENTIAL = 1024

export interface LoginLimits {
  /** Failures before a user name is blocked; 0 for no limit. */
  readonly failuresPerUser: number
  /** Failures before an address is blocked; 0 for no limit. */
  readonly failuresPerAddress: number
  /** The longest block, in seconds, and how long a failure is remembered. */
  readonly longestBlockSeconds: number
}

export interface LoginGuardParts {
  readonly credentials: Credentials
  readonly failures: LoginFailures
  readonly limits: LoginLimits
  readonly now: () => Date
}

/**
 * Admits users with the right key, and slows down guesses: per user name and per address, counted by all
 * processes together. Every denied login gets the same answer after about the same time; the request's log
 * line says why it was denied.
 */
export class LoginGuard implements Accounts {
  /** How long the last check of a key took, in milliseconds. */
  #checkMs = 0

  constructor(private readonly parts: LoginGuardParts) {}

  async authenticate(username: string, apiKey: string, request: RequestContext): Promise<number | null> {
    if (username.length > LONGEST_CREDENTIAL || apiKey.length > LONGEST_CREDENTIAL)
      return denied(request, 'unknown user')
    const { credentials, failures, now } = this.parts
    const user = { user: username }
    const address = request.origin.clientAddress
    // The machine itself, or a proxy that nobody has named: to block it would be to block everyone behind it.
    const subjects = isLoopback(address) ? [user] : [user, { address }]
    const blocked = await this.#blocked(subjects)
    if (blocked) {
      await pause(this.#checkMs)
      return denied(request, blocked)
    }
    const started = performance.now()
    const checked = await credentials.check(username, apiKey)
    if (checked.costly) this.#checkMs = performance.now() - started
    if ('denial' in checked) {
      await failures.add(subjects, now(), this.#since())
      return denied(request, checked.denial)
    }
    // Look again: a burst of guesses could otherwise all pass the first look.
    const late = await this.#blocked(subjects)
    if (late) return denied(request, late)
    await failures.forget(user)
    return checked.userId
  }

  async #blocked(subjects: readonly LoginSubject[]): Promise<Denial | null> {
    const { failures, limits, now } = this.parts
    const [user, address] = await failures.find(subjects, this.#since())
    const at = now()
    if (isBlocked(user ?? null, limits.failuresPerUser, limits, at)) return 'too many failures of the user'
    if (isBlocked(address ?? null, limits.failuresPerAddress, limits, at))
      return 'too many failures from the address'
    return null
  }

  #since(): Date {
    return new Date(this.parts.now().getTime() - this.parts.limits.longestBlockSeconds * 1000)
  }
}

function denied({ origin, notes }: RequestContext, denial: Denial): null {
  notes.noteDenial(denial, origin.clientAddress)
  return null
}

/**
 * Tells whether logins are blocked now. Each failure from the limit on blocks twice as long as the one
 * before, from one second up to the longest block.
 */
export function isBlocked(
  count: FailureCount | null,
  limit: number,
  { longestBlockSeconds }: Pick<LoginLimits, 'longestBlockSeconds'>,
  now: Date,
): boolean {
  if (!count || limit === 0 || count.failures < limit) return false
  const seconds = Math.min(2 ** (count.failures - limit), longestBlockSeconds)
  return now.getTime() < count.last.getTime() + seconds * 1000
}
