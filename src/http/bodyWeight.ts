/** What a byte of text may take when it is decoded: two bytes for each character, once as it was and once unescaped. */
const HEAP_OF_BYTE = 4

/** What a value may take in the heap: an element of an XML document, or an object of JSON without members. */
const HEAP_OF_VALUE = 512

/** More values no decoder takes. */
const MOST_VALUES = 250_000

/** Before each value, or behind it, is one of these, whatever the format; base64 and plain text have few of them. */
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

  /** In bytes. */
  heapBytes(): number {
    return this.#bytes * HEAP_OF_BYTE + Math.min(this.#marks, MOST_VALUES) * HEAP_OF_VALUE
  }
}

/** What a body of so many bytes takes of the heap at most. In bytes. */
export function heapOf(bodyBytes: number): number {
  return bodyBytes * HEAP_OF_BYTE + MOST_VALUES * HEAP_OF_VALUE
}

/** The longest text of which a heap with so much room can bear the body. In bytes. */
export function longestTextIn(heapBytes: number): number {
  return Math.floor(heapBytes / HEAP_OF_BYTE)
}
