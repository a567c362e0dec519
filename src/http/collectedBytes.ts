/** How many bytes of an announced length are allocated at once. More is allocated only after this many have arrived. */
const TRUSTED = 1024 * 1024

/**
 * Collects the bytes of a body in one buffer. Collecting pieces and joining them would need twice the memory. A client
 * that announces a large body but does not send it takes up only a little memory.
 */
export class CollectedBytes {
  #buffer: Buffer
  #length = 0

  /** @param announced the announced length in bytes; null if there is none */
  constructor(private readonly announced: number | null) {
    this.#buffer = Buffer.allocUnsafe(Math.min(announced ?? 0, TRUSTED))
  }

  get length(): number {
    return this.#length
  }

  add(chunk: Uint8Array): void {
    const length = this.#length + chunk.length
    if (length > this.#buffer.length) this.#grow(length)
    this.#buffer.set(chunk, this.#length)
    this.#length = length
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  #grow(atLeast: number): void {
    const larger = Buffer.allocUnsafe(Math.max(atLeast, this.announced ?? 0, 2 * this.#buffer.length))
    larger.set(this.bytes())
    this.#buffer = larger
  }
}
