import type { Router } from 'express'
import type { Operation, OperationName } from '../../api/operations'
import { dialectRoute } from '../http/dialectRoute'
import { fault } from './faults'
import { faultAnswer, handleXmlRpc } from './handle'

/** Every form of the XML-RPC URL (REFERENCE.md §3). */
const XML_RPC_PATH = /^(?:\/index\.php)?\/api\/xmlrpc(?:\/index)?\/?$/

/** XML-RPC over HTTP. */
export function xmlRpcRoute(
  operations: Readonly<Record<OperationName, Operation>>,
  bodyLimit: number,
): Router {
  return dialectRoute(XML_RPC_PATH, bodyLimit, {
    handle: (body, request, log) => handleXmlRpc(body, operations, request, log),
    refuse: (message, request) => faultAnswer(fault('unreadable', message), request),
  })
}
