import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import express, { type ErrorRequestHandler, type Router } from 'express'
import type { Logger } from 'pino'
import type { ExchangeWatcher } from '../contract/interception'
import { Overloaded, RETRY_AFTER_SECONDS } from '../contract/overloaded'
import { clientAddress } from './clientAddress'
import { isConfidential } from './confidential'
import { hasSeveralHosts } from './hostHeaders'
import { contextOf, logOf, observer, pathOf, type RequestWatcher, targetOf } from './observe'
import { publicUrl } from './publicUrl'
import { forwardingOf, type TrustsProxy } from './trustedProxies'

export interface ServerOptions {
  readonly publicUrl: string | null
  /** IP addresses and networks of the proxies whose X-Forwarded-* headers are believed. */
  readonly trustedProxies: readonly string[]
  /** Returns the path and query that the routes know for those that a client asked for. */
  readonly canonicalTarget: (target: string) => string
  /** Returns a path as the log may show it, without a credential that is part of it. */
  readonly shownPath: (path: string) => string
}

/** A route without Express. For a short answer, Express would take a fifth of the time (decision 007). */
export interface DirectRoute {
  matches(method: string, path: string): boolean
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>
}

/**
 * Returns the HTTP application. A request that a direct route matches goes directly to it; all others go through
 * Express. A request that no route takes gets a plain answer.
 */
export function httpApplication(
  directRoutes: readonly DirectRoute[],
  routes: readonly Router[],
  options: ServerOptions,
  log: Logger,
  watcher?: RequestWatcher,
  exchanges?: ExchangeWatcher,
): RequestListener {
  const application = express()
  application.disable('x-powered-by')
  application.disable('etag')
  application.set('trust proxy', [...options.trustedProxies])
  for (const route of routes) application.use(route)
  application.use((_request, response) => {
    response.status(404).type('text/plain').send('Not found\n')
  })
  application.use(unexpected)

  const isTrusted: TrustsProxy = (address) => application.get('trust proxy fn')(address, 0)
  const originOf = (request: IncomingMessage) => {
    const forwarding = forwardingOf(request, isTrusted)
    const address = clientAddress(forwarding)
    return {
      publicUrl: publicUrl(request, options.publicUrl, forwarding),
      clientAddress: address,
      isConfidential: isConfidential(request, { ...options, clientAddress: address }, forwarding),
    }
  }
  const observe = observer(log, options.shownPath, originOf, watcher, exchanges)
  return (request, response) => {
    observe(request, response)
    if (hasSeveralHosts(request)) {
      response.setHeader('connection', 'close')
      answerPlainly(response, 400, 'A request has one Host header\n')
      return
    }
    request.url = options.canonicalTarget(targetOf(request))
    const { method = '' } = request
    const path = pathOf(request)
    const direct = directRoutes.find((route) => route.matches(method, path))
    if (direct) direct.answer(request, response).catch((err: unknown) => answerUnexpected(err, response))
    else application(request, response)
  }
}

const unexpected: ErrorRequestHandler = (err, _request, response, _next) => answerUnexpected(err, response)

/** Answers an error that no protocol has answered. The cause is logged, and the client is not told. */
function answerUnexpected(err: unknown, response: ServerResponse): void {
  if (err instanceof Overloaded && !response.headersSent) {
    contextOf(response).notes.noteShortage(err.shortage)
    response.setHeader('retry-after', RETRY_AFTER_SECONDS)
    answerPlainly(response, 503, 'Service temporarily unavailable\n')
    return
  }
  logOf(response).error({ err }, 'request failed')
  if (response.headersSent) {
    response.destroy()
    return
  }
  answerPlainly(response, 500, 'Internal error\n')
}

function answerPlainly(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end(text)
}

/** How long a client may take, in seconds. */
export interface ClientPatience {
  /** To send the headers of a request. */
  readonly headers: number
  /** To send a body; also the longest pause in which no byte is sent or received. */
  readonly body: number
  /** To send the next request over the same connection. */
  readonly keepAlive: number
}

export interface RunningServer {
  readonly port: number
  /** Refuses new connections, gives running requests some time to finish, then closes all connections. */
  stop(): Promise<void>
}

/** How long running requests may take to finish. A container gets 10 s to stop; the rest is for the database. */
const GRACE_MS = 8000
const SWEEP_MS = 50
/** How often Node checks for clients that take too long. */
const PATIENCE_CHECK_MS = 1000
/** How long a protocol has to answer after a body failed to arrive, before Node closes the connection. */
const ANSWER_SECONDS = 5

/** Starts to listen, and resolves once the server accepts connections. */
export async function listen(
  application: RequestListener,
  port: number,
  host: string,
  patience: ClientPatience,
): Promise<RunningServer> {
  const server = http.createServer(serverOptions(patience), application)
  server.timeout = (patience.body + ANSWER_SECONDS) * 1000
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    stop: () => stop(server, sockets),
  }
}

function serverOptions({ headers, body, keepAlive }: ClientPatience): http.ServerOptions {
  return {
    headersTimeout: headers * 1000,
    requestTimeout: (headers + body + ANSWER_SECONDS) * 1000,
    keepAliveTimeout: keepAlive * 1000,
    connectionsCheckingInterval: PATIENCE_CHECK_MS,
  }
}

async function stop(server: http.Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // Close connections over which no request was ever sent: Node does not treat them as idle.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  // Close connections again and again as they become idle: Node keeps each open after its answer, for a next request.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
  const patience = setTimeout(() => server.closeAllConnections(), GRACE_MS)
  await closed
  clearInterval(sweep)
  clearTimeout(patience)
}
