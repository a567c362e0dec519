import { getHeapStatistics } from 'node:v8'
import { Overloaded } from '../contract/overloaded'

/** What the process has in its heap beside what it makes of bodies: its code, and the rest of its work. */
const RESERVED_BYTES = 80 * 1024 * 1024

/** In parts of the heap: a process with a very small one still answers calls. */
const LEAST_SHARE = 1 / 4

/** How long a body waits for others to be done. */
const LONGEST_WAIT_MS = 30_000

/** What there may be in the heap of all bodies together, in bytes, without the process running out of it. */
export function heapForBodies(): number {
  const { heap_size_limit: limit } = getHeapStatistics()
  return Math.floor(Math.max(limit - RESERVED_BYTES, limit * LEAST_SHARE))
}

interface Waiting {
  readonly need: number
  begin(): void
}

/**
 * The room in the heap for what is made of bodies. One that finds no room waits for those before it, in line, and is
 * turned away when it has waited too long. V8 ends a process whose heap is full, whatever it is doing.
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
