import { isNumericText } from '../../contract/readers'
import { Struct, type Value } from '../../contract/value'
import { base64AsText, bytesAsText } from '../byteText'
import { attribute, childElements, type XmlElement } from '../xml/tree'
import { encodingFault } from './faults'
import {
  APACHE_MAP,
  MAGENTO,
  SOAP_11_ENCODING,
  SOAP_12_ENCODING,
  type SoapVersion,
  XSD,
  XSD_1999,
  XSI,
} from './namespaces'

/** How many values may stand in one another; references reach deeper than elements can. */
const DEEPEST = 512

/**
 * Reads values as PHP's SOAP server does: by xsi:type where it is known, else by the type that the WSDL gives the part,
 * else by their shape. References are followed.
 */
export class SoapDecoder {
  #elementsById: ReadonlyMap<string, XmlElement> | null = null
  /** By the type that the WSDL or an array gives, for two of them may read one element in two ways. */
  readonly #shared = new Map<TypeReader | null, Map<XmlElement, Value>>()
  readonly #reading = new Set<XmlElement>()

  constructor(
    private readonly root: XmlElement,
    readonly version: SoapVersion,
  ) {}

  /**
   * @param declared the type that the WSDL gives, or null for anything
   * @throws SoapLayerFault
   */
  read(element: XmlElement, declared: TypeReader | null = null): Value {
    // PHP follows a reference to a reference, and no further.
    const target = this.#referenced(this.#referenced(element))
    if (target === element) return this.#readHere(element, declared)
    // Shared, so that references to references cost no more than the document is long.
    const shared = this.#shared.get(declared) ?? new Map<XmlElement, Value>()
    this.#shared.set(declared, shared)
    const known = shared.get(target)
    if (known !== undefined) return known
    const value = this.#readHere(target, declared)
    shared.set(target, value)
    return value
  }

  fault(detail: string) {
    return encodingFault(detail, this.version)
  }

  #readHere(element: XmlElement, declared: TypeReader | null): Value {
    const isEndless = this.#reading.has(element) || this.#reading.size > DEEPEST
    if (isEndless) throw this.fault('Nesting level too deep')
    if (attribute(element, 'nil') !== null) return null
    this.#reading.add(element)
    const reader = typeReaderOf(element, declared)
    const value = reader(element, this)
    this.#reading.delete(element)
    return value
  }

  #referenced(element: XmlElement): XmlElement {
    const reference = attribute(element, 'href', '') ?? attribute(element, 'ref', SOAP_12_ENCODING)
    if (reference === null) return element
    const isLocal = reference.startsWith('#')
    if (!isLocal && attribute(element, 'href', '') !== null)
      throw this.fault(`External reference '${reference}'`)
    const target = this.#byId(isLocal ? reference.slice(1) : reference)
    if (!target) throw this.fault(`Unresolved reference '${reference}'`)
    return target
  }

  #byId(id: string): XmlElement | undefined {
    this.#elementsById ??= elementsById(this.root)
    return this.#elementsById.get(id)
  }
}

/** Reads the value of an element that is neither nil nor a reference. */
export type TypeReader = (element: XmlElement, decoder: SoapDecoder) => Value

/** The reader of an xsi:type or a WSDL type, by namespace and name; null for an unknown one. */
export function knownType(namespace: string, name: string): TypeReader | null {
  return READERS.get(`${namespace} ${name}`) ?? null
}

function typeReaderOf(element: XmlElement, declared: TypeReader | null): TypeReader {
  return typeAttributeReader(element) ?? declared ?? readByShape
}

function typeAttributeReader(element: XmlElement): TypeReader | null {
  const type = attribute(element, 'type', XSI)
  return type === null ? null : qualified(element, type)
}

function qualified(element: XmlElement, name: string): TypeReader | null {
  const colon = name.indexOf(':')
  const namespace = element.resolve(colon < 0 ? '' : name.slice(0, colon))
  return namespace === undefined ? null : knownType(namespace, name.slice(colon + 1))
}

/** An untyped element is an array if it says how large, a struct if it has children, and else a string. */
const readByShape: TypeReader = (element, decoder) => {
  const isArray = element.attributes.some(({ name }) => ARRAY_ATTRIBUTES.has(name))
  if (isArray) return readArray(element, decoder)
  return childElements(element).length > 0 ? readStruct(element, decoder) : readString(element, decoder)
}

const ARRAY_ATTRIBUTES: ReadonlySet<string> = new Set(['arrayType', 'itemType', 'arraySize'])

/** The text of an element that has nothing else in it; null when it has nothing at all. */
function content(element: XmlElement, decoder: SoapDecoder): string | null {
  const [only, ...others] = element.children
  if (!only) return null
  if (others.length > 0 || (only.kind !== 'text' && only.kind !== 'cdata')) {
    throw decoder.fault('Violation of encoding rules')
  }
  return only.text
}

const readString: TypeReader = (element, decoder) => content(element, decoder) ?? ''

/** Every white space made a space, but not in CDATA, which PHP leaves as it is. */
const readNormalized: TypeReader = (element, decoder) => {
  const text = content(element, decoder) ?? ''
  return isCdata(element) ? text : text.replace(/[\t\n\r]/g, ' ')
}

/** White space at the ends dropped, and every run of it inside made one space; not in CDATA either. */
const readCollapsed: TypeReader = (element, decoder) => {
  const text = content(element, decoder) ?? ''
  return isCdata(element) ? text : collapse(text)
}

function isCdata({ children: [only] }: XmlElement): boolean {
  return only?.kind === 'cdata'
}

/** What PHP never takes from CDATA: numbers and booleans. */
function plainContent(element: XmlElement, decoder: SoapDecoder): string | null {
  if (isCdata(element)) throw decoder.fault('Violation of encoding rules')
  const text = content(element, decoder)
  return text === null ? null : collapse(text)
}

const readNumber: TypeReader = (element, decoder) => {
  const number = plainContent(element, decoder)
  if (number === null) return null
  if (!isNumericText(number)) throw decoder.fault('Violation of encoding rules')
  return Number(number)
}

const readFloat: TypeReader = (element, decoder) => {
  const special = /^(?:nan|-?inf)/i.exec(plainContent(element, decoder) ?? '')?.[0]
  return SPECIAL_FLOATS.get(special?.toLowerCase()) ?? readNumber(element, decoder)
}

/** PHP takes them in any case, whatever follows. */
const SPECIAL_FLOATS: ReadonlyMap<string | undefined, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
])

const readBoolean: TypeReader = (element, decoder) => {
  const text = plainContent(element, decoder)
  if (text === null) return null
  return !['', '0', 'f', 'false'].includes(text.toLowerCase())
}

const readBase64: TypeReader = (element, decoder) => base64AsText(content(element, decoder) ?? '')

const readHex: TypeReader = (element, decoder) => {
  const hex = isCdata(element) ? (content(element, decoder) ?? '') : collapse(content(element, decoder) ?? '')
  if (!HEX.test(hex)) throw decoder.fault('Violation of encoding rules')
  return bytesAsText(Buffer.from(hex, 'hex'))
}

/** PHP does not look at a last digit that has no partner. */
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

const readArray: TypeReader = (element, decoder) => {
  const itemType = itemTypeOf(element)
  return childElements(element).map((item) => decoder.read(item, itemType))
}

function itemTypeOf(element: XmlElement): TypeReader | null {
  const arrayType = attribute(element, 'arrayType') ?? attribute(element, 'itemType')
  return arrayType === null ? null : qualified(element, arrayType.replace(/\[.*$/, ''))
}

const readMap: TypeReader = (element, decoder) => {
  if (element.children.length === 0) return null
  const entries = childElements(element).filter(({ name }) => name === 'item')
  return new Map(entries.map((entry) => readEntry(entry, decoder)))
}

function readEntry(entry: XmlElement, decoder: SoapDecoder): [string, Value] {
  const part = (name: 'key' | 'value') => {
    const found = childElements(entry).find((child) => child.name === name)
    if (!found) throw decoder.fault(`Can't decode apache map, missing ${name}`)
    return found
  }
  const [keyPart, valuePart] = [part('key'), part('value')]
  const [key, value] = [decoder.read(keyPart), decoder.read(valuePart)]
  if (typeof key !== 'string' && !Number.isInteger(key)) {
    throw decoder.fault("Can't decode apache map, only Strings or Longs are allowed as keys")
  }
  // A number beyond 53 bits would lose digits, and two keys might become one.
  const isExact = typeof key === 'string' || Number.isSafeInteger(key)
  return [isExact ? String(key) : (plainContent(keyPart, decoder) ?? ''), value]
}

function collapse(text: string): string {
  return text.trim().replace(/[ \t\n\r]+/g, ' ')
}

function elementsById(root: XmlElement): ReadonlyMap<string, XmlElement> {
  const found = new Map<string, XmlElement>()
  const visit = (element: XmlElement) => {
    for (const id of [attribute(element, 'id', ''), attribute(element, 'id', SOAP_12_ENCODING)]) {
      if (id !== null && !found.has(id)) found.set(id, element)
    }
    childElements(element).forEach(visit)
  }
  visit(root)
  return found
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

/** What the schema language of 1999 had of them. */
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
  [`${MAGENTO} FixedArray`, readArray],
])

function named(namespace: string, readers: ReadonlyMap<TypeReader, readonly string[]>) {
  return [...readers].flatMap(([reader, names]) =>
    names.map((name) => [`${namespace} ${name}`, reader] as const),
  )
}
