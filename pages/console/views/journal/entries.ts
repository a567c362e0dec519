import type { Desk } from '../../kit/page.js'
import { messageOf } from '../../kit/page.js'
import type { JournalEntry } from '../../kit/shapes.js'

/** As many as a page can show without tiring anybody. */
const KEPT = 300

/** The last calls, newest first, and every new one as it arrives. */
export class Entries {
  #entries: readonly JournalEntry[] = []
  #stream: EventSource | null = null
  #problem: string | null = null
  #isLoaded = false

  constructor(
    private readonly desk: Desk,
    private readonly onArrived: (entry: JournalEntry) => void,
  ) {}

  get all(): readonly JournalEntry[] {
    return this.#entries
  }

  get problem(): string | null {
    return this.#problem
  }

  get isLoaded(): boolean {
    return this.#isLoaded
  }

  get isLive(): boolean {
    return this.#stream !== null
  }

  /** Listens first, then asks for what was before: nothing falls between. */
  async start(): Promise<void> {
    this.resume()
    await this.load()
  }

  async load(): Promise<void> {
    try {
      this.#take(await this.desk.api.get<readonly JournalEntry[]>(`/journal?limit=${KEPT}`))
      this.#problem = null
    } catch (thrown) {
      this.#problem = messageOf(thrown)
    }
    this.#isLoaded = true
    this.desk.redraw()
  }

  resume(): void {
    this.#stream = this.desk.api.stream('/journal/stream')
    this.#stream.addEventListener('entry', ({ data }) => {
      const entry = JSON.parse(data) as JournalEntry
      this.#take([entry])
      this.onArrived(entry)
      this.desk.redraw()
    })
  }

  pause(): void {
    this.#stream?.close()
    this.#stream = null
  }

  async clear(): Promise<void> {
    await this.desk.api.delete('/journal')
    this.#entries = []
  }

  #take(entries: readonly JournalEntry[]): void {
    const byId = new Map([...this.#entries, ...entries].map((entry) => [entry.id, entry]))
    this.#entries = [...byId.values()].sort((one, other) => other.id - one.id).slice(0, KEPT)
  }
}
