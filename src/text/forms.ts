import { SLICE } from './utf8'

/** The bytes are not a form, or the form is larger than a client of this API would send. */
export class UnreadableForm extends Error {
  override readonly name = 'UnreadableForm'
}

/**
 * A field of a form (`application/x-www-form-urlencoded`) before unescaping. The value is empty where there
 * is no `=`.
 */
export interface EscapedField {
  readonly name: Buffer
  readonly value: Buffer
}

/**
 * Yields the fields of a form, in order. Yields null after each 64 KB of `&`s without a field, so that the
 * caller can pause.
 */
export function* escapedFields(form: Buffer): Generator<EscapedField | null> {
  let looked = 0
  for (let start = 0; start < form.length; start++) {
    if (form[start] === AMPERSAND) {
      looked += 1
      if (looked % SLICE === 0) yield null
      continue
    }
    const ampersand = form.indexOf(AMPERSAND, start)
    const end = ampersand < 0 ? form.length : ampersand
    yield fieldIn(form.subarray(start, end))
    start = end
  }
}

function fieldIn(part: Buffer): EscapedField {
  const equals = part.indexOf(EQUALS)
  const end = equals < 0 ? part.length : equals
  return { name: part.subarray(0, end), value: part.subarray(end + 1) }
}

/**
 * Yields the bytes that an escaped name or value stands for, slice by slice.
 *
 * @param broken what becomes of a percent sign that escapes nothing: it is kept as it is, or the form is
 * refused
 * @throws UnreadableForm
 */
export function* unescapedSlices(escaped: Buffer, broken: 'kept' | 'refused'): Generator<Buffer> {
  for (let start = 0; start < escaped.length; ) {
    const end = endOfSlice(escaped, start)
    yield unescaped(escaped.subarray(start, end), broken)
    start = end
  }
}

/**
 * Returns where the slice ends that begins at `start`. It never ends within an escape, except at the end of
 * the form.
 */
function endOfSlice(escaped: Buffer, start: number): number {
  const end = start + SLICE
  if (end >= escaped.length) return escaped.length
  for (let at = end - 1; at > end - 3; at--) if (escaped[at] === PERCENT) return at
  return end
}

function unescaped(escaped: Buffer, broken: 'kept' | 'refused'): Buffer {
  if (!escaped.includes(PERCENT) && !escaped.includes(PLUS)) return escaped
  const plain = Buffer.allocUnsafe(escaped.length)
  let length = 0
  for (let at = 0; at < escaped.length; at++) {
    const byte = escaped[at] ?? 0
    const escapes = byte === PERCENT ? byteOf(escaped[at + 1], escaped[at + 2]) : null
    if (escapes !== null) at += 2
    else if (byte === PERCENT && broken === 'refused')
      throw new UnreadableForm('a percent sign that escapes nothing')
    plain[length++] = escapes ?? (byte === PLUS ? SPACE : byte)
  }
  return plain.subarray(0, length)
}

/** Returns the byte that two hexadecimal digits write; null when they are not digits. */
function byteOf(high = 0, low = 0): number | null {
  const value = (HEX_VALUES[high] ?? NaN) * 16 + (HEX_VALUES[low] ?? NaN)
  return Number.isNaN(value) ? null : value
}

const [AMPERSAND, EQUALS, PERCENT, PLUS, SPACE] = [0x26, 0x3d, 0x25, 0x2b, 0x20]

/** The value of each byte as a hexadecimal digit; NaN for a byte that is not one. */
const HEX_VALUES = Float64Array.from({ length: 256 }, (_, byte) =>
  /[0-9A-Fa-f]/.test(String.fromCharCode(byte)) ? Number.parseInt(String.fromCharCode(byte), 16) : NaN,
)
