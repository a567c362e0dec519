import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import express, { type ErrorRequestHandler, type Router } from 'express'
import type { Logger } from 'pino'
import type { ExchangeWatcher } from '../contract/interception'
import { Overloaded, RETRY_AFTER_SECONDS } from '../contract/overloaded'
import { clientAddress } from './clientAddress'
import { contextOf, logOf, observer, pathOf, type RequestWatcher } from './observe'
import { publicUrl, type TrustsProxy } from './publicUrl'

export interface ServerOptions {
  readonly publicUrl: string | null
  /** Addresses and networks whose X-Forwarded-* headers count. */
  readonly trustedProxies: readonly string[]
}

/** A route that needs nothing of Express, which would cost a short answer a fifth of its time (decision 007). */
export interface DirectRoute {
  matches(method: string, path: string): boolean
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>
}

/**
 * The HTTP application: what a direct route matches goes straight to it, everything else through Express, with plain
 * answers for what no route takes.
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
  const originOf = (request: IncomingMessage) => ({
    publicUrl: publicUrl(request, options.publicUrl, isTrusted),
    clientAddress: clientAddress(request, isTrusted),
  })
  const observe = observer(log, originOf, watcher, exchanges)
  return (request, response) => {
    observe(request, response)
    const { method = '' } = request
    const path = pathOf(request)
    const direct = directRoutes.find((route) => route.matches(method, path))
    if (direct) direct.answer(request, response).catch((err: unknown) => answerUnexpected(err, response))
    else application(request, response)
  }
}

const unexpected: ErrorRequestHandler = (err, _request, response, _next) => answerUnexpected(err, response)

/** What no protocol has answered is logged with its cause, and answered without it. */
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
  /** For the head of a request. */
  readonly headers: number
  /** For a body, and without taking or sending a byte. */
  readonly body: number
  /** Between two requests over one connection. */
  readonly keepAlive: number
}

export interface RunningServer {
  readonly port: number
  /** Takes no new connections, lets those under way finish for a while, then closes them. */
  stop(): Promise<void>
}

/** Within the 10 s that containers are given to stop, with some of them left for the database. */
const GRACE_MS = 8000
const SWEEP_MS = 50
/** How often Node looks for clients that take too long. */
const PATIENCE_CHECK_MS = 1000
/** For a protocol to answer a body that does not come, before Node closes the connection. */
const ANSWER_SECONDS = 5

/** Listens, and answers once it does. */
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
  // Node does not take a connection for idle over which nothing was ever asked.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  // A connection is idle as soon as its last answer is sent, which Node leaves open for the next request.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
  const patience = setTimeout(() => server.closeAllConnections(), GRACE_MS)
  await closed
  clearInterval(sweep)
  clearTimeout(patience)
}
