/** A clock that tests can set: it shows the real time, the real time plus an offset, or a fixed time. */
export class AdjustableClock {
  #offsetMs = 0
  #fixed: Date | null = null

  /** The current time of this clock. */
  readonly now = (): Date => new Date(this.#fixed ?? Date.now() + this.#offsetMs)

  get isFixed(): boolean {
    return this.#fixed !== null
  }

  /** Sets the clock. It goes on from this time, or stands still. */
  set(now: Date, isFixed: boolean): void {
    this.#fixed = isFixed ? now : null
    this.#offsetMs = now.getTime() - Date.now()
  }

  /** Sets the clock back to the real time. */
  reset(): void {
    this.#fixed = null
    this.#offsetMs = 0
  }
}
