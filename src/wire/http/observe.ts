import { randomUUID } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import type { Log } from '../../contract/log'
import type { RequestContext } from '../../contract/request'
import { publicUrl } from './publicUrl'

const ACCEPTABLE_ID = /^[\w.:-]{1,128}$/

/** Gives every request its context and id, and writes one log line when it has been answered. */
export function observe(log: Logger, configuredUrl: string | null): RequestHandler {
  return (request, response, next) => {
    const started = process.hrtime.bigint()
    // Taken now: a router that is mounted takes its own part from the path.
    const { method, path } = request
    const given = request.get('x-request-id')
    const requestId = given !== undefined && ACCEPTABLE_ID.test(given) ? given : randomUUID()
    const context: RequestContext = {
      publicUrl: publicUrl(request, configuredUrl),
      currentStore: 0,
      observed: {},
    }
    response.locals.context = context
    const named: Log = {
      error: (details, message) => log.error({ requestId, ...details }, message),
      debug: (details, message) => log.debug({ requestId, ...details }, message),
    }
    response.locals.log = named
    response.setHeader('x-request-id', requestId)
    response.on('close', () => {
      log.info({
        requestId,
        method,
        path,
        status: response.statusCode,
        ...(!response.writableFinished && { aborted: true }),
        ...context.observed,
        ms: Number(process.hrtime.bigint() - started) / 1e6,
      })
    })
    next()
  }
}

/** The context that {@link observe} gave the request. */
export function contextOf(response: Response): RequestContext {
  return response.locals.context as RequestContext
}

/** The logger that names the request in every line. */
export function logOf(response: Response): Log {
  return response.locals.log as Log
}

/** The path as it was asked for, decoded; null for one that cannot be. */
export function decodedPath(request: Request): string | null {
  try {
    return decodeURIComponent(request.path)
  } catch {
    return null
  }
}
