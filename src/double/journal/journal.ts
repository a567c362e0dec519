import type { Log } from '../../contract/log'
import { type EndedExchange, type Entry, type Noted, noted } from './entry'
import type { Explanation } from './explanation'
import { Secrets } from './secrets'

export interface JournalParts {
  /** How many entries are kept. */
  readonly size: number
  /** How much memory all entries may take together, in bytes. */
  readonly bytes: number
  /** Returns the text of a body; null for a body that is not text. */
  readonly readText: (body: Buffer) => string | null
  /** Explains the results of an exchange's calls. Called once the answer has been sent. */
  readonly explain: (ended: EndedExchange, secrets: Secrets) => Promise<Explanation>
  readonly log: Log
}

/** Called with each new entry. */
export type Listener = (entry: Entry) => void

/**
 * The latest requests and their answers. Their number and memory are bounded; the oldest entries go first.
 */
export class Journal {
  readonly #secrets = new Secrets()
  readonly #listeners = new Set<Listener>()
  readonly #endings = new Set<() => void>()
  #kept: Noted[] = []
  #bytes = 0
  #lastId = 0
  /**
   * The queue that adds entries in the order in which their requests ended, each once it has been explained.
   */
  #work: Promise<void> = Promise.resolve()
  /**
   * Counts the clearings. Exchanges that ended before the latest clearing are dropped, even if they wait for
   * an explanation.
   */
  #generation = 0

  constructor(private readonly parts: JournalParts) {}

  get size(): number {
    return this.#kept.length
  }

  /** Returns the entries, newest last, once every answered request has its entry. */
  async entries(): Promise<readonly Entry[]> {
    return (await this.whole()).map(({ entry }) => entry)
  }

  /** Returns the entries with their full texts. */
  async whole(): Promise<readonly Noted[]> {
    await this.#settled()
    return this.#kept
  }

  get secrets(): Secrets {
    return this.#secrets
  }

  /** Adds an exchange that has ended. */
  add(ended: EndedExchange): void {
    const generation = this.#generation
    this.#work = this.#work.then(async () => {
      if (generation !== this.#generation) return
      try {
        const next = noted(++this.#lastId, ended, this.#secrets, this.parts.readText)
        const explanation = await this.#explained(ended)
        if (generation === this.#generation) this.#keep(next, explanation)
      } catch (err) {
        this.parts.log.error({ err }, 'a request was not journaled')
      }
    })
  }

  clear(): void {
    this.#generation++
    this.#kept = []
    this.#bytes = 0
    this.#lastId = 0
    this.#secrets.clear()
  }

  /**
   * Calls the listener for every entry from now on.
   *
   * @param onEnd called when the server stops
   * @returns a function that ends it
   */
  listen(listener: Listener, onEnd: () => void = () => {}): () => void {
    this.#listeners.add(listener)
    this.#endings.add(onEnd)
    return () => {
      this.#listeners.delete(listener)
      this.#endings.delete(onEnd)
    }
  }

  /** Ends all subscriptions, so that the server can stop. */
  close(): void {
    for (const end of this.#endings) end()
    this.#listeners.clear()
    this.#endings.clear()
  }

  async #explained(ended: EndedExchange): Promise<Explanation> {
    try {
      return await this.parts.explain(ended, this.#secrets)
    } catch (err) {
      this.parts.log.error({ err }, 'a call was not explained')
      return { calls: [], request: null }
    }
  }

  #keep(next: Noted, explanation: Explanation): void {
    explain(next.entry, explanation)
    this.#kept.push(next)
    this.#bytes += next.size
    while (this.#kept.length > this.parts.size || (this.#bytes > this.parts.bytes && this.#kept.length > 1)) {
      this.#bytes -= this.#kept.shift()?.size ?? 0
    }
    for (const listener of this.#listeners) listener(next.entry)
  }

  /**
   * Waits for the exchanges of all answers sent so far. A client receives its answer before its exchange has
   * ended here.
   */
  async #settled(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    await this.#work
  }
}

function explain(entry: Entry, { calls, request }: Explanation): void {
  calls.forEach(({ reason, hints }, index) => {
    const call = entry.calls[index]
    if (call) Object.assign(call, { reason, hints })
  })
  entry.reason = entry.calls.find((call) => call.reason !== null)?.reason ?? request
  entry.hints = entry.calls.flatMap((call) => call.hints)
}
