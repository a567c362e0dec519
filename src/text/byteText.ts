import { isUtf8 } from 'node:buffer'

/**
 * Returns bytes as text, for a value that a client may use for text or for bytes. Bytes that are not UTF-8
 * become one character each, so that the code that judges them sees that they are no text.
 */
export function bytesAsText(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
}

/**
 * Longest text that is decoded, in characters. A longer one would be an image in base64 inside base64, which
 * hardly anybody sends.
 */
const LONGEST = 16 * 1024 * 1024

/**
 * Up to this length, characters outside of the alphabet are skipped. In a longer text, only its padding is.
 */
const LONGEST_WITH_OTHERS = 1024 * 1024

const PADDING = /={1,2}[ \t\n\r]*$/

/**
 * Decodes base64. PHP skips characters outside of the alphabet; Node would decode `-` and `_` as letters of
 * it.
 *
 * @returns null for a text of more than 16 MB, and for one of more than 1 MB that has letters of another
 * alphabet, or padding before its end
 */
export function base64AsText(base64: string): string | null {
  if (base64.length <= LONGEST_WITH_OTHERS)
    return bytesAsText(Buffer.from(base64.replace(/[-_=]/g, ''), 'base64'))
  if (base64.length > LONGEST) return null
  const end = base64.slice(-LONGEST_END).search(PADDING)
  const digits = end < 0 ? base64 : base64.slice(0, base64.length - LONGEST_END + end)
  return ['-', '_', '='].some((other) => digits.includes(other))
    ? null
    : bytesAsText(Buffer.from(digits, 'base64'))
}

/** Characters at the end in which padding and line breaks are looked for. */
const LONGEST_END = 16
