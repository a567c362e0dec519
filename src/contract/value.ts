/**
 * A value that a client may send or a method may answer, in any dialect. The kinds are PHP's, because the
 * recorded clients and the recorded server use PHP's values.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | WholeFloat
  | string
  | readonly Value[]
  | ValueMap
  | Struct

/**
 * A float that a `number` would not tell from an integer, and that PHP writes in another way: -0, and a whole number from
 * 1e14 on (magento.md §6.11).
 */
export class WholeFloat {
  constructor(readonly value: number) {}
}

/** The first whole number that PHP writes with an exponent when it is a float. */
const FIRST_WITH_EXPONENT = 1e14

/** Returns a float as a value. */
export function floatValue(value: number): number | WholeFloat {
  const looksLikeAnother = Number.isInteger(value) && Math.abs(value) >= FIRST_WITH_EXPONENT
  return looksLikeAnother || Object.is(value, -0) ? new WholeFloat(value) : value
}

/** PHP's largest integer. */
export const LARGEST_INTEGER = 2n ** 63n - 1n
export const SMALLEST_INTEGER = -(2n ** 63n)

/** Returns an integer as a value: a bigint when a `number` would lose digits; null when PHP has no such integer. */
export function integerValue(value: bigint): number | bigint | null {
  if (value > LARGEST_INTEGER || value < SMALLEST_INTEGER) return null
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** The most digits of an integer, with zeros before them, that is read exactly. */
const MOST_DIGITS = 64

/**
 * Returns the value of a number in decimal notation, as PHP reads it: one without fraction and exponent is an integer, or a
 * float when PHP has no such integer.
 */
export function numberValue(text: string): number | bigint | WholeFloat {
  const isInteger = text.length <= MOST_DIGITS && /^[+-]?\d+$/.test(text)
  const integer = isInteger ? integerValue(BigInt(text.replace(/^\+/, ''))) : null
  return integer ?? floatValue(Number(text))
}

/** Tells whether the value is a number of any kind. */
export function isNumber(value: Value): value is number | bigint | WholeFloat {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof WholeFloat
}

/** Tells whether the value is neither null nor made of other values. */
export function isScalar(value: Value): value is boolean | number | bigint | WholeFloat | string {
  return typeof value === 'string' || typeof value === 'boolean' || isNumber(value)
}

/** Returns a number of any kind as the nearest `number`. */
export function asFloat(value: number | bigint | WholeFloat): number {
  return value instanceof WholeFloat ? value.value : Number(value)
}

/**
 * An ordered map. It is a `Map` and not an object: keys come from clients, and `__proto__` is a key like any
 * other.
 */
export type ValueMap = ReadonlyMap<string, Value>

/**
 * A PHP object rather than a PHP array: its fields read like a map's, but it is never a list of arguments
 * (magento.md §1 and §3, recording `raw/typed-int`).
 */
export class Struct {
  constructor(readonly fields: ValueMap) {}
}

/** Returns the named fields of a map or a struct; null for any other value. */
export function fieldsOf(value: Value): ValueMap | null {
  if (value instanceof Struct) return value.fields
  return value instanceof Map ? value : null
}

/** Whether the value is a list. `Array.isArray` alone does not narrow a readonly list. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

/** Returns the items of a list, or the values of a map or struct in their order; null for a scalar. */
export function itemsOf(value: Value): readonly Value[] | null {
  if (isList(value)) return value
  const fields = fieldsOf(value)
  return fields === null ? null : [...fields.values()]
}

/** Writes a finite number of any kind in decimal notation, with as many digits as it needs and the sign of -0. */
export function digitsOf(value: number | bigint | WholeFloat): string {
  const isNegativeZero = value instanceof WholeFloat && value.value === 0
  return isNegativeZero ? '-0' : String(value instanceof WholeFloat ? value.value : value)
}
