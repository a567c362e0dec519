import type { Operation, OperationName } from '../../api/operations'
import type { Value } from '../../contract/value'
import { childElements, type XmlElement } from '../xml/tree'
import { knownType, SoapDecoder, type TypeReader } from './decode'
import type { AnswerType } from './encode'
import type { SoapRequest } from './envelope'
import { SoapLayerFault, soapFault } from './faults'
import { MAGENTO, XSD } from './namespaces'

/** What wsdl/v1.wsdl says of an operation's types; its parts are the operation's own. */
interface Binding {
  readonly partTypes: readonly (TypeReader | null)[]
  readonly answerType: AnswerType
}

const string = knownType(XSD, 'string')
const fixedArray = knownType(MAGENTO, 'FixedArray')
const anything = null

const BINDINGS: Readonly<Record<OperationName, Binding>> = {
  login: { partTypes: [string, string], answerType: 'any' },
  startSession: { partTypes: [], answerType: 'any' },
  endSession: { partTypes: [string], answerType: 'any' },
  call: { partTypes: [string, string, anything], answerType: 'any' },
  multiCall: { partTypes: [string, fixedArray, anything], answerType: 'FixedArray' },
  resources: { partTypes: [string], answerType: 'FixedArray' },
  globalFaults: { partTypes: [string], answerType: 'FixedArray' },
  resourceFaults: { partTypes: [string, string], answerType: 'FixedArray' },
}

/** An operation with the values that a request calls it with, and the type of its answer. */
export interface BoundCall {
  readonly name: OperationName
  readonly operation: Operation
  readonly values: readonly Value[]
  readonly answerType: AnswerType
}

/**
 * Finds the operation that a request names, in any case and whatever its namespace, and reads its parts.
 *
 * @throws SoapLayerFault
 */
export function bindV1(
  { version, operation: element, root }: SoapRequest,
  operations: Readonly<Record<OperationName, Operation>>,
): BoundCall {
  if (!element) throw soapFault('Client', 'looks like we got "Body" without function call', version)
  const name = operationNames.get(element.name.toLowerCase())
  if (!name) {
    if (version === '1.2')
      throw new SoapLayerFault('rpc:ProcedureNotPresent', 'Procedure not present', version)
    throw soapFault('Server', `Procedure '${element.name}' not present`, version)
  }
  const { partTypes, answerType } = BINDINGS[name]
  const operation = operations[name]
  const values = readParts(element, operation.parts, partTypes, new SoapDecoder(root, version))
  return { name, operation, values, answerType }
}

const operationNames: ReadonlyMap<string, OperationName> = new Map(
  (Object.keys(BINDINGS) as OperationName[]).map((name) => [name.toLowerCase(), name]),
)

/** The values of the parts: by name if any part has its name, else by position. */
function readParts(
  operation: XmlElement,
  parts: readonly string[],
  types: readonly (TypeReader | null)[],
  decoder: SoapDecoder,
): readonly Value[] {
  const given = childElements(operation)
  const byName = parts.map((part) => given.find(({ name }) => name === part))
  if (byName.some((element) => element !== undefined)) {
    return byName.map((element, index) => (element ? decoder.read(element, types[index]) : null))
  }
  if (operation.children.length === 0 && parts.length > 0)
    throw soapFault('Client', 'Missing parameter', decoder.version)
  return given.map((element, index) => {
    if (index >= parts.length) throw soapFault('Client', 'Error cannot find parameter', decoder.version)
    return decoder.read(element, types[index])
  })
}
