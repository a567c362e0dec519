import type { IncomingMessage, ServerResponse } from 'node:http'
import { Fault } from '../../contract/fault'
import { sendAnswer } from '../http/answer'
import { bodyReader, UnreadableBody } from '../http/body'
import { contextOf, logOf, pathOf } from '../http/observe'
import { signedRequestOf } from '../oauth/signedRequest'
import type { DirectRoute } from '../server'
import { errorAnswer, handleRest, type RestAnswer, type RestParts, type RestRequest } from './handle'
import { acceptedFormat } from './negotiate'

/** Everything below `/api/rest` but its documents: a path that is none of REST's own is answered in its own way. */
const REST_PATH = /^(?:\/index\.php)?\/api\/rest(?:\/(?!docs(?:\/|$)|openapi\.json$).*)?$/

/** Magento's REST for product images over HTTP (REFERENCE.md §4). */
export function restRoute(parts: RestParts & { readonly bodyLimit: number }): DirectRoute {
  const readBody = bodyReader(parts.bodyLimit)
  return {
    matches: (_method, path) => REST_PATH.test(path),
    async answer(request, response) {
      const context = contextOf(response)
      context.observed.protocol = 'rest'
      try {
        const body = await readBody(request, response)
        if (context.exchange) context.exchange.body = body
        const asked = restRequest(request, response, body)
        send(response, await handleRest(asked, parts, context, logOf(response)))
      } catch (thrown) {
        if (!(thrown instanceof UnreadableBody)) throw thrown
        const error = new Fault('body_unreadable', thrown.status, thrown.message)
        const format = acceptedFormat(request.headers.accept)
        send(response, errorAnswer(error, format, pathOf(request), context))
      }
    },
  }
}

function restRequest(request: IncomingMessage, response: ServerResponse, body: Buffer): RestRequest {
  return {
    path: pathOf(request),
    accept: request.headers.accept,
    signed: signedRequestOf(request, response, body),
  }
}

function send(response: ServerResponse, answer: RestAnswer): void {
  sendAnswer(response, { ...answer, encoding: 'latin1' })
}
