import { createHash } from 'node:crypto'

/**
 * A set of storage keys in little memory: at most 16 bytes for each key. It keeps 48 bits of the key's SHA-256. If a
 * million keys are looked up among a million others, the chance of one wrong match is about 1 in 300.
 */
export class KeySet {
  #marks = new Float64Array(1024)
  #count = 0
  #isSorted = true

  add(key: string): void {
    if (this.#count === this.#marks.length) {
      const larger = new Float64Array(this.#count * 2)
      larger.set(this.#marks)
      this.#marks = larger
    }
    this.#marks[this.#count++] = markOf(key)
    this.#isSorted = false
  }

  has(key: string): boolean {
    if (!this.#isSorted) this.#marks.subarray(0, this.#count).sort()
    this.#isSorted = true
    const mark = markOf(key)
    let [low, high] = [0, this.#count]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#marks[middle] ?? 0) < mark) low = middle + 1
      else high = middle
    }
    return low < this.#count && this.#marks[low] === mark
  }
}

function markOf(key: string): number {
  return createHash('sha256').update(key).digest().readUIntBE(0, 6)
}
