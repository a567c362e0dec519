import { isLoopback } from '../contract/loopback'
import type { RequestContext } from '../contract/request'
import { isSameText } from '../contract/sameText'
import { isBlocked, type LoginLimits } from './loginGuard'
import type { LoginFailures } from './ports'

export interface TokenGuardParts {
  readonly token: string
  /** The failures of logins: guesses at the token and at keys count together. */
  readonly failures: LoginFailures
  readonly limits: Omit<LoginLimits, 'failuresPerUser'>
  readonly now: () => Date
}

/**
 * Lets those in who know a token, and slows those who guess: per address, as failed logins are. An address that is
 * blocked is denied even with the right token; the request's log line says why.
 */
export class TokenGuard {
  constructor(private readonly parts: TokenGuardParts) {}

  /** Tells whether this is the token, from an address that is not blocked. */
  async admits(given: string, request: RequestContext): Promise<boolean> {
    const { clientAddress: address } = request.origin
    const isExempt = isLoopback(address)
    if (!isExempt && (await this.#isBlocked(address))) return this.#denied(request)
    if (!isSameText(given, this.parts.token)) {
      request.notes.noteDenial('wrong control token', address)
      if (!isExempt) await this.parts.failures.add([{ address }], this.parts.now(), this.#since())
      return false
    }
    // Guesses that came together were all compared before the first was counted: a right one among them is denied too.
    return isExempt || !(await this.#isBlocked(address)) || this.#denied(request)
  }

  async #isBlocked(address: string): Promise<boolean> {
    const { failures, limits, now } = this.parts
    const [count = null] = await failures.find([{ address }], this.#since())
    return isBlocked(count, limits.failuresPerAddress, limits, now())
  }

  #denied({ origin, notes }: RequestContext): false {
    notes.noteDenial('too many failures from the address', origin.clientAddress)
    return false
  }

  #since(): Date {
    return new Date(this.parts.now().getTime() - this.parts.limits.longestBlockSeconds * 1000)
  }
}
