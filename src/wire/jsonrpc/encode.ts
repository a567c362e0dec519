import type { Fault } from '../../contract/fault'
import { fieldsOf, isList, type Value } from '../../contract/value'
import type { RequestId } from './decode'

/** The response object of an answer (JSON-RPC 2.0, section 5). */
export function encodeAnswer(id: RequestId, result: Value): string {
  return response(id, 'result', result)
}

/** The response object of a fault. */
export function encodeFault(id: RequestId, { code, message }: Fault): string {
  const error = new Map<string, number | string>([
    ['code', code],
    ['message', message],
  ])
  return response(id, 'error', error)
}

function response(id: RequestId, member: 'result' | 'error', value: Value): string {
  return `{"jsonrpc":"2.0","${member}":${encodeJson(value)},"id":${encodeJson(id)}}`
}

/** A value as JSON. By hand, since an object would reorder keys that look like integers, and take `__proto__` for its own. */
export function encodeJson(value: Value): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(encodeJson).join(',')}]`
  const members = [...(fieldsOf(value) ?? [])].map(
    ([name, member]) => `${JSON.stringify(name)}:${encodeJson(member)}`,
  )
  return `{${members.join(',')}}`
}
