import { Overloaded } from '../contract/overloaded'

export interface CapacityLimits {
  /** The number of requests that are worked on at the same time. */
  readonly requests: number
  /** The number of bytes of unpacked bodies that are held in memory at the same time. */
  readonly bodyBytes: number
}

/**
 * Limits how much work this process does at the same time, so that too many requests do not exhaust its memory. A
 * request that finds no room is refused immediately; it does not wait.
 */
export class Capacity {
  #requests = 0
  #bodyBytes = 0

  constructor(private readonly limits: CapacityLimits) {}

  /** Counts a request while `work` runs. @throws Overloaded if there is no room; or what `work` throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#requests >= this.limits.requests) throw new Overloaded('requests')
    this.#requests++
    try {
      return await work()
    } finally {
      this.#requests--
    }
  }

  /** Returns the count of a new body, which holds no bytes yet. */
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

  /** Returns how much of each limit is in use now. */
  load(): CapacityLimits {
    return { requests: this.#requests, bodyBytes: this.#bodyBytes }
  }
}

/**
 * Counts the bytes of one body that are in memory. Only bytes that have arrived count; an announced length does not.
 */
export interface HeldBody {
  /** Checks that there is room now for this many bytes, and reserves none. @throws Overloaded */
  expect(bytes: number): void
  /** Counts bytes that have arrived. @throws Overloaded */
  add(bytes: number): void
  /** Stops counting the bytes of this body. */
  release(): void
}
