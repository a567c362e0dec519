/** Decodes texts of MySQL. */
export type Decode = (bytes: Uint8Array) => string

const UTF_8 = new TextDecoder('utf-8', { fatal: true })
/** MySQL's latin1 is this. */
const WINDOWS_1252 = new TextDecoder('windows-1252')

/**
 * Returns what decodes texts of a character set. What is said to be UTF-8 and is not, is taken as latin1: dumps that name no
 * character set, or a wrong one, are usually that.
 *
 * @param charset as MySQL names it
 * @returns null for one that shops did not use
 */
export function decoderOf(charset: string): Decode | null {
  if (/^(?:utf8|utf8mb3|utf8mb4|ascii|binary)$/i.test(charset)) return utf8OrLatin1
  return /^latin1$/i.test(charset) ? (bytes) => WINDOWS_1252.decode(bytes) : null
}

function utf8OrLatin1(bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes)
  } catch {
    return WINDOWS_1252.decode(bytes)
  }
}
