import { isList, itemsOf, type Value } from './value'

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
  if (typeof value === 'number') return numberText(value)
  return null
}

/**
 * Casts to an integer as PHP does: '12abc' 12, 'abc' 0, '1e2' 100, 2.7 2, true 1, an empty list 0, any other
 * list or map 1.
 */
export const integer: Reader<number | null> = (value) => {
  if (value === null) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number') return truncate(value)
  if (typeof value === 'string')
    return truncate(Number.parseFloat(LEADING_NUMBER.exec(value.slice(0, LONGEST_NUMBER))?.[0] ?? '0'))
  return isList(value) && value.length === 0 ? 0 : 1
}

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

function truncate(value: number): number {
  return Number.isFinite(value) ? Math.trunc(value) || 0 : 0
}

/** Writes a number as PHP does: a large or tiny one as 1.0E+25, where JavaScript writes 1e+25. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NAN'
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF'
  return String(value).replace(
    /^(-?\d)(\.\d+)?e/,
    (_, digit: string, fraction?: string) => `${digit}${fraction ?? '.0'}E`,
  )
}
