/**
 * A value that a client may send or a method may answer, in any dialect. The kinds are PHP's, because the
 * recorded clients and the recorded server use PHP's values.
 */
export type Value = null | boolean | number | string | readonly Value[] | ValueMap | Struct

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
