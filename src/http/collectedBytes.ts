/** What is taken on trust of a body's announced length, in bytes; the rest when as much has come. */
const TRUSTED = 1024 * 1024

/**
 * Bytes as they come, in one buffer from the start: to hold them in pieces and join these would take twice as much.
 * What is announced, but never comes, takes no memory to speak of.
 */
export class CollectedBytes {
  #buffer: Buffer
  #length = 0

  /** @param announced how many are to come, in bytes; null when nobody says */
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
