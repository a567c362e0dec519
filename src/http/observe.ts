import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request } from 'express'
import type { Logger } from 'pino'
import { Exchange } from '../contract/exchange'
import type { ExchangeWatcher } from '../contract/interception'
import type { Log, LogDetails } from '../contract/log'
import { outageOf } from '../contract/outage'
import { type RequestContext, type RequestOrigin, requestContext } from '../contract/request'

/**
 * The policy for answers that are not pages: a browser that shows one loads nothing, runs nothing and allows no frame.
 */
const POLICY = "default-src 'none'; frame-ancestors 'none'"

const ACCEPTABLE_ID = /^[\w.:-]{1,128}$/

/** A function that is called for each request once it is answered. `seconds` is how long that took. */
export type RequestWatcher = (context: RequestContext, status: number, seconds: number) => void

/**
 * Gives every request its context and id, and writes one log line when it has been answered.
 *
 * @param shownPath returns a path as the log may show it
 * @param originOf reads the public URL and the client's address; both depend on which proxies are trusted
 * @param watcher is called for each request as well
 * @param exchanges keeps whole requests and answers, in a test double
 */
export function observer(
  log: Logger,
  shownPath: (path: string) => string,
  originOf: (request: IncomingMessage) => RequestOrigin,
  watcher: RequestWatcher | undefined,
  exchanges?: ExchangeWatcher,
) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const started = process.hrtime.bigint()
    // Read the URL now: a mounted router later removes its own part from it.
    const { method } = request
    const path = shownPath(pathOf(request))
    const given = request.headers['x-request-id']
    const requestId = typeof given === 'string' && ACCEPTABLE_ID.test(given) ? given : randomUUID()
    const over = exchanges && new AbortController()
    const exchange = over ? exchangeOf(request, over.signal) : null
    const context = requestContext(originOf(request), exchange)
    const named: Log = {
      error: (details, message) => logFailure(log, { requestId, ...details }, message),
      debug: (details, message) => log.debug({ requestId, ...details }, message),
    }
    observed.set(response, { context, log: named, target: targetOf(request) })
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

/** Logs a failure in its own line. During an outage, failures are only counted, to keep the log short. */
function logFailure(log: Log, details: LogDetails, message: string): void {
  const outage = outageOf(details.err)
  outage?.countCall()
  log[outage ? 'debug' : 'error'](details, message)
}

function exchangeOf(request: IncomingMessage, over: AbortSignal): Exchange {
  const { method = '', headers } = request
  return new Exchange({ method, target: targetOf(request), headers }, over)
}

interface Observed {
  readonly context: RequestContext
  readonly log: Log
  /** The path and query as the client wrote them. */
  readonly target: string
}

const observed = new WeakMap<ServerResponse, Observed>()

function observedOf(response: ServerResponse): Observed {
  const found = observed.get(response)
  if (!found) throw new Error('a request is answered that nobody observes')
  return found
}

/** Returns the context that {@link observer} gave the request. */
export function contextOf(response: ServerResponse): RequestContext {
  return observedOf(response).context
}

/** Returns the request's logger, which writes the request's id in every line. */
export function logOf(response: ServerResponse): Log {
  return observedOf(response).log
}

/**
 * Returns the URL that the client asked for, as it reaches this server. Where the public URL has a path, a request may come
 * with it, or through a proxy that has taken it away.
 */
export function askedUrlOf(response: ServerResponse): string {
  const { context, target } = observedOf(response)
  const { publicUrl } = context.origin
  const base = new URL(publicUrl).pathname.replace(/\/$/, '')
  return publicUrl + (base !== '' && target.startsWith(`${base}/`) ? target.slice(base.length) : target)
}

/** Returns the path and query as the client wrote them. The client may have sent a whole URL (RFC 9112, 3.2.2). */
export function targetOf({ url = '' }: IncomingMessage): string {
  return url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*/i, '')
}

/** Returns the path as the client wrote it, without the query. */
export function pathOf(request: IncomingMessage): string {
  const target = targetOf(request)
  const end = target.indexOf('?')
  return end < 0 ? target : target.slice(0, end)
}

/** Returns the path, percent-decoded; null for a path that cannot be decoded. */
export function decodedPath(request: Request): string | null {
  try {
    return decodeURIComponent(request.path)
  } catch {
    return null
  }
}
