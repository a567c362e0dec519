import type { Operation } from '../../api/operations'
import type { OperationName } from '../../api/operationTable'
import type { Dialect } from '../rpc/dialect'
import { layerFault } from './faults'
import { faultAnswer, handleXmlRpc } from './handle'

/** Returns XML-RPC as a dialect. */
export function xmlRpcDialect(operations: Readonly<Record<OperationName, Operation>>): Dialect {
  return {
    handle: (body, request, log) => handleXmlRpc(body, operations, request, log),
    fail: faultAnswer,
    refuse: (message, request) => faultAnswer(layerFault('unreadable', message), request),
  }
}
