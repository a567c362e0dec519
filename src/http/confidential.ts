import type { IncomingMessage } from 'node:http'
import { isLoopback } from '../contract/loopback'
import { publicUrl } from './publicUrl'
import type { Forwarding } from './trustedProxies'

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
 * machine. If trusted proxies are configured, only they count; otherwise a configured https URL means that a proxy is there.
 */
export function isConfidential(request: IncomingMessage, way: WayIn, forwarding: Forwarding): boolean {
  const isForwarded = forwarding.proxies > 0
  return hadTls(request, way, isForwarded, forwarding) || isOfThisMachine(request, way, isForwarded)
}

function hadTls(request: IncomingMessage, way: WayIn, isForwarded: boolean, forwarding: Forwarding): boolean {
  if (isForwarded && request.headers['x-forwarded-proto'] !== undefined)
    return isHttps(publicUrl(request, null, forwarding))
  return (isForwarded || way.trustedProxies.length === 0) && way.publicUrl !== null && isHttps(way.publicUrl)
}

function isHttps(url: string): boolean {
  return url.startsWith('https:')
}

/** Tells whether the client is on this machine. An unlisted proxy may run here too; its clients would have its address. */
function isOfThisMachine(
  { headers }: IncomingMessage,
  { clientAddress }: WayIn,
  isForwarded: boolean,
): boolean {
  if (!isLoopback(clientAddress)) return false
  if (isForwarded && headers['x-forwarded-for'] !== undefined) return true
  return FORWARDING.every((name) => headers[name] === undefined)
}
