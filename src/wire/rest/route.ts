import type { IncomingMessage, ServerResponse } from 'node:http'
import { HttpFault } from '../../contract/httpFault'
import { sendAnswer } from '../../http/answer'
import { type BodyReader, UnreadableBody } from '../../http/body'
import { askedUrlOf, contextOf, logOf, pathOf } from '../../http/observe'
import type { DirectRoute } from '../../http/server'
import { signedRequestOf } from '../oauth/signedRequest'
import { asRestFault } from './errors'
import { errorAnswer, handleRest, type RestAnswer, type RestParts, type RestRequest } from './handle'
import { acceptedFormat } from './negotiate'

/** Everything below `/api/rest` except its documents. REST itself answers unknown paths there. */
const REST_PATH = /^\/api\/rest(?:\/(?!docs(?:\/|$)|openapi\.json$).*)?$/

/** Serves Magento's REST for product images over HTTP (magento.md §4). */
export function restRoute(parts: RestParts, readBody: BodyReader): DirectRoute {
  return {
    matches: (_method, path) => REST_PATH.test(path),
    async answer(request, response) {
      const context = contextOf(response)
      context.notes.noteProtocol('rest')
      try {
        const answer = await readBody(request, response, (body) =>
          handleRest(restRequest(request, response, body), parts, context, logOf(response)),
        )
        send(response, answer)
      } catch (thrown) {
        const error = asRestFault(asUnreadFault(thrown), logOf(response), context)
        const format = acceptedFormat(request.headers.accept)
        send(response, errorAnswer(error, format, pathOf(request), context))
      }
    },
  }
}

function asUnreadFault(thrown: unknown): unknown {
  if (!(thrown instanceof UnreadableBody)) return thrown
  return new HttpFault(thrown.status, thrown.message, { key: 'body_unreadable' })
}

function restRequest(request: IncomingMessage, response: ServerResponse, body: Buffer): RestRequest {
  return {
    path: pathOf(request),
    folder: folderOf(response),
    accept: request.headers.accept,
    signed: signedRequestOf(request, response, body),
  }
}

/** Returns the path before `/api/rest`, as the client asked for it; what `api.php` was asked for is there without it too. */
function folderOf(response: ServerResponse): string {
  const { pathname } = new URL(askedUrlOf(response))
  const end = pathname.indexOf('/api/rest')
  return end < 0 ? '' : pathname.slice(0, end).replace(/\/api\.php$/, '')
}

function send(response: ServerResponse, answer: RestAnswer): void {
  sendAnswer(response, { ...answer, encoding: 'latin1' })
}
