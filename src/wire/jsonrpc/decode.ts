import { isList, isNumber, type Value, type ValueMap, type WholeFloat } from '../../contract/value'
import { readJson, UnreadableJson } from '../../text/json/parse'
import { layerFault } from './faults'

/** The id that connects an answer to its request. */
export type RequestId = string | number | bigint | WholeFloat | null

/** A request object (JSON-RPC 2.0, section 4). */
export interface JsonRpcRequest {
  readonly method: string
  readonly params: readonly Value[] | ValueMap
  /** Whether the client wants no answer. */
  readonly isNotification: boolean
}

/** Reads the JSON value of a body. @throws fault -32700 */
export async function readBody(bytes: Buffer): Promise<Value> {
  try {
    return await readJson(bytes)
  } catch (thrown) {
    throw thrown instanceof UnreadableJson ? layerFault('parse_error', thrown.message) : thrown
  }
}

/** Returns the id for an answer to this value; null when it has no valid id. */
export function idOf(value: Value): RequestId {
  const id = value instanceof Map ? value.get('id') : null
  return isId(id) ? id : null
}

/** The longest id, in characters, because an answer repeats it. */
const LONGEST_ID = 1024

function isId(id: Value | undefined): id is RequestId {
  if (id === undefined) return false
  return id === null || isNumber(id) || (typeof id === 'string' && id.length <= LONGEST_ID)
}

/** What a request may give as its version; OpenMage asks for none (magento.md §8). */
const VERSIONS: ReadonlySet<Value | undefined> = new Set(['2.0', 2, undefined])

/** @throws fault -32600 */
export function readRequest(value: Value): JsonRpcRequest {
  if (!(value instanceof Map)) throw invalid('a request is an object')
  const request: ValueMap = value
  const [method, params, id] = ['method', 'params', 'id'].map((name) => request.get(name))
  if (!VERSIONS.has(request.get('jsonrpc'))) throw invalid('"jsonrpc" must be "2.0"')
  if (typeof method !== 'string') throw invalid('"method" must be a string')
  if (id !== undefined && !isId(id)) throw invalid('"id" must be a string, a number or null')
  return { method, params: readParams(params), isNotification: id === undefined }
}

function readParams(params: Value | undefined): readonly Value[] | ValueMap {
  if (params === undefined) return []
  if (params !== null && isList(params)) return params
  if (params instanceof Map) return params
  throw invalid('"params" must be an array or an object')
}

function invalid(detail: string) {
  return layerFault('invalid_request', detail)
}
