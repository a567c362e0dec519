/** What waits, by client: each client has its turn after every other that waits, however much any of them waits for. */
export class RoundRobin<Item> {
  /** The clients in the order of their turns. */
  readonly #waiting = new Map<string, Item[]>()
  #size = 0

  /** How much waits. */
  get size(): number {
    return this.#size
  }

  /** Puts an item behind the others of its client. */
  add(client: string, item: Item): void {
    const items = this.#waiting.get(client)
    if (items) items.push(item)
    else this.#waiting.set(client, [item])
    this.#size++
  }

  /** Takes the oldest item of the client whose turn it is; undefined when nothing waits. */
  next(): Item | undefined {
    for (const [client, items] of this.#waiting) {
      const item = items.shift()
      this.#waiting.delete(client)
      if (items.length > 0) this.#waiting.set(client, items)
      this.#size--
      return item
    }
    return undefined
  }
}

/** Runs a few works at once, and takes those that wait from one client after the other. */
export class FairQueue {
  readonly #waiting = new RoundRobin<() => void>()
  #running = 0

  /** @param concurrency how many works run at once */
  constructor(private readonly concurrency: number) {}

  /** Works that run now, and that wait. */
  load(): { readonly running: number; readonly waiting: number } {
    return { running: this.#running, waiting: this.#waiting.size }
  }

  /** Runs `work` when its client's turn has come. Throws what the work throws. */
  async run<T>(client: string, work: () => Promise<T>): Promise<T> {
    if (this.#running < this.concurrency) this.#running++
    // Who ends hands its place over: nobody who comes meanwhile is before those who wait.
    else await new Promise<void>((begin) => this.#waiting.add(client, begin))
    try {
      return await work()
    } finally {
      const begin = this.#waiting.next()
      if (begin) begin()
      else this.#running--
    }
  }
}
