import type { Operation } from '../../api/operations'
import { OPERATION_NAMES, type OperationName } from '../../api/operationTable'
import { type Endpoint, endpointOf } from './binding'
import { encodeAnswer } from './encode'
import { fixedArray } from './entities'
import { type PartTypes, wsdlParts } from './partNames'
import { MAGENTO_1_9, type SoapProfile } from './soapProfile'
import { anything, boolean, string, type WsdlType } from './types'

/** The types of an operation in wsdl/v1.wsdl. */
interface OperationTypes {
  readonly parts?: PartTypes
  readonly answer: WsdlType
}

const TYPES: Readonly<Record<OperationName, OperationTypes>> = {
  login: { answer: string },
  startSession: { answer: string },
  endSession: { answer: boolean },
  call: { parts: { args: anything }, answer: anything },
  multiCall: { parts: { calls: fixedArray, options: anything }, answer: fixedArray },
  resources: { answer: fixedArray },
  globalFaults: { answer: fixedArray },
  resourceFaults: { answer: fixedArray },
}

/** Returns the endpoint of SOAP v1: eight operations, of which `call` and `multiCall` reach every method. */
export function v1Endpoint(
  operations: Readonly<Record<OperationName, Operation>>,
  { namespace }: SoapProfile = MAGENTO_1_9,
): Endpoint {
  return endpointOf(
    OPERATION_NAMES.map((name) => {
      const operation = operations[name]
      const { parts = {}, answer } = TYPES[name]
      return {
        operation: name,
        protocol: 'soap_v1' as const,
        elements: [name],
        use: 'encoded',
        parts: wsdlParts(name, operation, parts).map((part) => ({ names: [part.name], type: part.type })),
        answer: { element: `${name}Response`, part: `${name}Return`, type: answer, namespace },
        run: operation.run,
        write: encodeAnswer,
      }
    }),
    namespace,
  )
}
