import type { IncomingMessage, ServerResponse } from 'node:http'
import { askedUrlOf, contextOf } from '../../http/observe'
import type { SignedRequest } from '../../oauth/authentication'

/** Returns the parts of a request that a signature covers, once its body has been read. */
export function signedRequestOf(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): SignedRequest {
  const { isConfidential } = contextOf(response).origin
  return {
    method: request.method ?? '',
    url: askedUrlOf(response),
    authorization: request.headersDistinct.authorization ?? [],
    contentType: request.headers['content-type'] ?? null,
    body,
    isConfidential,
  }
}
