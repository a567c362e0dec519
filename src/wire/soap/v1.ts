import type { OperationName } from '../../api/operationNames'
import type { Operation } from '../../api/operations'
import { type Endpoint, endpointOf } from './binding'
import { encodeAnswer } from './encode'
import { fixedArray } from './entities'
import { wsdlPartNames } from './partNames'
import { anything, boolean, string, type WsdlType } from './types'

/** What wsdl/v1.wsdl says of an operation's types. */
interface OperationTypes {
  readonly parts: readonly WsdlType[]
  readonly answer: WsdlType
}

const TYPES: Readonly<Record<OperationName, OperationTypes>> = {
  login: { parts: [string, string], answer: string },
  startSession: { parts: [], answer: string },
  endSession: { parts: [string], answer: boolean },
  call: { parts: [string, string, anything], answer: anything },
  multiCall: { parts: [string, fixedArray, anything], answer: fixedArray },
  resources: { parts: [string], answer: fixedArray },
  globalFaults: { parts: [string], answer: fixedArray },
  resourceFaults: { parts: [string, string], answer: fixedArray },
}

/** SOAP v1: eight operations, of which `call` and `multiCall` reach every method. */
export function v1Endpoint(operations: Readonly<Record<OperationName, Operation>>): Endpoint {
  const names = Object.keys(TYPES) as OperationName[]
  return endpointOf(
    names.map((name) => {
      const { run } = operations[name]
      const parts = wsdlPartNames(name, operations[name])
      const types = TYPES[name]
      return {
        operation: name,
        protocol: 'soap_v1' as const,
        elements: [name],
        use: 'encoded',
        parts: parts.map((part, index) => ({ names: [part], type: types.parts[index] ?? anything })),
        answer: { element: `${name}Response`, part: `${name}Return`, type: types.answer },
        run,
        write: encodeAnswer,
      }
    }),
  )
}
