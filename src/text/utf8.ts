/** Bytes of a body that are processed in one step. */
export const SLICE = 64 * 1024

/**
 * Decodes UTF-8, slice by slice, without its byte order mark. Throws a TypeError for bytes that are not
 * UTF-8.
 * Each slice is decoded on its own: a decoder that keeps state would return texts that take two bytes for
 * each character.
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

/** Returns this place, or the nearest place before it that cuts no character. */
function endOfCharacter(bytes: Uint8Array, place: number): number {
  if (place >= bytes.length) return bytes.length
  for (let start = place; start > place - 4; start--) if (!isContinuation(bytes[start])) return start
  return place
}

function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80
}
