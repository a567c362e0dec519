import type { Fault } from '../../contract/fault'
import type { Value } from '../../contract/value'
import { encodeJson } from '../../text/json/write'
import type { RequestId } from './decode'
import type { JsonRpcLayerFault } from './faults'

/** Writes the response object of an answer (JSON-RPC 2.0, section 5). */
export function encodeAnswer(id: RequestId, result: Value): string {
  return response(id, 'result', result)
}

/** Writes the response object of a fault. */
export function encodeFault(id: RequestId, { code, message }: Fault | JsonRpcLayerFault): string {
  const error = new Map<string, number | string>([
    ['code', code],
    ['message', message],
  ])
  return response(id, 'error', error)
}

function response(id: RequestId, member: 'result' | 'error', value: Value): string {
  return `{"jsonrpc":"2.0","${member}":${encodeJson(value)},"id":${encodeJson(id)}}`
}
