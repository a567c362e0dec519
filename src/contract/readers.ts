import {
  asFloat,
  integerValue,
  isNumber,
  itemsOf,
  LARGEST_INTEGER,
  SMALLEST_INTEGER,
  Struct,
  type Value,
  type WholeFloat,
} from './value'

/**
 * Reads a loose client value as leniently as PHP would. A reader never throws: the service checks values, in
 * the documented order. `null` means that the client gave nothing; Magento does not distinguish this from an
 * absent argument.
 */
export type Reader<T> = (value: Value) => T

export const anything: Reader<Value> = (value) => value

/** Casts to a string as PHP does. Lists, maps and structs have no text and read as null. */
export const text: Reader<string | null> = (value) => {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? '1' : ''
  return isNumber(value) ? numberText(value) : null
}

/** Casts to a string as PHP does, where any list, map or struct is `Array` (magento.md §6.11). */
export const textOrArray: Reader<string | null> = (value) =>
  value === null ? null : (text(value) ?? 'Array')

/**
 * Casts to an integer as PHP does: '12abc' 12, 'abc' 0, '1e2' 100, 2.7 2, true 1, an empty list or map 0, any other one 1,
 * and a struct always 1. What is beyond PHP's integers is their nearest when it was a text, and wraps when it was a float:
 * 1e300 is 0 (magento.md §6.12). The result may be off by less than 1024 beyond 2^53.
 */
export const integer: Reader<number | null> = (value) => {
  if (value === null) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'bigint') return Number(value)
  if (isNumber(value)) return wrapped(asFloat(value))
  if (typeof value === 'string') return leadingInteger(value)
  return !(value instanceof Struct) && itemsOf(value)?.length === 0 ? 0 : 1
}

/** Returns the float that a text begins with, as PHP casts it; 0 for a text that begins with none. */
export function leadingFloat(value: string): number {
  return Number.parseFloat(LEADING_NUMBER.exec(value.slice(0, LONGEST_NUMBER))?.[0] ?? '0')
}

/** Casts a text to an integer as PHP does, and loses no digit; one beyond PHP's integers is their nearest. */
export function exactInteger(value: string): number | bigint {
  const digits = WHOLE_NUMBER.exec(value)?.[1]
  const cast = BigInt(digits?.replace(/^\+/, '') ?? leadingInteger(value))
  return integerValue(cast) ?? (cast > 0n ? LARGEST_INTEGER : SMALLEST_INTEGER)
}

/** A number without fraction and exponent, at the beginning of a text. */
const WHOLE_NUMBER = /^[ \t\n\r\v\f]*([+-]?\d{1,64})(?![\d.eE])/

function leadingInteger(value: string): number {
  return Math.min(Math.max(Math.trunc(leadingFloat(value)), -BEYOND_INTEGERS), BEYOND_INTEGERS) || 0
}

/**
 * Reads the ids of a number, a text or a list of them, each in the form in which MySQL would write it: '04', '4abc' and 4.5
 * are none (magento.md §6.15).
 */
export const canonicalIds: Reader<readonly number[]> = (value) =>
  (itemsOf(value) ?? [value])
    .map((item) => (typeof item === 'boolean' ? null : text(item)))
    .filter((item) => item !== null && CANONICAL_ID.test(item))
    .map(Number)

const CANONICAL_ID = /^[1-9][0-9]{0,9}$/

/** Reads a list of texts; one text counts as a list of one. Items without a text are dropped. */
export const texts: Reader<readonly string[] | null> = (value) => {
  if (value === null) return null
  const items = itemsOf(value) ?? [value]
  return items.map(text).filter((item) => item !== null)
}

/** The limit for the characters of a number, with white space before it: longer than any finite number. */
const LONGEST_NUMBER = 4096

const LEADING_NUMBER = /^[ \t\n\r\v\f]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/
const NUMERIC = /^[ \t\n\r\v\f]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[ \t\n\r\v\f]*$/

/** Tells whether PHP's `is_numeric` accepts the text. */
export function isNumericText(value: string): boolean {
  return NUMERIC.test(value)
}

/** Tells whether PHP's `empty` is true of the text. Login treats such a text as missing. */
export function isEmpty(value: string | null): boolean {
  return value === null || value === '' || value === '0'
}

/** 2^63: the first number beyond PHP's integers. */
const BEYOND_INTEGERS = 2 ** 63

/** Casts a float to an integer as PHP does, modulo 2^64. */
function wrapped(value: number): number {
  if (!Number.isFinite(value)) return 0
  const whole = Math.trunc(value) || 0
  return Math.abs(whole) < BEYOND_INTEGERS ? whole : Number(BigInt.asIntN(64, BigInt(whole)))
}

/** The digits that PHP writes of a float. */
const DIGITS = 14

/** The exponents between which PHP writes a float without one. */
const FIRST_EXPONENT = -4
const LAST_EXPONENT = DIGITS - 1

/** Writes a number as PHP does: a float with 14 digits, and a large or tiny one as 1.0E+25 (magento.md §6.11). */
function numberText(given: number | bigint | WholeFloat): string {
  if (typeof given === 'bigint' || Number.isSafeInteger(given)) return String(given)
  const value = asFloat(given)
  if (Number.isNaN(value)) return 'NAN'
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF'
  if (value === 0) return '-0'
  const [mantissa = '', power = ''] = value.toExponential(DIGITS - 1).split('e')
  const exponent = Number(power)
  if (exponent >= FIRST_EXPONENT && exponent <= LAST_EXPONENT)
    return withoutLastZeros(value.toFixed(LAST_EXPONENT - exponent))
  const digits = withoutLastZeros(mantissa)
  return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent < 0 ? '' : '+'}${exponent}`
}

function withoutLastZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits
}
