import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '../contract/log'
import { outageOf } from '../contract/outage'

/** The longest time for one check. Callers stop waiting after that. */
const LONGEST_CHECK_MS = 3000

/** The time for which a result is reused, in milliseconds. A failure is checked again sooner. */
const BELIEVED_MS = { ok: 5000, failed: 1000 } as const

type Outcome = keyof typeof BELIEVED_MS

/** What is ready, check by check. */
export interface ReadinessState {
  readonly status: Outcome | 'stopping'
  readonly [check: string]: Outcome | 'stopping'
}

/** Whether a server can do its work: all checks pass, and nobody has told it to stop. */
export class Readiness {
  #isStopping = false
  #latest: Promise<ReadinessState> | null = null
  /** The time from which the result is old; Infinity while checks run. */
  #oldFrom = 0
  readonly #failing = new Set<string>()

  /**
   * @param checks each throws when what it is named after cannot be used
   * @param now the time in milliseconds, from any moment on
   */
  constructor(
    private readonly checks: Readonly<Record<string, () => Promise<unknown>>>,
    private readonly log: Log,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Says from now on that the server stops, for it to get no more requests. */
  announceStop(): void {
    this.#isStopping = true
  }

  /** Returns the result of the checks, at most some seconds old. Simultaneous callers share one run. */
  async state(): Promise<ReadinessState> {
    if (this.#isStopping) return { status: 'stopping' }
    if (this.#latest === null || this.now() >= this.#oldFrom) {
      this.#oldFrom = Number.POSITIVE_INFINITY
      this.#latest = this.#find()
    }
    return this.#latest
  }

  async #find(): Promise<ReadinessState> {
    const found = await Promise.all(
      Object.entries(this.checks).map(
        async ([name, check]) => [name, await this.#outcome(name, check)] as const,
      ),
    )
    const status = found.every(([, outcome]) => outcome === 'ok') ? 'ok' : 'failed'
    this.#oldFrom = this.now() + BELIEVED_MS[status]
    return { status, ...Object.fromEntries(found) }
  }

  /** Runs one check. Logs it only when it begins to fail. */
  async #outcome(name: string, check: () => Promise<unknown>): Promise<Outcome> {
    try {
      await inTime(check())
      this.#failing.delete(name)
      return 'ok'
    } catch (err) {
      const isTold = this.#failing.has(name) || outageOf(err) !== null
      if (!isTold) this.log.error({ err, check: name }, 'not ready')
      this.#failing.add(name)
      return 'failed'
    }
  }
}

async function inTime(check: Promise<unknown>): Promise<void> {
  const patience = new AbortController()
  const late = pause(LONGEST_CHECK_MS, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`no answer within ${LONGEST_CHECK_MS} ms`)
  })
  try {
    await Promise.race([check, late])
  } finally {
    patience.abort()
    late.catch(() => undefined)
  }
}
