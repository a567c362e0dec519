import { itemsOf, Struct, type Value } from '../../contract/value'
import { childElements, type XmlElement } from '../../text/xml/tree'
import type { NamedReaders } from './decode'
import {
  itemTypeOf,
  type Reading,
  readArray,
  readBoolean,
  readNumber,
  readString,
  type TypeReader,
} from './typeReaders'
import type { ArrayType, EntityType, WsdlType } from './types'

/** Returns the reader of a type of the WSDL; null for one of any type. The same type has the same reader. */
export function readerOf(type: WsdlType): TypeReader | null {
  if (type.kind === 'any') return type.isLiteral ? readLiteral : null
  const known = readers.get(type)
  if (known) return known
  const reader = makeReader(type)
  readers.set(type, reader)
  return reader
}

const readers = new WeakMap<WsdlType, TypeReader>()

const SCALAR_READERS = { string: readString, int: readNumber, boolean: readBoolean } as const

function makeReader(type: Exclude<WsdlType, { kind: 'any' }>): TypeReader {
  if (type.kind === 'scalar') return SCALAR_READERS[type.name]
  return type.kind === 'entity' ? entityReader(type) : arrayReader(type)
}

/** Reads the fields of the type by their names; others are ignored, as in PHP. */
function entityReader({ fields }: EntityType): TypeReader {
  const types = Object.entries(fields).map(([name, type]) => ({
    name,
    reader: readerOf(type),
    isArray: type.kind === 'array',
  }))
  return (element, decoder) => {
    const children = childElements(element)
    const found = new Map<string, Value>()
    for (const { name, reader, isArray } of types) {
      const elements = children.filter((child) => child.name === name)
      if (isArray && elements.length > 1) {
        found.set(name, joined(elements, reader, decoder))
        continue
      }
      const [first, ...others] = elements.map((child) => decoder.read(child, reader))
      if (first !== undefined) found.set(name, others.length > 0 ? [first, ...others] : first)
    }
    return new Struct(found)
  }
}

/** Joins a list that came as repeated elements, each of which is an item or an array of items; null when all are nil. */
function joined(elements: readonly XmlElement[], reader: TypeReader | null, decoder: Reading): Value {
  const values = elements.map((element) =>
    decoder.read(element, childElements(element).length > 0 ? reader : readString),
  )
  if (values.every((value) => value === null)) return null
  return values.flatMap((value) => (value === null ? [] : (itemsOf(value) ?? [value])))
}

/**
 * Reads the items, whatever their elements are called. Text in place of items is an empty array in v2, and nothing in WS-I
 * (magento.md §6.10).
 */
function arrayReader({ item }: ArrayType): TypeReader {
  if (item.kind === 'any' && !item.isLiteral) return readArray
  return (element, decoder) => {
    const items = childElements(element)
    if (items.length > 0) {
      const itemReader = itemTypeOf(element, decoder) ?? readerOf(item)
      return items.map((child) => decoder.read(child, itemReader))
    }
    const text = readString(element, decoder)
    const isEmpty = typeof text === 'string' && text.trim() === ''
    return isEmpty || decoder.use === 'encoded' ? [] : null
  }
}

/** The names of list items: WS-I's, and that of clients that use SOAP's encoding. */
const ITEM_NAMES: ReadonlySet<string> = new Set(['complexObjectArray', 'item'])

/**
 * Reads a value of WS-I without a type: a list if all children are items, else a map of its children, else a
 * text.
 */
const readLiteral: TypeReader = (element, decoder) => {
  const children = childElements(element)
  if (children.length === 0) return readString(element, decoder)
  const values = children.map((child) => decoder.read(child, readLiteral))
  if (children.every(({ name }) => ITEM_NAMES.has(name))) return values
  const fields = new Map<string, Value>()
  const repeated = new Map<string, Value[]>()
  children.forEach(({ name }, index) => {
    const [value, known, list] = [values[index] ?? null, fields.get(name), repeated.get(name)]
    if (list) list.push(value)
    else if (known === undefined) fields.set(name, value)
    else {
      const both = [...(itemsOf(known) ?? [known]), value]
      repeated.set(name, both)
      fields.set(name, both)
    }
  })
  return fields
}

/** Returns the readers of all named types of a namespace, for values that give their type by xsi:type. */
export function namedReaders(types: readonly WsdlType[], namespace: string): NamedReaders {
  const named = new Map<string, TypeReader>()
  const add = (type: WsdlType) => {
    if (type.kind !== 'entity' && type.kind !== 'array') return
    const reader = readerOf(type)
    if (reader) named.set(`${namespace} ${type.name}`, reader)
    for (const inner of type.kind === 'array' ? [type.item] : Object.values(type.fields)) add(inner)
  }
  types.forEach(add)
  return named
}
