import {
  asFloat,
  digitsOf,
  fieldsOf,
  isList,
  isScalar,
  type Value,
  type ValueMap,
  type WholeFloat,
} from '../../contract/value'
import { escapeText } from '../../text/xml/escape'
import type { AnswerShape } from './binding'
import {
  APACHE_MAP,
  SOAP_11_ENCODING,
  SOAP_11_ENVELOPE,
  SOAP_12_ENCODING,
  SOAP_12_ENVELOPE,
  SOAP_12_RPC,
  type SoapVersion,
  XSD,
  XSI,
} from './namespaces'
import { scalarContent } from './scalarText'
import type { ArrayType, EntityType, ScalarType, WsdlType } from './types'

/**
 * Writes the envelope of an rpc/encoded answer, byte for byte as PHP's SOAP server does. Namespaces are
 * declared on the envelope in the order in which the answer first uses them (magento.md §3).
 */
export function encodeAnswer(value: Value, answer: AnswerShape, version: SoapVersion): string {
  const writer = new AnswerWriter(version, answer.namespace)
  const content = writer.typed(answer.part, value, answer.type)
  return version === '1.2' ? envelope12(answer, content, writer) : envelope11(answer, content, writer)
}

function envelope11({ element }: AnswerShape, content: string, writer: AnswerWriter): string {
  writer.use(XSD)
  writer.use(SOAP_11_ENCODING)
  return `<?xml version="1.0" encoding="UTF-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="${SOAP_11_ENVELOPE}"${writer.declarations()} SOAP-ENV:encodingStyle="${SOAP_11_ENCODING}"><SOAP-ENV:Body><ns1:${element}>${content}</ns1:${element}></SOAP-ENV:Body></SOAP-ENV:Envelope>
`
}

function envelope12({ element, part }: AnswerShape, content: string, writer: AnswerWriter): string {
  writer.use(XSD)
  writer.use(SOAP_12_ENCODING)
  return `<?xml version="1.0" encoding="UTF-8"?>
<env:Envelope xmlns:env="${SOAP_12_ENVELOPE}"${writer.declarations()}><env:Body xmlns:rpc="${SOAP_12_RPC}"><ns1:${element} env:encodingStyle="${SOAP_12_ENCODING}"><rpc:result>${part}</rpc:result>${content}</ns1:${element}></env:Body></env:Envelope>
`
}

const PREFIXES: ReadonlyMap<string, string> = new Map([
  [APACHE_MAP, 'ns2'],
  [XSD, 'xsd'],
  [XSI, 'xsi'],
  [SOAP_11_ENCODING, 'SOAP-ENC'],
  [SOAP_12_ENCODING, 'enc'],
])

/** The prefix of the answer's own namespace. */
const OWN = 'ns1'

/** Writes elements, and notes each namespace at the point at which PHP would declare it. */
class AnswerWriter {
  readonly #used = new Set<string>()

  /** @param namespace that of the answer, which comes first */
  constructor(
    private readonly version: SoapVersion,
    private readonly namespace: string,
  ) {}

  use(namespace: string): string {
    this.#used.add(namespace)
    return PREFIXES.get(namespace) ?? ''
  }

  declarations(): string {
    const others = [...this.#used].map((namespace) => ` xmlns:${PREFIXES.get(namespace)}="${namespace}"`)
    return ` xmlns:${OWN}="${this.namespace}"${others.join('')}`
  }

  /** Writes a value of a type of the WSDL. A value of another type is written by its own type. */
  typed(name: string, value: Value, type: WsdlType): string {
    if (type.kind === 'scalar' && isScalar(value)) return this.#wsdlScalar(name, value, type)
    if (type.kind === 'array' && isList(value)) return this.#wsdlArray(name, value, type)
    const fields = type.kind === 'entity' ? fieldsOf(value) : null
    return fields && type.kind === 'entity' ? this.#entity(name, fields, type) : this.element(name, value)
  }

  /** Writes a value of any type. */
  element(name: string, value: Value): string {
    if (isList(value)) return this.#array(name, value)
    if (isScalar(value)) return this.#scalar(name, value)
    const fields = fieldsOf(value)
    if (fields !== null) return this.#map(name, fields)
    return `<${name} ${this.use(XSI)}:nil="true"/>`
  }

  #wsdlScalar(name: string, value: Value, type: ScalarType): string {
    const typeName = `${this.use(XSD)}:${type.name}`
    return `<${name} ${this.use(XSI)}:type="${typeName}">${scalarContent(value, type)}</${name}>`
  }

  #entity(name: string, values: ValueMap, { name: typeName, fields }: EntityType): string {
    let content = ''
    for (const [field, type] of Object.entries(fields)) {
      const value = values.get(field)
      if (value !== undefined) content += this.typed(field, value, type)
    }
    return this.#wrapped(name, `${this.use(XSI)}:type="${OWN}:${typeName}"`, content)
  }

  #wsdlArray(name: string, items: readonly Value[], { name: typeName, item: itemType }: ArrayType): string {
    const size = this.#size(this.#wsdlTypeName(itemType), items.length)
    let content = ''
    for (const item of items) content += this.typed('item', item, itemType)
    return this.#wrapped(name, `${size} ${this.use(XSI)}:type="${OWN}:${typeName}"`, content)
  }

  #wsdlTypeName(type: WsdlType): string {
    if (type.kind === 'entity' || type.kind === 'array') return `${OWN}:${type.name}`
    return `${this.use(XSD)}:${type.kind === 'any' ? 'anyType' : type.name}`
  }

  #scalar(name: string, value: Scalar): string {
    const type = `${this.use(XSD)}:${scalarType(value)}`
    const text = typeof value === 'string' ? escapeText(value) : scalarText(value)
    return `<${name} ${this.use(XSI)}:type="${type}">${text}</${name}>`
  }

  #array(name: string, items: readonly Value[]): string {
    const itemType = this.#itemType(items)
    const size = this.#size(itemType ?? 'xsd:anyType', items.length)
    if (itemType === null) this.use(XSD)
    // In PHP, an array of arrays has arrays of SOAP 1.1 in both versions.
    if (itemType?.endsWith(':Array')) this.use(SOAP_11_ENCODING)
    const content = this.#items(items)
    const type = `${this.use(XSI)}:type="${this.#encoding()}:Array"`
    return this.#wrapped(name, `${size} ${type}`, content)
  }

  #items(items: readonly Value[]): string {
    let content = ''
    for (const item of items) content += this.element('item', item)
    return content
  }

  #map(name: string, entries: ValueMap): string {
    let content = ''
    for (const [key, value] of entries) {
      const keyType = INTEGER_KEY.test(key) ? 'int' : 'string'
      const keyContent = this.#wrapped('key', `${this.use(XSI)}:type="xsd:${keyType}"`, escapeText(key))
      content += `<item>${keyContent}${this.element('value', value)}</item>`
    }
    const map = this.use(APACHE_MAP)
    return this.#wrapped(name, `${this.use(XSI)}:type="${map}:Map"`, content)
  }

  #wrapped(name: string, attributes: string, content: string): string {
    return content === '' ? `<${name} ${attributes}/>` : `<${name} ${attributes}>${content}</${name}>`
  }

  /** Returns the type that all items share; null when they share none, or there are no items. */
  #itemType(items: readonly Value[]): string | null {
    const [first, ...others] = items
    if (first === undefined) return null
    const type = itemTypeName(first)
    // PHP counts true and false as two types, but writes both as boolean.
    const isOther = (item: Value) => (type === 'boolean' ? item !== first : itemTypeName(item) !== type)
    if (others.some(isOther)) return null
    if (type === 'Array') return `${this.#encoding()}:Array`
    if (type === 'Map') return `${this.use(APACHE_MAP)}:Map`
    return type === 'nil' ? `${this.use(XSI)}:nil` : `${this.use(XSD)}:${type}`
  }

  #size(itemType: string, length: number): string {
    const encoding = this.#encoding()
    if (this.version === '1.2') return `${encoding}:itemType="${itemType}" ${encoding}:arraySize="${length}"`
    return `${encoding}:arrayType="${itemType === 'xsd:anyType' ? 'xsd:ur-type' : itemType}[${length}]"`
  }

  #encoding(): string {
    return this.use(this.version === '1.2' ? SOAP_12_ENCODING : SOAP_11_ENCODING)
  }
}

/** A key that PHP keeps as an integer. More than 15 digits would not fit into a number here. */
const INTEGER_KEY = /^(?:0|-?[1-9][0-9]{0,14})$/

function itemTypeName(item: Value): string {
  if (item === null) return 'nil'
  if (isList(item)) return 'Array'
  return isScalar(item) ? scalarType(item) : 'Map'
}

type Scalar = boolean | number | bigint | WholeFloat | string

function scalarType(value: Scalar): string {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'bigint' || Number.isInteger(value) ? 'int' : 'float'
}

function scalarText(value: Exclude<Scalar, string>): string {
  if (typeof value === 'boolean') return String(value)
  const float = asFloat(value)
  if (Number.isFinite(float)) return digitsOf(value)
  return Number.isNaN(float) ? 'NAN' : float > 0 ? 'INF' : '-INF'
}
