import {
  floatValue,
  integerValue,
  isList,
  isScalar,
  Struct,
  type Value,
  type ValueMap,
  WholeFloat,
} from '../../../src/contract/value'

/** A PHP value as test/interop/php/oracle.php writes it in JSON. */
export type Description =
  | null
  | boolean
  | readonly Description[]
  | { readonly string: string }
  | { readonly int: string }
  | { readonly float: string }
  | { readonly map: Pairs }
  | { readonly object: Pairs }

type Pairs = readonly (readonly [Description, Description])[]

/** A value with the order of its fields in plain sight, for a comparison that minds it. */
export type Comparable =
  | null
  | boolean
  | number
  | bigint
  | WholeFloat
  | string
  | readonly Comparable[]
  | { readonly map: readonly Field[] }
  | { readonly object: readonly Field[] }

type Field = readonly [name: string, value: Comparable]

/** What PHP received. It tells every whole float from an integer. Here those are told apart that PHP writes differently. */
export function comparableOfPhp(received: Description): Comparable {
  if (received === null || typeof received === 'boolean') return received
  if (isDescriptionList(received)) return received.map(comparableOfPhp)
  if ('string' in received) return textOf(Buffer.from(received.string, 'base64'))
  if ('int' in received) return integerValue(BigInt(received.int))
  if ('float' in received) return floatValue(Number(received.float.replace('INF', 'Infinity')))
  if ('map' in received) return { map: fieldsOfPhp(received.map) }
  return comparableOfObject(fieldsOfPhp(received.object))
}

/** What says a type of the WSDL where none is declared comes in a SoapVar, which the same value stands for here. */
function comparableOfObject(fields: readonly Field[]): Comparable {
  const isSoapVar = fields.some(([name]) => name === 'enc_type')
  const value = fields.find(([name]) => name === 'enc_value')?.[1]
  return isSoapVar ? (value ?? null) : { object: fields }
}

function isDescriptionList(description: Description): description is readonly Description[] {
  return Array.isArray(description)
}

function fieldsOfPhp(pairs: Pairs): readonly Field[] {
  return pairs.map(([key, value]) => [String(comparableOfPhp(key)), comparableOfPhp(value)])
}

/** PHP's strings are bytes; those that are no UTF-8 are kept one by one here. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? text : bytes.toString('latin1')
}

/** What the decoder made of a value, as PHP would keep it: an array whose keys are 0, 1, 2… is a list, however it came. */
export function comparable(value: Value): Comparable {
  if (value === null || isScalar(value)) return value
  if (isList(value)) return value.map(comparable)
  if (value instanceof Struct) return { object: fieldsOf(value.fields) }
  return isPhpList(value) ? [...value.values()].map(comparable) : { map: fieldsOf(value) }
}

function fieldsOf(fields: ValueMap): readonly Field[] {
  return [...fields].map(([name, value]) => [name, comparable(value)])
}

/** Whether PHP could not tell the map from a list. */
export function isPhpList(map: ValueMap): boolean {
  return [...map.keys()].every((key, index) => key === String(index))
}

/** How oracle.php makes the value: a list is a PHP list, a map a PHP array with keys. */
export function phpForm(value: Value): Description {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return { string: Buffer.from(value, 'utf8').toString('base64') }
  if (typeof value === 'number') {
    return Number.isInteger(value) ? { int: String(value) } : { float: floatForm(value) }
  }
  if (typeof value === 'bigint') return { int: String(value) }
  if (value instanceof WholeFloat) return { float: floatForm(value.value) }
  if (isList(value)) return value.map(phpForm)
  if (value instanceof Struct) throw new Error('no answer of this API holds a PHP object')
  return { map: [...value].map(([key, item]) => [phpForm(key), phpForm(item)]) }
}

function floatForm(value: number): string {
  return String(value).replace('NaN', 'NAN').replace('Infinity', 'INF')
}
