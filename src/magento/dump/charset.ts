/** Decodes texts of MySQL. */
export type Decode = (bytes: Uint8Array) => string

const UTF_8 = new TextDecoder('utf-8', { fatal: true })
/**
 * What MySQL's latin1, which is Windows' code page 1252, has from 0x80 to 0x9F; a character that is not there stays the control
 * character. Node's own decoder of that code page has these wrong in some versions.
 */
const FROM_80 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ'

/**
 * Returns what decodes texts of a character set. What is said to be UTF-8 and is not, is taken as latin1: dumps that name no
 * character set, or a wrong one, are usually that.
 *
 * @param charset as MySQL names it
 * @returns null for one that shops did not use
 */
export function decoderOf(charset: string): Decode | null {
  if (/^(?:utf8|utf8mb3|utf8mb4|ascii|binary)$/i.test(charset)) return utf8OrLatin1
  return /^latin1$/i.test(charset) ? latin1 : null
}

/** Decodes what names no character set: as UTF-8, or as latin1 where it is none. */
export function utf8OrLatin1(bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes)
  } catch {
    return latin1(bytes)
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(/[\u0080-\u009F]/g, (character) => FROM_80[character.charCodeAt(0) - 0x80] ?? character)
}
