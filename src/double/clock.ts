/** The time as a test wants it: the real one, that one and an offset, or always the same. */
export class AdjustableClock {
  #offsetMs = 0
  #fixed: Date | null = null

  /** For whatever asks for the time. */
  readonly now = (): Date => new Date(this.#fixed ?? Date.now() + this.#offsetMs)

  get isFixed(): boolean {
    return this.#fixed !== null
  }

  /** Lets the time go on from then, or stand still. */
  set(now: Date, isFixed: boolean): void {
    this.#fixed = isFixed ? now : null
    this.#offsetMs = now.getTime() - Date.now()
  }

  /** Back to the real time. */
  reset(): void {
    this.#fixed = null
    this.#offsetMs = 0
  }
}
