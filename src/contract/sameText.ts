import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares two secrets. The time that it takes depends neither on the texts nor on their lengths. */
export function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
