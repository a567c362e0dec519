import type { Operation } from '../../api/operations'
import type { OperationName } from '../../contract/operationNames'
import type { Dialect } from '../http/dialect'
import { fault } from './faults'
import { faultAnswer, handleXmlRpc } from './handle'

/** XML-RPC as bytes in and bytes out. */
export function xmlRpcDialect(operations: Readonly<Record<OperationName, Operation>>): Dialect {
  return {
    handle: (body, request, log) => handleXmlRpc(body, operations, request, log),
    fail: faultAnswer,
    refuse: (message, request) => faultAnswer(fault('unreadable', message), request),
  }
}
