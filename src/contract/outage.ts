import type { ServerLog } from './log'

/** How long nothing may have failed before a success ends an outage: one that comes and goes is a single outage. */
const QUIET_MS = 3000
/** How many causes deep a failure is looked at. */
const DEEPEST_CAUSE = 5

const outages = new WeakMap<object, Outage>()

/** Returns the outage that a failure, or a cause of it, is a part of; null for a failure of another kind. */
export function outageOf(thrown: unknown): Outage | null {
  let failure = thrown
  for (let depth = 0; depth < DEEPEST_CAUSE && typeof failure === 'object' && failure !== null; depth++) {
    const outage = outages.get(failure)
    if (outage) return outage
    failure = 'cause' in failure ? failure.cause : undefined
  }
  return null
}

/**
 * What all calls need and does not work. The log tells its start, with the failure, and its end, with the number of calls
 * that have failed in between; it does not tell each of them.
 */
export class Outage {
  /** Null while all is well. */
  #since: number | null = null
  #lastFailure = 0
  #calls = 0

  /** @param now the time in milliseconds, from any moment on */
  constructor(
    private readonly what: 'database' | 'image store',
    private readonly log: ServerLog,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Says that it has failed. `err` is from now on known as part of this outage. */
  failed(err: unknown): void {
    if (typeof err === 'object' && err !== null) outages.set(err, this)
    this.#lastFailure = this.now()
    if (this.#since !== null) return
    this.#since = this.#lastFailure
    this.#calls = 0
    this.log.error(
      { err, outage: this.what },
      `the ${this.what} fails: calls that fail with it are counted until it works again`,
    )
  }

  /** Says that it has worked, which ends an outage in which nothing has failed for some seconds. */
  succeeded(): void {
    if (this.#since === null) return
    const now = this.now()
    if (now - this.#lastFailure < QUIET_MS) return
    const seconds = Math.round((now - this.#since) / 1000)
    this.#since = null
    this.log.info({ outage: this.what, failedCalls: this.#calls, seconds }, `the ${this.what} works again`)
  }

  /** Counts a call that has failed with it. */
  countCall(): void {
    this.#calls++
  }
}
