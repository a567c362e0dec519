import { isNumericText } from '../../contract/readers'
import { floatValue, numberValue, Struct, type Value } from '../../contract/value'
import { base64AsText, bytesAsText } from '../../text/byteText'
import { attribute, childElements, type XmlElement } from '../../text/xml/tree'
import { LONGEST_SCALAR } from '../rpc/scalar'
import type { SoapLayerFault } from './faults'
import { APACHE_MAP, SOAP_11_ENCODING, SOAP_12_ENCODING, XSD, XSD_1999, XSI } from './namespaces'

/** The methods of the decoder that a type reader uses: to read inner values, and to find other types. */
export interface Reading {
  /** Whether the values of the request give their types. */
  readonly use: 'encoded' | 'literal'
  read(element: XmlElement, declared?: TypeReader | null): Value
  typeNamed(element: XmlElement, name: string): TypeReader | null
  fault(detail: string): SoapLayerFault
}

/** Reads the value of an element that is neither nil nor a reference. */
export type TypeReader = (element: XmlElement, decoder: Reading) => Value

/** Returns the reader of a type that needs no WSDL; null for an unknown one. */
export function knownType(qualifiedName: string): TypeReader | null {
  return READERS.get(qualifiedName) ?? null
}

/** Returns namespace and local name of a prefixed name in a value; null when its prefix is unknown there. */
export function qualifiedName(element: XmlElement, name: string): string | null {
  const colon = name.indexOf(':')
  const namespace = element.resolve(colon < 0 ? '' : name.slice(0, colon))
  return namespace === undefined ? null : `${namespace} ${name.slice(colon + 1)}`
}

/**
 * Reads an untyped element: as an array if it gives a size or an item type, as a struct if it has children,
 * and else as a string.
 */
export const readByShape: TypeReader = (element, decoder) => {
  const isArray = element.attributes.some(({ name }) => ARRAY_ATTRIBUTES.has(name))
  if (isArray) return readArray(element, decoder)
  return childElements(element).length > 0 ? readStruct(element, decoder) : readString(element, decoder)
}

const ARRAY_ATTRIBUTES: ReadonlySet<string> = new Set(['arrayType', 'itemType', 'arraySize'])

/** Returns the text of an element, which must have nothing else in it; null for an empty element. */
function content(element: XmlElement, decoder: Reading): string | null {
  const [only, ...others] = element.children
  if (!only) return null
  if (others.length > 0 || (only.kind !== 'text' && only.kind !== 'cdata')) {
    throw decoder.fault('Violation of encoding rules')
  }
  return only.text
}

function shortContent(element: XmlElement, decoder: Reading): string | null {
  const text = content(element, decoder)
  if (text !== null && text.length > LONGEST_SCALAR) throw decoder.fault('Violation of encoding rules')
  return text
}

export const readString: TypeReader = (element, decoder) => content(element, decoder) ?? ''

/**
 * Reads text, and replaces each white-space character by a space, except in CDATA, which PHP leaves as it is.
 */
const readNormalized: TypeReader = (element, decoder) => {
  const text = shortContent(element, decoder) ?? ''
  return isCdata(element) ? text : text.replace(/[\t\n\r]/g, ' ')
}

/** Reads text, trims it, and replaces each run of white space by one space, except in CDATA. */
const readCollapsed: TypeReader = (element, decoder) => {
  const text = shortContent(element, decoder) ?? ''
  return isCdata(element) ? text : collapse(text)
}

function isCdata({ children: [only] }: XmlElement): boolean {
  return only?.kind === 'cdata'
}

/** Returns the text of a number or a boolean, which PHP does not accept in CDATA. */
function plainContent(element: XmlElement, decoder: Reading): string | null {
  if (isCdata(element)) throw decoder.fault('Violation of encoding rules')
  const text = shortContent(element, decoder)
  return text === null ? null : collapse(text)
}

/** Returns the text of a number, which PHP does not accept in CDATA; null for an empty element. */
function numericContent(element: XmlElement, decoder: Reading): string | null {
  const text = plainContent(element, decoder)
  if (text !== null && !isNumericText(text)) throw decoder.fault('Violation of encoding rules')
  return text
}

export const readNumber: TypeReader = (element, decoder) => {
  const text = numericContent(element, decoder)
  return text === null ? null : numberValue(text)
}

const readFloat: TypeReader = (element, decoder) => {
  const special = /^(?:nan|-?inf)/i.exec(plainContent(element, decoder) ?? '')?.[0]
  const known = SPECIAL_FLOATS.get(special?.toLowerCase())
  if (known !== undefined) return known
  const text = numericContent(element, decoder)
  return text === null ? null : floatValue(Number(text))
}

/** The special floats. PHP accepts them in any case, whatever text follows. */
const SPECIAL_FLOATS: ReadonlyMap<string | undefined, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
])

export const readBoolean: TypeReader = (element, decoder) => {
  const text = plainContent(element, decoder)
  if (text === null) return null
  return !['', '0', 'f', 'false'].includes(text.toLowerCase())
}

const readBase64: TypeReader = (element, decoder) => {
  const text = base64AsText(content(element, decoder) ?? '')
  if (text === null) throw decoder.fault('Violation of encoding rules')
  return text
}

const readHex: TypeReader = (element, decoder) => {
  const text = shortContent(element, decoder) ?? ''
  const hex = isCdata(element) ? text : collapse(text)
  if (!HEX.test(hex)) throw decoder.fault('Violation of encoding rules')
  return bytesAsText(Buffer.from(hex, 'hex'))
}

/** PHP ignores the last digit of an odd number of digits. */
const HEX = /^(?:[0-9A-Fa-f]{2})*[ -~]?$/

const readStruct: TypeReader = (element, decoder) => {
  const fields = new Map<string, Value>()
  const repeated = new Map<string, Value[]>()
  for (const child of childElements(element)) {
    const value = decoder.read(child)
    const list = repeated.get(child.name)
    const first = fields.get(child.name)
    if (list) list.push(value)
    else if (first === undefined) fields.set(child.name, value)
    else {
      const values = [first, value]
      repeated.set(child.name, values)
      fields.set(child.name, values)
    }
  }
  return new Struct(fields)
}

export const readArray: TypeReader = (element, decoder) => {
  const itemType = itemTypeOf(element, decoder)
  return childElements(element).map((item) => decoder.read(item, itemType))
}

/** Returns the item type that an array gives; null when it gives none, or an unknown one. */
export function itemTypeOf(array: XmlElement, decoder: Reading): TypeReader | null {
  const itemType = attribute(array, 'arrayType') ?? attribute(array, 'itemType')
  return itemType === null ? null : decoder.typeNamed(array, itemType.replace(/\[.*$/, ''))
}

const readMap: TypeReader = (element, decoder) => {
  if (element.children.length === 0) return null
  const entries = childElements(element).filter(({ name }) => name === 'item')
  return new Map(entries.map((entry) => readEntry(entry, decoder)))
}

function readEntry(entry: XmlElement, decoder: Reading): [string, Value] {
  const part = (name: 'key' | 'value') => {
    const found = childElements(entry).find((child) => child.name === name)
    if (!found) throw decoder.fault(`Can't decode apache map, missing ${name}`)
    return found
  }
  const [keyPart, valuePart] = [part('key'), part('value')]
  const [key, value] = [decoder.read(keyPart), decoder.read(valuePart)]
  if (typeof key !== 'string' && typeof key !== 'bigint' && !Number.isInteger(key)) {
    throw decoder.fault("Can't decode apache map, only Strings or Longs are allowed as keys")
  }
  return [String(key), value]
}

function collapse(text: string): string {
  return text.trim().replace(/[ \t\n\r]+/g, ' ')
}

const INTEGER_TYPES = [
  'int',
  'long',
  'short',
  'byte',
  'integer',
  'nonNegativeInteger',
  'nonPositiveInteger',
  'positiveInteger',
  'negativeInteger',
  'unsignedLong',
  'unsignedInt',
  'unsignedShort',
  'unsignedByte',
]

const COLLAPSED_TYPES = [
  'decimal',
  'dateTime',
  'time',
  'date',
  'duration',
  'gYearMonth',
  'gYear',
  'gMonthDay',
  'gDay',
  'gMonth',
  'anyURI',
  'QName',
  'NOTATION',
  'token',
  'language',
  'NMTOKEN',
  'NMTOKENS',
  'Name',
  'NCName',
  'ID',
  'IDREF',
  'IDREFS',
  'ENTITY',
  'ENTITIES',
]

const XSD_READERS: ReadonlyMap<TypeReader, readonly string[]> = new Map<TypeReader, readonly string[]>([
  [readString, ['string']],
  [readNormalized, ['normalizedString']],
  [readBoolean, ['boolean']],
  [readFloat, ['float', 'double']],
  [readNumber, INTEGER_TYPES],
  [readCollapsed, COLLAPSED_TYPES],
  [readBase64, ['base64Binary']],
  [readHex, ['hexBinary']],
  [readByShape, ['anyType', 'ur-type']],
])

/** The names of types in the XML Schema draft of 1999. */
const XSD_1999_READERS: ReadonlyMap<TypeReader, readonly string[]> = new Map<TypeReader, readonly string[]>([
  [readString, ['string']],
  [readBoolean, ['boolean']],
  [readFloat, ['float', 'double']],
  [readNumber, ['int', 'long', 'short', 'byte']],
  [readCollapsed, ['decimal', 'timeInstant']],
])

const READERS: ReadonlyMap<string, TypeReader> = new Map([
  ...[XSD, SOAP_11_ENCODING, SOAP_12_ENCODING].flatMap((namespace) => named(namespace, XSD_READERS)),
  ...named(XSD_1999, XSD_1999_READERS),
  ...[SOAP_11_ENCODING, SOAP_12_ENCODING].flatMap(
    (namespace) =>
      [
        [`${namespace} Array`, readArray],
        [`${namespace} Struct`, readStruct],
      ] as const,
  ),
  [`${APACHE_MAP} Map`, readMap],
  [`${XSI} nil`, () => null],
])

function named(namespace: string, readers: ReadonlyMap<TypeReader, readonly string[]>) {
  return [...readers].flatMap(([reader, names]) =>
    names.map((name) => [`${namespace} ${name}`, reader] as const),
  )
}
