/** The heap bytes that one byte of text may need while it is decoded: two for each character, as it was and unescaped. */
const HEAP_OF_BYTE = 4

/** The heap bytes that one value may need: an XML element, or a JSON object without members. */
const HEAP_OF_VALUE = 512

/** The largest number of values that any decoder accepts. */
const MOST_VALUES = 250_000

/** The bytes that mark values: every value has one before or behind it, in every format. Base64 and plain text have few. */
const MARKS = Buffer.from('{[,<=&')

const IS_MARK = Uint8Array.from({ length: 256 }, (_, byte) => (MARKS.includes(byte) ? 1 : 0))

/** Tells from the bytes of a body, as they come, how much of the heap may be needed to decode it. */
export class BodyWeight {
  #bytes = 0
  #marks = 0

  add(chunk: Buffer): void {
    this.#bytes += chunk.length
    let marks = 0
    for (let at = 0; at < chunk.length; at++) marks += IS_MARK[chunk[at] ?? 0] ?? 0
    this.#marks += marks
  }

  /** Returns the heap that the body may need so far, in bytes. */
  heapBytes(): number {
    return this.#bytes * HEAP_OF_BYTE + Math.min(this.#marks, MOST_VALUES) * HEAP_OF_VALUE
  }
}

/** Returns the most heap, in bytes, that a body of this many bytes can need. */
export function heapOf(bodyBytes: number): number {
  return bodyBytes * HEAP_OF_BYTE + MOST_VALUES * HEAP_OF_VALUE
}

/** Returns the length, in bytes, of the longest text whose body fits into this much heap. */
export function longestTextIn(heapBytes: number): number {
  return Math.floor(heapBytes / HEAP_OF_BYTE)
}
