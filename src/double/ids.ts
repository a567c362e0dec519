import { createHash, randomBytes } from 'node:crypto'

/**
 * Makes session ids: random ones, or a sequence that repeats after each reset. The n-th id of the sequence is
 * the first 32 hex digits of the SHA-256 of `session n`, with n in decimal digits from 1 on.
 */
export class SessionIds {
  #given = 0

  constructor(public isDeterministic: boolean) {}

  readonly next = (): string => {
    if (!this.isDeterministic) return randomBytes(16).toString('hex')
    this.#given++
    return createHash('sha256').update(`session ${this.#given}`).digest('hex').slice(0, 32)
  }

  /** Begins the sequence again. */
  restart(): void {
    this.#given = 0
  }
}
