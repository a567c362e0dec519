import type { Operation } from '../../api/operations'
import { isOperationName, type OperationName } from '../../api/operationTable'
import { isList, type Value, type ValueMap } from '../../contract/value'
import { shown } from '../rpc/shown'
import type { JsonRpcRequest } from './decode'
import { layerFault } from './faults'

/** An operation with the values of a call. */
export interface BoundCall {
  readonly name: OperationName
  readonly operation: Operation
  readonly values: readonly Value[]
}

/**
 * Finds the operation that a request names, case-sensitively, and its values. A path such as `product_media.list` in its
 * place is a call of that method (magento.md §8).
 *
 * @throws faults -32601, -32602
 */
export function bindJsonRpc(
  { method, params }: JsonRpcRequest,
  operations: Readonly<Record<OperationName, Operation>>,
): BoundCall {
  if (method.includes('.')) return callOf(method, params, operations.call)
  if (!isOperationName(method)) throw layerFault('method_not_found', shown(method))
  const operation = operations[method]
  const values = isList(params) ? byPosition(params, operation) : byName(params, operation)
  return { name: method, operation, values }
}

/** Makes a call of a method's path: the first parameter is the session's id, and the others are the method's arguments. */
function callOf(path: string, params: readonly Value[] | ValueMap, operation: Operation): BoundCall {
  const isNamed = !isList(params)
  const sessionId = isNamed ? params.get(SESSION_ID) : params[0]
  if (sessionId === undefined) throw missingParams([SESSION_ID])
  const args = isNamed ? new Map([...params].filter(([name]) => name !== SESSION_ID)) : params.slice(1)
  return { name: 'call', operation, values: [sessionId, path, args] }
}

const SESSION_ID = 'sessionId'

function byPosition(params: readonly Value[], { parts: names, fewest }: Operation): readonly Value[] {
  const missing = names.slice(params.length, fewest)
  if (missing.length > 0) throw missingParams(missing)
  if (params.length > names.length)
    throw layerFault('invalid_params', `at most ${names.length}, ${params.length} given`)
  return params
}

function byName(params: ValueMap, { parts, fewest }: Operation): readonly Value[] {
  const names: readonly string[] = parts
  const missing = names.slice(0, fewest).filter((name) => !params.has(name))
  if (missing.length > 0) throw missingParams(missing)
  const unknown = [...params.keys()].filter((name) => !names.includes(name))
  if (unknown.length > 0)
    throw layerFault('invalid_params', `unknown: ${shown(unknown.slice(0, 100).join(', '))}`)
  // Only the last value of an operation can be optional, so leaving it out moves no other value.
  return names.map((name) => params.get(name)).filter((value) => value !== undefined)
}

function missingParams(names: readonly string[]) {
  return layerFault('invalid_params', `missing: ${names.join(', ')}`)
}
