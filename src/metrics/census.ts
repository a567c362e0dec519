/** How long a count is good, in milliseconds: to count takes a look at the whole store. */
const GOOD_MS = 3_600_000

/** A count that is too dear for each look at the metrics. */
export class Census<Count> {
  #latest: Count | null = null
  /** When the next is due; Infinity while one is being taken. */
  #dueAt = 0

  /** @param now the time in milliseconds, from any moment on */
  constructor(
    private readonly take: () => Promise<Count>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * The last count; null before the first is done, and after one that failed. Takes another in the background when the
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
    // Why the store or the database cannot be read, their own metrics and the log tell.
    this.#latest = await this.take().catch(() => null)
    this.#dueAt = this.now() + GOOD_MS
  }
}
