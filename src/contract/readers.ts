import { isList, itemsOf, type Value } from './value'

/**
 * Reads a loose client value as leniently as PHP would. A reader never throws: the service judges, in the documented
 * order. `null` means that the client gave nothing, which Magento never tells from an absent argument.
 */
export type Reader<T> = (value: Value) => T

export const anything: Reader<Value> = (value) => value

/** PHP's string cast. Lists, maps and structs have no text and read as null. */
export const text: Reader<string | null> = (value) => {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? '1' : ''
  if (typeof value === 'number') return numberText(value)
  return null
}

/** PHP's integer cast: '12abc' 12, 'abc' 0, '1e2' 100, 2.7 2, true 1, an empty list 0, any other list or map 1. */
export const integer: Reader<number | null> = (value) => {
  if (value === null) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number') return truncate(value)
  if (typeof value === 'string')
    return truncate(Number.parseFloat(LEADING_NUMBER.exec(value.slice(0, LONGEST_NUMBER))?.[0] ?? '0'))
  return isList(value) && value.length === 0 ? 0 : 1
}

/** A list of texts; one text stands for a list of one. Items without a text are dropped. */
export const texts: Reader<readonly string[] | null> = (value) => {
  if (value === null) return null
  const items = itemsOf(value) ?? [value]
  return items.map(text).filter((item) => item !== null)
}

/** More characters than any number has that is not infinite, white space in front of it included. */
const LONGEST_NUMBER = 4096

const LEADING_NUMBER = /^[ \t\n\r\v\f]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/
const NUMERIC = /^[ \t\n\r\v\f]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[ \t\n\r\v\f]*$/

/** PHP's `is_numeric` for a string. */
export function isNumericText(value: string): boolean {
  return NUMERIC.test(value)
}

/** PHP's `empty`: what login refuses as missing. */
export function isEmpty(value: string | null): boolean {
  return value === null || value === '' || value === '0'
}

function truncate(value: number): number {
  return Number.isFinite(value) ? Math.trunc(value) || 0 : 0
}

/** PHP writes a large or tiny float as 1.0E+25 where JavaScript writes 1e+25. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NAN'
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF'
  return String(value).replace(
    /^(-?\d)(\.\d+)?e/,
    (_, digit: string, fraction?: string) => `${digit}${fraction ?? '.0'}E`,
  )
}
