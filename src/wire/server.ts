import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import express, { type ErrorRequestHandler, type Router } from 'express'
import type { Logger } from 'pino'
import type { ExchangeWatcher } from '../contract/interception'
import { clientAddress } from './http/clientAddress'
import { logOf, observer, pathOf, type RequestWatcher } from './http/observe'
import { publicUrl, type TrustsProxy } from './http/publicUrl'

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
  const origin = {
    publicUrl: (request: IncomingMessage) => publicUrl(request, options.publicUrl, isTrusted),
    clientAddress: (request: IncomingMessage) => clientAddress(request, isTrusted),
  }
  const observe = observer(log, origin, watcher, exchanges)
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
  logOf(response).error({ err }, 'request failed')
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.statusCode = 500
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end('Internal error\n')
}

export interface RunningServer {
  readonly port: number
  /** Takes no new connections, lets those under way finish for a while, then closes them. */
  stop(): Promise<void>
}

/** Within the 10 s that containers are given to stop, with some of them left for the database. */
const GRACE_MS = 8000
const SWEEP_MS = 50

/** Listens, and answers once it does. */
export async function listen(
  application: RequestListener,
  port: number,
  host: string,
): Promise<RunningServer> {
  const server = http.createServer({ keepAliveTimeout: 65_000 }, application)
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
