import type { RequestContext } from '../../contract/request'
import type { ObservedProtocol } from '../../contract/requestNotes'
import type { Value } from '../../contract/value'
import { childElements, type XmlElement } from '../../text/xml/tree'
import { shown } from '../rpc/shown'
import { type NamedReaders, SoapDecoder } from './decode'
import type { SoapRequest } from './envelope'
import { SoapLayerFault, soapFault } from './faults'
import type { SoapVersion } from './namespaces'
import type { WsdlType } from './types'
import { namedReaders, readerOf } from './wsdlReaders'

/** A part of a request: its possible names, the WSDL's first, and its type. */
export interface Part {
  readonly names: readonly string[]
  readonly type: WsdlType
}

/** The WSDL's description of an answer. */
export interface AnswerShape {
  /** The name of the element around the value. */
  readonly element: string
  readonly part: string
  readonly type: WsdlType
  /** The namespace of the element. */
  readonly namespace: string
}

/** An operation as one WSDL describes it. */
export interface Binding {
  /** The name of the operation, for the log. */
  readonly operation: string
  readonly protocol: ObservedProtocol
  /** The elements of the body that name the operation, the WSDL's first. */
  readonly elements: readonly string[]
  /** In an `encoded` request, missing and unknown parts are faults, as in PHP. */
  readonly use: 'encoded' | 'literal'
  readonly parts: readonly Part[]
  readonly answer: AnswerShape
  run(values: readonly Value[], request: RequestContext): Promise<Value>
  /** Writes the envelope with the value. */
  write(value: Value, answer: AnswerShape, version: SoapVersion): string
}

/** The operations of one URL. */
export interface Endpoint {
  /** Bindings by the names of their elements in lower case, because PHP ignores case. */
  readonly bindings: ReadonlyMap<string, Binding>
  readonly types: NamedReaders
}

/** @param namespace that of the WSDL */
export function endpointOf(bindings: readonly Binding[], namespace: string): Endpoint {
  return {
    bindings: new Map(
      bindings.flatMap((binding) => binding.elements.map((element) => [element.toLowerCase(), binding])),
    ),
    types: namedReaders(
      bindings.flatMap(({ parts, answer }) => [...parts.map(({ type }) => type), answer.type]),
      namespace,
    ),
  }
}

/** An operation with the values of a call. */
export interface BoundCall {
  readonly binding: Binding
  readonly values: readonly Value[]
}

/**
 * Finds the operation that a request names, in any case and any namespace, and reads its parts.
 *
 * @throws SoapLayerFault
 */
export function bind({ version, operation: element, root }: SoapRequest, endpoint: Endpoint): BoundCall {
  if (!element) throw soapFault('Client', 'looks like we got "Body" without function call', version)
  const binding = endpoint.bindings.get(element.name.toLowerCase())
  if (!binding) throw notPresent(element.name, version)
  return {
    binding,
    values: readParts(element, binding, new SoapDecoder(root, version, endpoint.types, binding.use)),
  }
}

function notPresent(name: string, version: SoapVersion): SoapLayerFault {
  if (version === '1.2')
    return new SoapLayerFault('rpc:ProcedureNotPresent', 'Procedure not present', version)
  return soapFault('Server', `Procedure '${shown(name)}' not present`, version)
}

/** Reads the values of the parts: by name if any part has its name, else by position, but for a literal request. */
function readParts(operation: XmlElement, { parts, use }: Binding, decoder: SoapDecoder): readonly Value[] {
  const given = childElements(operation)
  const read = (element: XmlElement, part: Part) => decoder.read(element, readerOf(part.type))
  const byName = parts.map((part) => given.find(({ name }) => part.names.includes(name)))
  if (use === 'literal' || byName.some((element) => element !== undefined)) {
    return parts.map((part, index) => {
      const element = byName[index]
      return element ? read(element, part) : null
    })
  }
  const values = parts.slice(0, given.length).map((part, index) => read(given[index] as XmlElement, part))
  // PHP checks the number of parts only while it reads them, so an error in a part comes first.
  checkPositions(operation, given.length, parts.length, decoder.version)
  return values
}

function checkPositions(operation: XmlElement, given: number, parts: number, version: SoapVersion): void {
  if (operation.children.length === 0 && parts > 0) throw soapFault('Client', 'Missing parameter', version)
  if (given > parts) throw soapFault('Client', 'Error cannot find parameter', version)
}
