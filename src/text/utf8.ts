/** Bytes of a body that are looked at in one step. */
export const SLICE = 64 * 1024

/**
 * UTF-8 as text, slice by slice, without its byte order mark. Throws a TypeError for what is no UTF-8.
 *
 * Each slice is decoded on its own: a decoder that remembers would make each a text of two bytes a character.
 */
export function* utf8Slices(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  while (start < bytes.length) {
    const end = endOfCharacter(bytes, start + SLICE)
    yield decoder.decode(bytes.subarray(start, end))
    start = end
  }
}

/** This place, or the one before it at which no character of UTF-8 is cut. */
function endOfCharacter(bytes: Uint8Array, place: number): number {
  if (place >= bytes.length) return bytes.length
  for (let start = place; start > place - 4; start--) if (!isContinuation(bytes[start])) return start
  return place
}

function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80
}
