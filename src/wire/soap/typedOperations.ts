import type { Operation } from '../../api/operations'
import type { OperationName } from '../../api/operationTable'
import type { ResourceDescription } from '../../contract/method'
import type { RequestContext } from '../../contract/request'
import type { Value } from '../../contract/value'
import {
  apis,
  faults,
  imagesWith,
  imageWith,
  literalFixedArray,
  mediaTypes,
  PARAMETER_TYPES,
} from './entities'
import { type PartTypes, wsdlParts } from './partNames'
import { MAGENTO_1_9, type SoapProfile } from './soapProfile'
import { anything, boolean, int, literalAnything, string, type WsdlType } from './types'

export type TypedDialect = 'v2' | 'wsi'

/** An operation of the typed dialects, v2 and WS-I, before either dialect names its elements. */
export interface TypedOperation {
  /** The operation's name: `login`, or `catalogProductAttributeMediaList`. */
  readonly name: string
  /** Whether the operation exists in every Magento. Such operations are named by another pattern. */
  readonly isSystem: boolean
  /** The dialects that have the operation. */
  readonly dialects: readonly TypedDialect[]
  readonly parts: readonly { readonly name: string; readonly type: WsdlType }[]
  /** How many parts WS-I insists on, the session's id with them (magento.md §6.8). */
  readonly fewest: number
  readonly answer: WsdlType
  run(values: readonly Value[], request: RequestContext): Promise<Value>
}

interface SystemTypes {
  readonly parts?: PartTypes
  readonly answer: WsdlType
  readonly dialects?: readonly TypedDialect[]
}

const BOTH: readonly TypedDialect[] = ['v2', 'wsi']

/**
 * The types of the operations that every Magento has. In v2, each method is an operation of its own; only
 * WS-I has `call` and `multiCall` as well.
 */
const SYSTEM: Readonly<Record<OperationName, SystemTypes>> = {
  call: { parts: { args: literalAnything }, answer: literalAnything, dialects: ['wsi'] },
  multiCall: {
    parts: { calls: literalFixedArray, options: literalAnything },
    answer: literalFixedArray,
    dialects: ['wsi'],
  },
  login: { answer: string },
  startSession: { answer: string },
  endSession: { answer: boolean },
  resources: { answer: apis },
  globalFaults: { answer: faults },
  resourceFaults: { answer: faults },
}

const METHOD_ANSWERS: Readonly<Record<string, (profile: SoapProfile) => WsdlType>> = {
  currentStore: () => int,
  list: ({ imageHashes }) => imagesWith(imageHashes),
  info: ({ imageHashes }) => imageWith(imageHashes),
  types: () => mediaTypes,
  create: () => string,
  update: ({ changed }) => changed,
  remove: ({ changed }) => changed,
  createAndReturnInfo: ({ imageHashes }) => imageWith(imageHashes),
  md5: () => string,
}

/** Returns every operation of a typed dialect, derived from the operations and the method tables. */
export function typedOperations(
  operations: Readonly<Record<OperationName, Operation>>,
  resources: readonly ResourceDescription[],
  dialect: TypedDialect,
  profile: SoapProfile = MAGENTO_1_9,
): readonly TypedOperation[] {
  const names = Object.keys(SYSTEM) as OperationName[]
  const system = names.map((name) => systemOperation(name, SYSTEM[name], operations[name]))
  const methods = resources.flatMap((resource) =>
    [...resource.methods.keys()].map((method) => methodOperation(resource, method, operations.call, profile)),
  )
  return [...system, ...methods].filter(({ dialects }) => dialects.includes(dialect))
}

function systemOperation(
  name: OperationName,
  { parts = {}, answer, dialects = BOTH }: SystemTypes,
  operation: Operation,
): TypedOperation {
  return {
    name,
    isSystem: true,
    dialects,
    parts: wsdlParts(name, operation, parts),
    fewest: 0,
    answer,
    run: operation.run,
  }
}

function methodOperation(
  resource: ResourceDescription,
  method: string,
  call: Operation,
  profile: SoapProfile,
): TypedOperation {
  const { parameters = [], fewest = 0 } = resource.methods.get(method) ?? {}
  const path = `${resource.name}.${method}`
  return {
    name: typedName(resource, method),
    isSystem: false,
    dialects: BOTH,
    parts: [
      { name: 'sessionId', type: string },
      ...parameters.map((name) => ({ name, type: PARAMETER_TYPES[name] ?? anything })),
    ],
    fewest: fewest === 0 ? 0 : fewest + 1,
    answer: METHOD_ANSWERS[method]?.(profile) ?? anything,
    run: ([sessionId = null, ...args], request) => call.run([sessionId, path, args], request),
  }
}

/** Returns the name of a method's operation: `catalogProductAttributeMediaList`. */
export function typedName({ name }: ResourceDescription, method: string): string {
  return `${camelCase(name)}${capitalized(method)}`
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
