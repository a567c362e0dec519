import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request } from 'express'
import type { Logger } from 'pino'
import { Exchange } from '../contract/exchange'
import type { ExchangeWatcher } from '../contract/interception'
import type { Log } from '../contract/log'
import { type RequestContext, type RequestOrigin, requestContext } from '../contract/request'

/** For what is no page: whatever a browser makes of it loads nothing, runs nothing and is framed nowhere. Pages have their own. */
const POLICY = "default-src 'none'; frame-ancestors 'none'"

const ACCEPTABLE_ID = /^[\w.:-]{1,128}$/

/** Told of each request once it has been answered. */
export type RequestWatcher = (context: RequestContext, status: number, seconds: number) => void

/**
 * Gives every request its context and id, and writes one log line when it has been answered.
 *
 * @param originOf what is read from a request and its peer, with the word of trusted proxies
 * @param watcher told of it as well
 * @param exchanges where a test double keeps whole requests and answers
 */
export function observer(
  log: Logger,
  originOf: (request: IncomingMessage) => RequestOrigin,
  watcher: RequestWatcher | undefined,
  exchanges?: ExchangeWatcher,
) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const started = process.hrtime.bigint()
    // Taken now: a router that is mounted takes its own part from the URL.
    const { method } = request
    const path = pathOf(request)
    const given = request.headers['x-request-id']
    const requestId = typeof given === 'string' && ACCEPTABLE_ID.test(given) ? given : randomUUID()
    const over = exchanges && new AbortController()
    const exchange = over ? exchangeOf(request, over.signal) : null
    const context = requestContext(originOf(request), exchange)
    const named: Log = {
      error: (details, message) => log.error({ requestId, ...details }, message),
      debug: (details, message) => log.debug({ requestId, ...details }, message),
    }
    observed.set(response, { context, log: named })
    response.setHeader('x-request-id', requestId)
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('content-security-policy', POLICY)
    response.on('close', () => {
      const ms = Number(process.hrtime.bigint() - started) / 1e6
      log.info({
        requestId,
        method,
        path,
        status: response.statusCode,
        ...(!response.writableFinished && { aborted: true }),
        ...context.notes.observed,
        ms,
      })
      watcher?.(context, response.statusCode, ms / 1000)
      over?.abort()
      if (exchange) exchanges?.ended(exchange, context, response.statusCode, ms / 1000)
    })
  }
}

function exchangeOf(request: IncomingMessage, over: AbortSignal): Exchange {
  const { method = '', headers } = request
  return new Exchange({ method, target: targetOf(request), headers }, over)
}

interface Observed {
  readonly context: RequestContext
  readonly log: Log
}

const observed = new WeakMap<ServerResponse, Observed>()

function observedOf(response: ServerResponse): Observed {
  const found = observed.get(response)
  if (!found) throw new Error('a request is answered that nobody observes')
  return found
}

/** The context that {@link observer} gave the request. */
export function contextOf(response: ServerResponse): RequestContext {
  return observedOf(response).context
}

/** The logger that names the request in every line. */
export function logOf(response: ServerResponse): Log {
  return observedOf(response).log
}

/** The path and query that were asked, as they were written; a proxy may be asked for a whole URL (RFC 9112, 3.2.2). */
export function targetOf({ url = '' }: IncomingMessage): string {
  return url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*/i, '')
}

/** The path of the URL that was asked, as it was written. */
export function pathOf(request: IncomingMessage): string {
  const target = targetOf(request)
  const end = target.indexOf('?')
  return end < 0 ? target : target.slice(0, end)
}

/** The path as it was asked for, decoded; null for one that cannot be. */
export function decodedPath(request: Request): string | null {
  try {
    return decodeURIComponent(request.path)
  } catch {
    return null
  }
}
