import type { IncomingMessage } from 'node:http'

/** Whether the peer with this address is a proxy whose word counts. */
export type TrustsProxy = (address: string) => boolean

const HOST = /^(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/

/**
 * Scheme and host under which the client reaches this server, without a trailing slash: as configured, else as asked,
 * which takes a trusted proxy's word for it.
 */
export function publicUrl(request: IncomingMessage, configured: string | null, trusts: TrustsProxy): string {
  if (configured !== null) return configured
  const { headers, socket } = request
  const isForwarded = trusts(socket.remoteAddress ?? '')
  const scheme = isForwarded && first(headers['x-forwarded-proto']) === 'https' ? 'https' : 'http'
  const host = (isForwarded && first(headers['x-forwarded-host'])) || headers.host
  return `${scheme}://${host !== undefined && HOST.test(host) ? host : 'localhost'}`
}

/** The first of the values that proxies have added one behind the other: the one that the client saw. */
function first(header: string | readonly string[] | undefined): string | undefined {
  return header?.toString().split(',')[0]?.trim()
}
