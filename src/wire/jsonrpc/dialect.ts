import type { Operation } from '../../api/operations'
import type { OperationName } from '../../api/operationTable'
import type { Dialect } from '../rpc/dialect'
import { layerFault } from './faults'
import { faultAnswer, handleJsonRpc } from './handle'

/** Returns JSON-RPC 2.0 as a dialect. */
export function jsonRpcDialect(operations: Readonly<Record<OperationName, Operation>>): Dialect {
  return {
    handle: (body, request, log) => handleJsonRpc(body, operations, request, log),
    fail: faultAnswer,
    refuse: (message, request) => faultAnswer(layerFault('invalid_request', message), request),
  }
}
