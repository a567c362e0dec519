import { getHeapStatistics } from 'node:v8'
import { Overloaded } from '../contract/overloaded'

/** The heap that the process needs for its code and other work. */
const RESERVED_BYTES = 80 * 1024 * 1024

/** The smallest share of the heap that is kept for bodies, so that a small process still answers. */
const LEAST_SHARE = 1 / 4

/** The longest time that a body waits for room. */
const LONGEST_WAIT_MS = 30_000

/** Returns how many bytes of the heap all bodies together may use. */
export function heapForBodies(): number {
  const { heap_size_limit: limit } = getHeapStatistics()
  return Math.floor(Math.max(limit - RESERVED_BYTES, limit * LEAST_SHARE))
}

interface Waiting {
  readonly need: number
  begin(): void
}

/**
 * Gives bodies room in the heap. A body without room waits in line, and is refused after a time limit, because V8 ends
 * a process whose heap is full.
 */
export class HeapRoom {
  #taken = 0
  readonly #line: Waiting[] = []

  constructor(private readonly bytes: number) {}

  /** Takes room while `work` runs. `need`, in bytes, is at most all of the room. @throws Overloaded; or what `work` throws */
  async run<T>(need: number, work: () => Promise<T>): Promise<T> {
    if (this.#line.length > 0 || !this.#fits(need)) await this.#turn(need)
    else this.#taken += need
    try {
      return await work()
    } finally {
      this.#taken -= need
      this.#callNext()
    }
  }

  #fits(need: number): boolean {
    return this.#taken + need <= this.bytes
  }

  #turn(need: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        need,
        begin: () => {
          clearTimeout(timer)
          this.#taken += need
          resolve()
        },
      }
      const timer = setTimeout(() => {
        this.#line.splice(this.#line.indexOf(waiting), 1)
        this.#callNext()
        reject(new Overloaded('bodies'))
      }, LONGEST_WAIT_MS)
      this.#line.push(waiting)
    })
  }

  #callNext(): void {
    for (let [next] = this.#line; next !== undefined && this.#fits(next.need); [next] = this.#line) {
      this.#line.shift()
      next.begin()
    }
  }
}
