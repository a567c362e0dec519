import type { Directory } from '../../api/directory'
import type { Operation, OperationName } from '../../api/operations'
import type { Resource } from '../../contract/method'
import type { RequestContext } from '../../contract/request'
import type { Value } from '../../contract/value'
import { apis, faults, image, images, mediaTypes, PARAMETER_TYPES } from './entities'
import { anything, boolean, int, string, type WsdlType } from './types'

/** An operation of the typed dialects, v2 and WS-I, before either has given it names of its own. */
export interface TypedOperation {
  /** `login`, or `catalogProductAttributeMediaList`. */
  readonly name: string
  /** Whether it is one of those that every Magento has, which have names after a pattern of their own. */
  readonly isSystem: boolean
  readonly parts: readonly { readonly name: string; readonly type: WsdlType }[]
  readonly answer: WsdlType
  run(values: readonly Value[], request: RequestContext): Promise<Value>
}

/** Magento's typed dialects have neither `call` nor `multiCall`: each method is an operation. */
const SYSTEM_ANSWERS = {
  login: string,
  startSession: string,
  endSession: boolean,
  resources: apis,
  globalFaults: faults,
  resourceFaults: faults,
} as const satisfies Partial<Record<OperationName, WsdlType>>

const METHOD_ANSWERS: Readonly<Record<string, WsdlType>> = {
  currentStore: int,
  list: images,
  info: image,
  types: mediaTypes,
  create: string,
  update: boolean,
  remove: boolean,
}

/** Every operation of the typed dialects, derived from the operations and the method tables. */
export function typedOperations(
  operations: Readonly<Record<OperationName, Operation>>,
  directory: Directory,
): readonly TypedOperation[] {
  const system = Object.entries(SYSTEM_ANSWERS).map(([name, answer]) =>
    systemOperation(name, answer, operations[name as keyof typeof SYSTEM_ANSWERS]),
  )
  const methods = directory.resources.flatMap((resource) =>
    [...resource.methods.keys()].map((method) => methodOperation(resource, method, operations.call)),
  )
  return [...system, ...methods]
}

function systemOperation(name: string, answer: WsdlType, { parts, run }: Operation): TypedOperation {
  return { name, isSystem: true, parts: parts.map((part) => ({ name: part, type: string })), answer, run }
}

function methodOperation(resource: Resource, method: string, call: Operation): TypedOperation {
  const parameters = resource.methods.get(method)?.parameters ?? []
  const path = `${resource.name}.${method}`
  return {
    name: `${camelCase(resource.name)}${capitalized(method)}`,
    isSystem: false,
    parts: [
      { name: 'sessionId', type: string },
      ...parameters.map((name) => ({ name, type: PARAMETER_TYPES[name] ?? anything })),
    ],
    answer: METHOD_ANSWERS[method] ?? anything,
    run: ([sessionId = null, ...args], request) => call.run([sessionId, path, args], request),
  }
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
