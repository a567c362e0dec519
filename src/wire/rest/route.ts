import { type Request, type Response, Router } from 'express'
import { Fault } from '../../contract/fault'
import { bodyFailure, rawBody } from '../http/body'
import { contextOf, logOf } from '../http/observe'
import { errorAnswer, handleRest, type RestAnswer, type RestParts, type RestRequest } from './handle'
import { acceptedFormat } from './negotiate'

/** Everything below `/api/rest` but its documents: a path that is none of REST's own is answered in its own way. */
const REST_PATH = /^(?:\/index\.php)?\/api\/rest(?:\/(?!docs(?:\/|$)|openapi\.json$).*)?$/

/** Magento's REST for product images over HTTP (REFERENCE.md §4). */
export function restRoute(parts: RestParts & { readonly bodyLimit: number }): Router {
  const router = Router()

  router.all(REST_PATH, rawBody(parts.bodyLimit), async (request, response) => {
    send(response, await handleRest(restRequest(request), parts, contextOf(response), logOf(response)))
  })

  router.use(
    REST_PATH,
    bodyFailure(parts.bodyLimit, (response, message, status) => {
      const { path, headers } = response.req
      const error = new Fault('body_unreadable', status, message)
      send(response, errorAnswer(error, acceptedFormat(headers.accept), path, contextOf(response)))
    }),
  )
  return router
}

function restRequest(request: Request): RestRequest {
  const { method, path, headers, originalUrl, body } = request
  const query = originalUrl.indexOf('?')
  return {
    method,
    path,
    pathAndQuery: query < 0 ? path : path + originalUrl.slice(query),
    accept: headers.accept,
    contentType: headers['content-type'] ?? null,
    authorization: headers.authorization === undefined ? [] : (request.headersDistinct.authorization ?? []),
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
  }
}

function send(response: Response, { status, headers, body }: RestAnswer): void {
  response.statusCode = status
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.end(body, 'latin1')
}
