import type { Value } from '../../contract/value'
import { attribute, childElements, type XmlElement } from '../../text/xml/tree'
import { encodingFault } from './faults'
import { SOAP_12_ENCODING, type SoapVersion, XSI } from './namespaces'
import { knownType, qualifiedName, readByShape, type TypeReader } from './typeReaders'

/** How deep values may be nested. References can nest deeper than elements. */
const DEEPEST = 512

/** The readers of a WSDL's own types, by namespace and name. */
export type NamedReaders = ReadonlyMap<string, TypeReader>

/**
 * Reads values as PHP's SOAP server does: by a known xsi:type, else by the type that the WSDL gives the part,
 * else by their shape. References are followed.
 */
export class SoapDecoder {
  #elementsById: ReadonlyMap<string, XmlElement> | null = null
  /**
   * Values of elements that references name, by the type of the WSDL or the array, because two types may read
   * one element differently.
   */
  readonly #shared = new Map<TypeReader | null, Map<XmlElement, Value>>()
  readonly #reading = new Set<XmlElement>()

  constructor(
    private readonly root: XmlElement,
    readonly version: SoapVersion,
    private readonly types: NamedReaders,
    readonly use: 'encoded' | 'literal' = 'encoded',
  ) {}

  /**
   * @param declared the type that the WSDL gives, or null for anything
   * @throws SoapLayerFault
   */
  read(element: XmlElement, declared: TypeReader | null = null): Value {
    // PHP follows a reference to a reference, but no third one.
    const target = this.#referenced(this.#referenced(element))
    if (target === element) return this.#readHere(element, declared)
    // Each target is read once, so that nested references take no more time than the document is long.
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

  /** Returns the reader of the type that a qualified name in this element means; null for an unknown type. */
  typeNamed(element: XmlElement, name: string): TypeReader | null {
    const qualified = qualifiedName(element, name)
    return qualified === null ? null : (this.types.get(qualified) ?? knownType(qualified))
  }

  #readHere(element: XmlElement, declared: TypeReader | null): Value {
    const isEndless = this.#reading.has(element) || this.#reading.size > DEEPEST
    if (isEndless) throw this.fault('Nesting level too deep')
    if (attribute(element, 'nil') !== null) return null
    this.#reading.add(element)
    const reader = this.#typeReaderOf(element, declared)
    const value = reader(element, this)
    this.#reading.delete(element)
    return value
  }

  #typeReaderOf(element: XmlElement, declared: TypeReader | null): TypeReader {
    const type = attribute(element, 'type', XSI)
    const given = type === null ? null : this.typeNamed(element, type)
    return given ?? declared ?? readByShape
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
