import type { Router } from 'express'
import type { Operation, OperationName } from '../../api/operations'
import { dialectRoute } from '../http/dialectRoute'
import { layerFault } from './faults'
import { faultAnswer, handleJsonRpc } from './handle'

/** The URL of JSON-RPC, in the forms that those of Magento's dialects have (REFERENCE.md §3). */
const JSON_RPC_PATH = /^(?:\/index\.php)?\/api\/jsonrpc(?:\/index)?\/?$/

/** JSON-RPC 2.0 over HTTP. */
export function jsonRpcRoute(
  operations: Readonly<Record<OperationName, Operation>>,
  bodyLimit: number,
): Router {
  return dialectRoute(JSON_RPC_PATH, bodyLimit, {
    handle: (body, request, log) => handleJsonRpc(body, operations, request, log),
    refuse: (message, request) => faultAnswer(layerFault('invalid_request', message), request),
  })
}
