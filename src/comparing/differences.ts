import type { Recording } from './recording'

/** One value that two shops answer differently. */
export interface Difference {
  /** What was asked, such as `list of product 7 in german`. */
  readonly asked: string
  /** The place in the answer, such as `[2].label`. */
  readonly place: string
  readonly old: unknown
  readonly here: unknown
}

/**
 * Compares all that the old shop answered with what this one did. URLs may begin differently. What one of them was not asked
 * is not compared.
 */
export function differencesOf(old: Recording, here: Recording): readonly Difference[] {
  return [...typeDifferences(old, here), ...productDifferences(old, here)]
}

function typeDifferences(old: Recording, here: Recording): readonly Difference[] {
  return Object.entries(old.types).flatMap(([set, { types }]) =>
    compared(`types of attribute set ${set}`, types, here.types[set]?.types),
  )
}

function productDifferences(old: Recording, here: Recording): readonly Difference[] {
  return Object.entries(old.products).flatMap(([id, product]) => {
    const own = here.products[id]
    const based = (value: unknown, base: string) => withoutBase(value, base)
    const lists = Object.entries(product.list).flatMap(([store, list]) =>
      compared(
        `list of product ${id} in ${store}`,
        based(list, old.base),
        based(own?.list[store], here.base),
      ),
    )
    const info =
      product.info === undefined || own?.info === undefined
        ? []
        : compared(`info of product ${id}`, based(product.info, old.base), based(own.info, here.base))
    const bytes =
      product.bytes && own?.bytes ? compared(`bytes of product ${id}`, product.bytes, own.bytes) : []
    return [...lists, ...info, ...bytes]
  })
}

/** Cuts what URLs begin with. */
function withoutBase(value: unknown, base: string): unknown {
  if (typeof value === 'string') return value.startsWith(base) ? value.slice(base.length) : value
  if (Array.isArray(value)) return value.map((item) => withoutBase(item, base))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withoutBase(field, base)]))
}

function compared(asked: string, old: unknown, here: unknown, place = ''): readonly Difference[] {
  if (isTree(old) && isTree(here) && Array.isArray(old) === Array.isArray(here)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(here)])]
    const isList = Array.isArray(old)
    return keys.flatMap((key) =>
      compared(asked, fieldOf(old, key), fieldOf(here, key), isList ? `${place}[${key}]` : `${place}.${key}`),
    )
  }
  return Object.is(old, here) ? [] : [{ asked, place, old, here }]
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function fieldOf(value: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value
}
