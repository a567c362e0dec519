import { documentedFault } from '../../api/call'
import { HttpFault, type HttpFaultTable, httpFaultsOf } from '../../contract/httpFault'
import type { Log } from '../../contract/log'
import type { RequestContext } from '../../contract/request'
import type { Value } from '../../contract/value'
import { OAuthProblem } from '../../oauth/authentication'

/** The errors of the REST layer itself, with their statuses and Magento's texts (magento.md §4). */
const restErrors = {
  not_acceptable: [406, 'Server can not understand Accept HTTP header media type.'],
  no_route: [404, 'Request does not match any route.'],
  method_invalid: [400, 'Invalid request method'],
  access_denied: [403, 'Access denied'],
  method_not_implemented: [405, 'Resource method not implemented yet.'],
  data_invalid: [400, 'The request data is invalid.'],
  undecodable: [400, 'Decoding error.'],
  content_type_missing: [400, 'Content-Type header is empty'],
  content_type_invalid: [400, 'Invalid Content-Type header'],
  content_type_unknown: [400, 'Server can not understand Content-Type HTTP header media type'],
  charset_unknown: [400, 'UTF-8 is the only supported charset'],
  unauthorized: [401, 'oauth_problem=token_rejected'],
  internal: [500, 'Resource internal error.'],
  overloaded: [503, 'Service temporarily unavailable.'],
} as const satisfies HttpFaultTable

export const fault = httpFaultsOf(restErrors)

/**
 * Returns the error to answer for anything thrown. An undocumented failure is logged with its cause and
 * answered plainly.
 */
export function asRestFault(thrown: unknown, log: Log, request: RequestContext): HttpFault {
  if (thrown instanceof OAuthProblem) return fault('unauthorized', thrown.message)
  return documentedFault(thrown, log, request, {
    kind: HttpFault,
    failed: 'request failed',
    overloaded: () => fault('overloaded'),
    internal: () => fault('internal'),
  })
}

/**
 * The second messages that Magento adds to some errors (recordings `rest/post-no-content`,
 * `rest/post-no-mime`).
 */
const SECOND_MESSAGES: ReadonlyMap<string, string> = new Map([
  ['image_not_specified', 'Resource data pre-validation error.'],
])

/** Returns the envelope of an error, the same in both formats. */
export function errorEnvelope({ key, status, message }: HttpFault): Value {
  const second = SECOND_MESSAGES.get(key ?? '')
  const messages = second === undefined ? [message] : [message, second]
  const errors = messages.map(
    (text) =>
      new Map<string, Value>([
        ['code', status],
        ['message', text],
      ]),
  )
  return new Map([['messages', new Map([['error', errors]])]])
}
