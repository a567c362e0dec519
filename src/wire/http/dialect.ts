import { type Request, type Response, Router } from 'express'
import type { Log } from '../../contract/log'
import type { RequestContext } from '../../contract/request'
import { bodyFailure, rawBody } from './body'
import { contextOf, logOf } from './observe'
import { sendPage } from './page'

export interface DialectAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** A dialect that is bytes in and bytes out: it sees nothing else of HTTP. */
export interface Dialect {
  /** Never throws: whatever fails is a fault of the dialect. Null is an answer without a body. */
  handle(body: Buffer, request: RequestContext, log: Log): Promise<DialectAnswer | null>
  /** Answers a request that is not read, and says why not. */
  refuse(message: string, request: RequestContext): DialectAnswer
}

export interface DialectRoute {
  /** Every form of the URL. */
  readonly path: RegExp
  readonly bodyLimit: number
  readonly dialect: Dialect
  /** What a browser sees that opens the URL. */
  page(request: RequestContext): string
}

/** Serves a dialect under a path, by any method, as Magento does. */
export function dialectRoute({ path, bodyLimit, dialect, page }: DialectRoute): Router {
  const router = Router()

  router.get(path, (request, response, next) => {
    if (!isBrowser(request)) return next()
    sendPage(response, page(contextOf(response)))
  })

  router.all(path, rawBody(bodyLimit), async (request, response) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    send(response, await dialect.handle(body, contextOf(response), logOf(response)))
  })

  router.use(
    path,
    bodyFailure(bodyLimit, (response, message) => {
      send(response, dialect.refuse(message, contextOf(response)))
    }),
  )
  return router
}

/** A client of an API never asks for HTML; some make their calls by GET. */
function isBrowser(request: Request): boolean {
  return request.get('accept')?.includes('text/html') === true && request.get('content-length') === undefined
}

function send(response: Response, answer: DialectAnswer | null): void {
  if (!answer) {
    response.status(204).end()
    return
  }
  response.statusCode = answer.status
  response.setHeader('content-type', answer.contentType)
  response.end(answer.body)
}
