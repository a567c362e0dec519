import type { Log } from '../../contract/log'
import { type EndedExchange, type Entry, type Noted, noted } from './entry'
import type { Explanation } from './explanation'
import { Secrets } from './secrets'

export interface JournalParts {
  /** How many entries are kept. */
  readonly size: number
  /** How much memory they may take together, in bytes. */
  readonly bytes: number
  /** What a body says; null for what is no text. */
  readonly readText: (body: Buffer) => string | null
  /** Why the calls of an exchange came to what they did. Asked once the answer is sent. */
  readonly explain: (ended: EndedExchange, secrets: Secrets) => Promise<Explanation>
  readonly log: Log
}

/** Told of each new entry. */
export type Listener = (entry: Entry) => void

/** What was asked last, and what was answered: bounded in number and in memory, the oldest going first. */
export class Journal {
  readonly #secrets = new Secrets()
  readonly #listeners = new Set<Listener>()
  readonly #endings = new Set<() => void>()
  #kept: Noted[] = []
  #bytes = 0
  #lastId = 0
  /** Entries are told in the order of their requests' ends, each once it is explained. */
  #work: Promise<void> = Promise.resolve()
  /** What was under way when the journal was cleared belongs to nobody. */
  #generation = 0

  constructor(private readonly parts: JournalParts) {}

  get size(): number {
    return this.#kept.length
  }

  /** Newest last, once all that has been answered is in it. */
  async entries(): Promise<readonly Entry[]> {
    return (await this.whole()).map(({ entry }) => entry)
  }

  /** The entries with their texts in full. */
  async whole(): Promise<readonly Noted[]> {
    await this.#settled()
    return this.#kept
  }

  get secrets(): Secrets {
    return this.#secrets
  }

  /** Notes an exchange that is over. */
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

  /** Tells of every entry from now on. @param onEnd called when the server stops @returns what ends it */
  listen(listener: Listener, onEnd: () => void = () => {}): () => void {
    this.#listeners.add(listener)
    this.#endings.add(onEnd)
    return () => {
      this.#listeners.delete(listener)
      this.#endings.delete(onEnd)
    }
  }

  /** Lets go of all that listen, so that the server can stop. */
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

  /** An answer reaches its client before its exchange has ended here: what was sent before now is waited for. */
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
