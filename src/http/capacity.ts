import { Overloaded } from '../contract/overloaded'
import { BodyWeight } from './bodyWeight'
import { HeapRoom } from './heapRoom'

export interface CapacityLimits {
  /** The number of requests that are worked on at the same time. */
  readonly requests: number
  /** The number of bytes of unpacked bodies that are held in memory at the same time. */
  readonly bodyBytes: number
  /** The number of heap bytes that decoded bodies may use at the same time. */
  readonly heapBytes: number
}

/**
 * Limits how much work this process does at the same time, so that too many requests do not exhaust its memory. A
 * request that finds no room is refused immediately; only a body that has arrived waits a while for room in the heap.
 */
export class Capacity {
  #requests = 0
  #bodyBytes = 0
  readonly #heap: HeapRoom

  constructor(private readonly limits: CapacityLimits) {
    this.#heap = new HeapRoom(limits.heapBytes)
  }

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
    const weight = new BodyWeight()
    return {
      expect: (bytes) => this.#requireRoom(bytes),
      add: (chunk) => {
        this.#requireRoom(chunk.length)
        held += chunk.length
        this.#bodyBytes += chunk.length
        weight.add(chunk)
        return weight.heapBytes() <= this.limits.heapBytes
      },
      decoded: (work) => this.#heap.run(weight.heapBytes(), work),
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
  load(): Pick<CapacityLimits, 'requests' | 'bodyBytes'> {
    return { requests: this.#requests, bodyBytes: this.#bodyBytes }
  }
}

/**
 * Counts the bytes of one body that are in memory. Only bytes that have arrived count; an announced length does not.
 */
export interface HeldBody {
  /** Checks that there is room now for this many bytes, and reserves none. @throws Overloaded */
  expect(bytes: number): void
  /** Counts bytes that have arrived; false if the heap has not the room to decode them. @throws Overloaded */
  add(chunk: Buffer): boolean
  /** Waits for room in the heap, and takes it while `work` decodes the body and answers. @throws Overloaded, or what it throws */
  decoded<T>(work: () => Promise<T>): Promise<T>
  /** Stops counting the bytes of this body. */
  release(): void
}
