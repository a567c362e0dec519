import type { IncomingMessage } from 'node:http'

/** Says whether the peer with this address is a trusted proxy, whose X-Forwarded-* headers are believed. */
export type TrustsProxy = (address: string) => boolean

const HOST = /^(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/

/**
 * Returns the URL by which the client reaches this server, without a trailing slash: the configured one, or else the
 * scheme and host of the request, which a trusted proxy may have changed.
 */
export function publicUrl(request: IncomingMessage, configured: string | null, trusts: TrustsProxy): string {
  if (configured !== null) return configured
  const { headers, socket } = request
  const isForwarded = trusts(socket.remoteAddress ?? '')
  const scheme = isForwarded && first(headers['x-forwarded-proto']) === 'https' ? 'https' : 'http'
  const host = (isForwarded && first(headers['x-forwarded-host'])) || headers.host
  return `${scheme}://${host !== undefined && HOST.test(host) ? host : 'localhost'}`
}

/** Returns the first of several values that proxies have appended: the one of the proxy that the client called. */
function first(header: string | readonly string[] | undefined): string | undefined {
  return header?.toString().split(',')[0]?.trim()
}
