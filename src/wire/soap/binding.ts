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

/** A part of a request: the names that it may have, the WSDL's first, and its type. */
export interface Part {
  readonly names: readonly string[]
  readonly type: WsdlType
}

/** What the WSDL says of an answer. */
export interface AnswerShape {
  /** The element that wraps it. */
  readonly element: string
  readonly part: string
  readonly type: WsdlType
}

/** An operation as one WSDL describes it. */
export interface Binding {
  /** The name of the operation, for the log. */
  readonly operation: string
  readonly protocol: ObservedProtocol
  /** The elements of the body that ask for it, the WSDL's first. */
  readonly elements: readonly string[]
  /** In an `encoded` request, missing parts and parts that do not exist are faults, as they are to PHP. */
  readonly use: 'encoded' | 'literal'
  readonly parts: readonly Part[]
  readonly answer: AnswerShape
  run(values: readonly Value[], request: RequestContext): Promise<Value>
  /** The envelope that carries the value. */
  write(value: Value, answer: AnswerShape, version: SoapVersion): string
}

/** What one URL answers. */
export interface Endpoint {
  /** By their elements' names in lower case: PHP finds them in any case. */
  readonly bindings: ReadonlyMap<string, Binding>
  readonly types: NamedReaders
}

export function endpointOf(bindings: readonly Binding[]): Endpoint {
  return {
    bindings: new Map(
      bindings.flatMap((binding) => binding.elements.map((element) => [element.toLowerCase(), binding])),
    ),
    types: namedReaders(
      bindings.flatMap(({ parts, answer }) => [...parts.map(({ type }) => type), answer.type]),
    ),
  }
}

/** An operation with the values that a request calls it with. */
export interface BoundCall {
  readonly binding: Binding
  readonly values: readonly Value[]
}

/**
 * Finds the operation that a request names, in any case and whatever its namespace, and reads its parts.
 *
 * @throws SoapLayerFault
 */
export function bind({ version, operation: element, root }: SoapRequest, endpoint: Endpoint): BoundCall {
  if (!element) throw soapFault('Client', 'looks like we got "Body" without function call', version)
  const binding = endpoint.bindings.get(element.name.toLowerCase())
  if (!binding) throw notPresent(element.name, version)
  return { binding, values: readParts(element, binding, new SoapDecoder(root, version, endpoint.types)) }
}

function notPresent(name: string, version: SoapVersion): SoapLayerFault {
  if (version === '1.2')
    return new SoapLayerFault('rpc:ProcedureNotPresent', 'Procedure not present', version)
  return soapFault('Server', `Procedure '${shown(name)}' not present`, version)
}

/** The values of the parts: by name if any part has its name, else by position. */
function readParts(operation: XmlElement, { parts, use }: Binding, decoder: SoapDecoder): readonly Value[] {
  const given = childElements(operation)
  const read = (element: XmlElement, part: Part) => decoder.read(element, readerOf(part.type))
  const byName = parts.map((part) => given.find(({ name }) => part.names.includes(name)))
  if (byName.some((element) => element !== undefined)) {
    return parts.map((part, index) => {
      const element = byName[index]
      return element ? read(element, part) : null
    })
  }
  const values = parts.slice(0, given.length).map((part, index) => read(given[index] as XmlElement, part))
  // PHP counts what is there as it reads it.
  if (use === 'encoded') checkPositions(operation, given.length, parts.length, decoder.version)
  return values
}

function checkPositions(operation: XmlElement, given: number, parts: number, version: SoapVersion): void {
  if (operation.children.length === 0 && parts > 0) throw soapFault('Client', 'Missing parameter', version)
  if (given > parts) throw soapFault('Client', 'Error cannot find parameter', version)
}
