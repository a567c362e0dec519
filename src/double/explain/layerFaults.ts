import { OPERATION_NAMES } from '../../api/operationTable'
import type { Exchange, NotedFault } from '../../contract/exchange'
import { nearest, quoted } from '../../contract/nearest'
import type { RequestContext } from '../../contract/request'

/** A request that never became a call. */
export interface RefusedRequest {
  readonly exchange: Exchange
  readonly context: RequestContext
  readonly fault: NotedFault
}

type Reason = string | ((refused: RefusedRequest, found: RegExpExecArray) => string)

/** The causes of the protocols' own faults, by patterns of their messages. The first match counts. */
const REASONS: readonly (readonly [pattern: RegExp, reason: Reason])[] = [
  [
    /^This URL answers nothing/,
    'The URL is none of the API: its name, its capitals or its slashes differ from those that Magento took.',
  ],
  [
    /^Required parameter is missing/,
    'A required element is missing or nil: WS-I takes an element by its exact name alone, such as productId, and for the id of the session the first that there is.',
  ],
  [/^This URL answers/, 'The request speaks another protocol than the URL that it was sent to answers.'],
  [/^(?:Invalid XML|Unable to read request$|Invalid request, no method)/, unreadableXml],
  [
    /ENTITY in XML|^DTD are not|document type/,
    'The document has a document type, which no request needs: it is refused, as every attack on a parser has one.',
  ],
  [/^Wrong Version/, 'The root element is no Envelope in the namespace of SOAP 1.1 or 1.2.'],
  [/^Body must be present/, 'The Envelope has no Body, or something other than a Header before it.'],
  [/^looks like we got "Body"/, 'The Body is empty: its first element names the operation.'],
  [/^Procedure '(.*)' not present/s, unknownProcedure],
  [
    /^Procedure not present/,
    'The first element of the Body names no operation of this URL; v1 is at /api/soap/, v2 and WS-I are at /api/v2_soap/.',
  ],
  [/^Missing parameter/, 'The operation has no parts, neither by their names nor by position.'],
  [
    /^Error cannot find parameter/,
    'The operation has more parts than the WSDL gives it, and none has a name that the WSDL knows.',
  ],
  [/^Header not understood/, 'A header has mustUnderstand; no header means anything to this API.'],
  [/^mustUnderstand value/, 'mustUnderstand is neither 0 nor 1.'],
  [/Unknown Data Encoding Style/, 'The encodingStyle is not that of the SOAP version of the Envelope.'],
  [
    /^SOAP-ERROR: Encoding: (.*)/s,
    (_refused, [, detail = '']) => `A value could not be read by its type: ${detail}.`,
  ],
  [/^Method "(.*)" does not exist/s, unknownMethod],
  [/^Method not found: (.*)/s, unknownMethod],
  [
    /^Calling parameters do not match signature/,
    'The number of parameters is wrong, or args is no array, or calls or options are neither an array nor a struct: call takes the session id, the path, and an array of arguments. A struct with their names is none.',
  ],
  [/^Invalid params: unknown/, 'A parameter has a name that the operation does not know.'],
  [/^Parse error/, 'The body is no JSON.'],
  [
    /^(?:Request body is larger|Content-Encoding is not)/,
    'See KEEPSAKE_BODY_LIMIT for the largest body; gzip, deflate and br are unpacked.',
  ],
  [/^Request body cannot be read/, 'The body broke off, or is not packed as its Content-Encoding says.'],
  [
    /oauth_problem=parameter_absent&oauth_parameters_absent=(\w+)/,
    (_refused, [, name = '']) => `The signature lacks ${name}, or it is empty.`,
  ],
  [
    /oauth_problem=signature_invalid/,
    'The signature is not that of the request: another secret, another method, or another URL than this server sees (behind a proxy, see KEEPSAKE_BASE_URL).',
  ],
  [
    /oauth_problem=timestamp_refused/,
    'The timestamp lies too far from the time here: see KEEPSAKE_OAUTH_TIMESTAMP_WINDOW, and GET /_keepsake/clock.',
  ],
  [
    /oauth_problem=nonce_used/,
    'The nonce was used before with this timestamp: each request needs one of its own.',
  ],
  [/oauth_problem=consumer_key_rejected/, 'No consumer has this key; keys have 32 characters.'],
  [/oauth_problem=token_revoked/, 'The token was revoked.'],
  [
    /oauth_problem=token_rejected/,
    'There is no such access token, or it is of another consumer; a request token gives no access.',
  ],
  [
    /oauth_problem=permission_denied/,
    'The operator who authorized the token was disabled, or lost the rights that it needs.',
  ],
  [
    /oauth_problem=signature_method_rejected&message=PLAINTEXT/,
    'PLAINTEXT sends the secrets as they are: from another machine it is taken over https alone (KEEPSAKE_OAUTH_PLAINTEXT_OVER_HTTP).',
  ],
  [
    /oauth_problem=signature_method_rejected/,
    'The signature method is none of HMAC-SHA1, RSA-SHA1 and PLAINTEXT, or not the one that the consumer signs with.',
  ],
  [/oauth_problem=version_rejected/, 'oauth_version must be 1.0.'],
  [
    /^Request does not match any route/,
    'REST has /api/rest/products/{id}/images and /api/rest/products/{id}/images/{image}, each with /store/{store} behind it if need be.',
  ],
  [/^Invalid request method/, 'The HTTP method is none of GET, POST, PUT and DELETE.'],
  [/^Access denied$/, 'Only a token of an administrator may change images; customers and guests may look.'],
  [/understand Accept HTTP header/, 'Accept must allow application/json or XML.'],
]

/** Explains why a request never became a call; null where the fault already says everything. */
export function whyRefused(refused: RefusedRequest): string | null {
  for (const [pattern, reason] of REASONS) {
    const found = pattern.exec(refused.fault.message)
    if (found) return typeof reason === 'string' ? reason : reason(refused, found)
  }
  return null
}

function unreadableXml({ exchange, fault }: RefusedRequest): string {
  if (!exchange.body || exchange.body.length === 0)
    return `The ${exchange.method} has no body${exchange.method === 'GET' ? ': the WSDL is at ?wsdl' : ''}.`
  return fault.detail === undefined
    ? 'The body is no XML-RPC request that could be read.'
    : `The body is no well-formed XML: ${fault.detail}`
}

function unknownProcedure({ context }: RefusedRequest, [, name = '']: RegExpExecArray): string {
  if (context.notes.observed.protocol === 'soap_v1' && /^catalogProduct/i.test(name))
    return `${quoted(name)} is an operation of SOAP v2: that is at /api/v2_soap/. Here, call takes the path product_media.${name.replace(/^.*Media/, '').toLowerCase()}.`
  const meant = nearest(name, OPERATION_NAMES)
  return `The WSDL of this URL has no operation ${quoted(name)}.${meant === null ? '' : ` Did you mean ${meant}?`}`
}

function unknownMethod(_refused: RefusedRequest, [, name = '']: RegExpExecArray): string {
  if (name.includes('.'))
    return `Methods of a resource are called by call: its parameters are the session id, ${quoted(name)}, and an array of arguments.`
  const meant = nearest(name, OPERATION_NAMES)
  return `The methods are ${OPERATION_NAMES.join(', ')}, in exactly this case.${meant === null ? '' : ` Did you mean ${meant}?`}`
}

const PLACES: readonly (readonly [path: string, what: string])[] = [
  ['/api/soap/', 'SOAP v1'],
  ['/api/v2_soap/', 'SOAP v2 and WS-I'],
  ['/api/xmlrpc/', 'XML-RPC'],
  ['/api/jsonrpc/', 'JSON-RPC'],
  ['/api/rest/products/', 'REST'],
  ['/media/catalog/product/', 'images'],
]

/** Explains why there is nothing at a URL. */
export function whyNothingThere(target: string): string {
  const path = target.replace(/\?.*/s, '')
  if (path.startsWith('/media/'))
    return 'No image is served under this path: GET it as the url of list or info says it.'
  const meant = nearest(
    path,
    PLACES.map(([place]) => place),
  )
  const found = PLACES.find(([place]) => place === meant)
  if (found) return `Nothing is here: for ${found[1]}, use ${found[0]}.`
  return `Nothing is here: ${PLACES.map(([place, what]) => `for ${what}, ${place}`).join(', ')}.`
}
