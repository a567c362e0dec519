import { Overloaded } from '../contract/overloaded'

export interface CapacityLimits {
  /** How many requests are worked on at once. */
  readonly requests: number
  /** How many bytes of bodies, unpacked, are held at once. */
  readonly bodyBytes: number
}

/**
 * What may be under way at once in this process, so that more than it can do costs it no memory. What finds no room is
 * turned away at once instead of waiting.
 */
export class Capacity {
  #requests = 0
  #bodyBytes = 0

  constructor(private readonly limits: CapacityLimits) {}

  /** Runs `work` as a request under way. @throws Overloaded, or what `work` throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#requests >= this.limits.requests) throw new Overloaded('requests')
    this.#requests++
    try {
      return await work()
    } finally {
      this.#requests--
    }
  }

  /** Begins a body, of which nothing is held yet. */
  body(): HeldBody {
    let held = 0
    return {
      expect: (bytes) => this.#requireRoom(bytes),
      add: (bytes) => {
        this.#requireRoom(bytes)
        held += bytes
        this.#bodyBytes += bytes
      },
      release: () => {
        this.#bodyBytes -= held
        held = 0
      },
    }
  }

  #requireRoom(bytes: number): void {
    if (this.#bodyBytes + bytes > this.limits.bodyBytes) throw new Overloaded('bodies')
  }

  /** What is under way now. */
  load(): CapacityLimits {
    return { requests: this.#requests, bodyBytes: this.#bodyBytes }
  }
}

/** The bytes that are held of one body. Only what has come counts: a length that is merely told takes no room. */
export interface HeldBody {
  /** @throws Overloaded when there is no room now for that many bytes */
  expect(bytes: number): void
  /** Holds bytes that have come. @throws Overloaded */
  add(bytes: number): void
  /** Gives all of them up. */
  release(): void
}
