/** The time for which a count stays valid, in milliseconds. Counting reads the whole store. */
const GOOD_MS = 3_600_000

/** Keeps a count that is too expensive to take each time the metrics are read. */
export class Census<Count> {
  #latest: Count | null = null
  /** The time of the next count; Infinity while one runs. */
  #dueAt = 0

  /** @param now the time in milliseconds, from any moment on */
  constructor(
    private readonly take: () => Promise<Count>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Returns the last count, or null before the first and after a failure. Starts a new count in the background if the
   * last is an hour old.
   */
  latest(): Count | null {
    if (this.now() >= this.#dueAt) {
      this.#dueAt = Number.POSITIVE_INFINITY
      void this.#renew()
    }
    return this.#latest
  }

  async #renew(): Promise<void> {
    // The metrics of store and database, and the log, already report this failure.
    this.#latest = await this.take().catch(() => null)
    this.#dueAt = this.now() + GOOD_MS
  }
}
