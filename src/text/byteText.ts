import { isUtf8 } from 'node:buffer'

/** Bytes as text, for a value that a client may use for either. Those that are no UTF-8 are kept one by one: they are no text, and what judges them must see that. */
export function bytesAsText(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
}

/** An image in here would be base64 in base64, which hardly anybody sends. */
const LONGEST = 16 * 1024 * 1024

/** Up to here, whatever is not of the alphabet is skipped; in a longer text nothing but its padding is. */
const LONGEST_WITH_OTHERS = 1024 * 1024

const PADDING = /={1,2}[ \t\n\r]*$/

/**
 * What base64 stands for. PHP skips what is not of the alphabet; Node would take `-` and `_` for letters of it.
 *
 * @returns null for a text of more than 16 MB, and for one of more than 1 MB that has letters of another alphabet, or
 * padding before its end
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

/** Of the padding, with a line's end behind it. */
const LONGEST_END = 16
