import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '../contract/log'
import { outageOf } from '../contract/outage'

/** How long a check may take. After that, whoever asks for the health has stopped waiting. */
const LONGEST_CHECK_MS = 3000

/** How long what the checks have found is told without asking them again. Who waits for a recovery learns of it soon. */
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
  /** When the latest is to be found anew; Infinity while it is being found. */
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

  /** What the checks have found, some seconds ago at most. Whoever asks meanwhile shares their work. */
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

  /** The log has one line for a check that begins to fail, not one for each time that somebody asks. */
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
