import { fieldsOf, isList, isNumber, type Value, WholeFloat } from '../../contract/value'

/**
 * Writes a value as JSON. `JSON.stringify` of an object would reorder keys that look like integers, and lose
 * `__proto__`.
 */
export function encodeJson(value: Value): string {
  if (isNumber(value)) return jsonNumber(value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(encodeJson).join(',')}]`
  const members = [...(fieldsOf(value) ?? [])].map(
    ([name, member]) => `${JSON.stringify(name)}:${encodeJson(member)}`,
  )
  return `{${members.join(',')}}`
}

/** Writes a number as JSON, so that a reader tells a float from an integer. */
export function jsonNumber(value: number | bigint | WholeFloat): string {
  if (typeof value === 'bigint') return String(value)
  if (!(value instanceof WholeFloat)) return JSON.stringify(value)
  return value.value === 0 ? '-0.0' : value.value.toExponential()
}
