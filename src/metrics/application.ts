import type { RequestListener } from 'node:http'
import type { Log } from '../contract/log'
import { hasSeveralHosts } from '../http/hostHeaders'
import { pathOf } from '../http/observe'
import type { Metrics } from './metrics'

/** Returns the application that Prometheus asks. It has its own address, and serves `/metrics` alone. */
export function metricsApplication(
  metrics: Pick<Metrics, 'text' | 'contentType'>,
  log: Log,
): RequestListener {
  return (request, response) => {
    response.setHeader('x-content-type-options', 'nosniff')
    if (hasSeveralHosts(request)) {
      response.writeHead(400, { 'content-type': 'text/plain', connection: 'close' })
      response.end('A request has one Host header\n')
      return
    }
    if (pathOf(request) !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n')
      return
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end()
      return
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      (err: unknown) => {
        log.error({ err }, 'the metrics could not be collected')
        response.writeHead(500, { 'content-type': 'text/plain' }).end('Internal error\n')
      },
    )
  }
}
