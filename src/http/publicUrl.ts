import type { IncomingMessage } from 'node:http'
import { type Forwarding, forwardedValue } from './trustedProxies'

const HOST = /^(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/

/**
 * Returns the URL by which the client reaches this server, without a trailing slash: the configured one, or else the
 * scheme and host of the request, which a trusted proxy may have changed.
 */
export function publicUrl(
  { headers }: IncomingMessage,
  configured: string | null,
  forwarding: Forwarding,
): string {
  if (configured !== null) return configured
  const scheme = forwardedValue(headers['x-forwarded-proto'], forwarding) === 'https' ? 'https' : 'http'
  const host = forwardedValue(headers['x-forwarded-host'], forwarding) || headers.host
  return `${scheme}://${host !== undefined && HOST.test(host) ? host : 'localhost'}`
}
