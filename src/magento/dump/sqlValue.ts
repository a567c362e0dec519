import type { SourceRow } from '../sourceRows'
import type { Decode } from './charset'

const QUOTE = 0x27
const DOUBLE_QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = 0x28
const CLOSE = 0x29
const COMMA = 0x2c
const PERCENT = 0x25
const UNDERSCORE = 0x5f

/** What a letter after a backslash stands for; any other stands for itself. */
const ESCAPED: ReadonlyMap<number, number> = new Map([
  [0x30, 0x00],
  [0x62, 0x08],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x5a, 0x1a],
])

/** How values are written. */
export interface ValueForm {
  readonly decode: Decode
  /** Whether a backslash escapes the next character. It does not in the mode NO_BACKSLASH_ESCAPES. */
  readonly hasEscapes: boolean
}

export interface ParsedRow {
  readonly values: SourceRow
  /** Where the bytes behind the row begin. */
  readonly end: number
}

/**
 * Reads a row such as `(1,'a',NULL,0xff)`.
 *
 * @param start where its parenthesis is
 * @returns 'incomplete' when the bytes end before the row does, and 'malformed' for what is no row
 */
export function rowIn(bytes: Buffer, start: number, form: ValueForm): ParsedRow | 'incomplete' | 'malformed' {
  const values: (string | null)[] = []
  let at = start + 1
  for (;;) {
    at = afterSpace(bytes, at)
    if (at >= bytes.length) return 'incomplete'
    const value = valueIn(bytes, at, form)
    if (value === null) return 'incomplete'
    values.push(value.value)
    at = afterSpace(bytes, value.end)
    if (at >= bytes.length) return 'incomplete'
    if (bytes[at] === CLOSE) return { values, end: at + 1 }
    if (bytes[at] !== COMMA) return 'malformed'
    at++
  }
}

interface ParsedValue {
  readonly value: string | null
  readonly end: number
}

/** Reads one value; null when the bytes end before it does. */
function valueIn(bytes: Buffer, start: number, form: ValueForm): ParsedValue | null {
  const first = bytes[start]
  if (first === QUOTE || first === DOUBLE_QUOTE) return quotedIn(bytes, start, form)
  let at = start
  for (let depth = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE || byte === DOUBLE_QUOTE) return introducedIn(bytes, start, at, form)
    if (byte === OPEN) depth++
    if (byte === CLOSE && depth-- === 0) break
    if (byte === COMMA && depth === 0) break
  }
  if (at >= bytes.length) return null
  return { value: bareValue(bytes.toString('latin1', start, at).trim(), form), end: at }
}

/** Reads what stands without quotes: NULL, a number, or a hexadecimal text. */
function bareValue(text: string, { decode }: ValueForm): string | null {
  if (/^null$/i.test(text)) return null
  const hex = /^0x([0-9a-f]*)$/i.exec(text)?.[1]
  return hex === undefined ? text : decode(Buffer.from(hex, 'hex'))
}

/** Reads a text behind `_binary`, `_utf8`, `N`, `x` or `b`. */
function introducedIn(bytes: Buffer, start: number, quote: number, form: ValueForm): ParsedValue | null {
  const introducer = bytes.toString('latin1', start, quote).trim().toLowerCase()
  const quoted = quotedIn(bytes, quote, form)
  if (!quoted) return null
  if (introducer === 'x') return { ...quoted, value: form.decode(Buffer.from(quoted.value ?? '', 'hex')) }
  if (introducer === 'b') return { ...quoted, value: String(Number.parseInt(quoted.value || '0', 2)) }
  return quoted
}

/** Reads a text in quotes; null when the bytes end before it does. */
function quotedIn(bytes: Buffer, start: number, form: ValueForm): ParsedValue | null {
  const quote = bytes[start] ?? QUOTE
  let isPlain = true
  let all = 0
  let at = start + 1
  for (; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    all |= byte
    if (byte === BACKSLASH && form.hasEscapes) {
      isPlain = false
      at++
    } else if (byte === quote) {
      if (at + 1 >= bytes.length) return null
      if (bytes[at + 1] !== quote) break
      isPlain = false
      at++
    }
  }
  if (at >= bytes.length) return null
  const isAscii = isPlain && all < 0x80
  if (isAscii) return { value: bytes.toString('latin1', start + 1, at), end: at + 1 }
  const raw = bytes.subarray(start + 1, at)
  return { value: form.decode(isPlain ? raw : unescaped(raw, quote, form.hasEscapes)), end: at + 1 }
}

/** Returns the bytes that a text with escapes and doubled quotes stands for. */
function unescaped(raw: Buffer, quote: number, hasEscapes: boolean): Buffer {
  const bytes = Buffer.allocUnsafe(raw.length)
  let length = 0
  for (let at = 0; at < raw.length; at++) {
    const byte = raw[at] ?? 0
    if (byte === BACKSLASH && hasEscapes) {
      const escaped = raw[++at] ?? BACKSLASH
      // Outside of patterns, these two keep their backslash.
      if (escaped === PERCENT || escaped === UNDERSCORE) bytes[length++] = BACKSLASH
      bytes[length++] = ESCAPED.get(escaped) ?? escaped
      continue
    }
    bytes[length++] = byte
    if (byte === quote) at++
  }
  return bytes.subarray(0, length)
}

/** Returns where the first byte is that is no white space. */
export function afterSpace(bytes: Buffer, start: number): number {
  let at = start
  for (; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte !== 0x20 && (byte < 0x09 || byte > 0x0d)) break
  }
  return at
}
