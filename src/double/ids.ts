import { createHash, randomBytes } from 'node:crypto'

/**
 * Session ids: random, or in an order that repeats from each reset on. The n-th since then is the first 32 hex digits of
 * the SHA-256 of `session n`, in decimal digits from 1 on.
 */
export class SessionIds {
  #given = 0

  constructor(public isDeterministic: boolean) {}

  readonly next = (): string => {
    if (!this.isDeterministic) return randomBytes(16).toString('hex')
    this.#given++
    return createHash('sha256').update(`session ${this.#given}`).digest('hex').slice(0, 32)
  }

  /** Begins the order again. */
  restart(): void {
    this.#given = 0
  }
}
