import { type Response, Router } from 'express'
import type { Log } from '../../contract/log'
import type { RequestContext } from '../../contract/request'
import { bodyFailure, rawBody } from './body'
import { contextOf, logOf } from './observe'

export interface DialectAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** A dialect that is bytes in and bytes out: it sees nothing else of HTTP. */
export interface Dialect {
  /** Never throws: whatever fails is a fault of the dialect. Null is an answer without a body. */
  handle(body: Buffer, request: RequestContext, log: Log): Promise<DialectAnswer | null>
  /** Answers a request whose body could not be received. */
  refuse(message: string, request: RequestContext): DialectAnswer
}

/** Serves a dialect under a path, by any method, as Magento does. */
export function dialectRoute(path: RegExp, bodyLimit: number, dialect: Dialect): Router {
  const router = Router()

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

function send(response: Response, answer: DialectAnswer | null): void {
  if (!answer) {
    response.status(204).end()
    return
  }
  response.statusCode = answer.status
  response.setHeader('content-type', answer.contentType)
  response.end(answer.body)
}
