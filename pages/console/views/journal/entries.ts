import type { PageContext } from '../../kit/page.js'
import { messageOf } from '../../kit/page.js'
import type { JournalEntry } from '../../kit/shapes.js'

/** The number of entries that the page shows. */
const KEPT = 300

/** The latest entries, newest first. New ones are added as they arrive. */
export class Entries {
  #entries: readonly JournalEntry[] = []
  #stream: EventSource | null = null
  #problem: string | null = null
  #isLoaded = false

  constructor(
    private readonly context: PageContext,
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

  /** Opens the stream first, and then loads the earlier entries, so that none is missed in between. */
  async start(): Promise<void> {
    this.resume()
    await this.load()
  }

  async load(): Promise<void> {
    try {
      this.#take(await this.context.api.get<readonly JournalEntry[]>(`/journal?limit=${KEPT}`))
      this.#problem = null
    } catch (thrown) {
      this.#problem = messageOf(thrown)
    }
    this.#isLoaded = true
    this.context.redraw()
  }

  resume(): void {
    this.#stream = this.context.api.stream('/journal/stream')
    this.#stream.addEventListener('entry', ({ data }) => {
      const entry = JSON.parse(data) as JournalEntry
      this.#take([entry])
      this.onArrived(entry)
      this.context.redraw()
    })
  }

  pause(): void {
    this.#stream?.close()
    this.#stream = null
  }

  async clear(): Promise<void> {
    await this.context.api.delete('/journal')
    this.#entries = []
  }

  #take(entries: readonly JournalEntry[]): void {
    const byId = new Map([...this.#entries, ...entries].map((entry) => [entry.id, entry]))
    this.#entries = [...byId.values()].sort((one, other) => other.id - one.id).slice(0, KEPT)
  }
}
