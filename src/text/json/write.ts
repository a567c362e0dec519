import { fieldsOf, isList, type Value } from '../../contract/value'

/**
 * Writes a value as JSON. `JSON.stringify` of an object would reorder keys that look like integers, and lose
 * `__proto__`.
 */
export function encodeJson(value: Value): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(encodeJson).join(',')}]`
  const members = [...(fieldsOf(value) ?? [])].map(
    ([name, member]) => `${JSON.stringify(name)}:${encodeJson(member)}`,
  )
  return `{${members.join(',')}}`
}
