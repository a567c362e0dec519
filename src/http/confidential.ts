import type { IncomingMessage } from 'node:http'
import { isLoopback } from '../contract/loopback'
import { publicUrl, type TrustsProxy } from './publicUrl'

/** Headers by which a proxy says that somebody else is behind a request. */
const FORWARDING = [
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-real-ip',
  'forwarded',
  'via',
]

export interface WayIn {
  /** The client's address, as {@link clientAddress} tells it. */
  readonly clientAddress: string
  /** The configured URL of the server; null if none is configured. */
  readonly publicUrl: string | null
  readonly trustedProxies: readonly string[]
}

/**
 * Tells whether nobody on the way could read the request: TLS was in front of this server, or the client is on this
 * machine. Where proxies are named, only they are in front; else a configured https URL says that there is one.
 */
export function isConfidential(request: IncomingMessage, way: WayIn, trusts: TrustsProxy): boolean {
  const isForwarded = trusts(request.socket.remoteAddress ?? '')
  return hadTls(request, way, isForwarded, trusts) || isOfThisMachine(request, way, isForwarded)
}

function hadTls(request: IncomingMessage, way: WayIn, isForwarded: boolean, trusts: TrustsProxy): boolean {
  if (isForwarded && request.headers['x-forwarded-proto'] !== undefined)
    return isHttps(publicUrl(request, null, trusts))
  return (isForwarded || way.trustedProxies.length === 0) && way.publicUrl !== null && isHttps(way.publicUrl)
}

function isHttps(url: string): boolean {
  return url.startsWith('https:')
}

/** A proxy that nobody has named may run here too: whoever is behind it has the address of this machine. */
function isOfThisMachine(
  { headers }: IncomingMessage,
  { clientAddress }: WayIn,
  isForwarded: boolean,
): boolean {
  if (!isLoopback(clientAddress)) return false
  if (isForwarded && headers['x-forwarded-for'] !== undefined) return true
  return FORWARDING.every((name) => headers[name] === undefined)
}
