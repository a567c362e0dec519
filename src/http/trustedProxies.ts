import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import proxyAddress from 'proxy-addr'

/** Says whether the peer with this address is a trusted proxy, whose X-Forwarded-* headers are believed. */
export type TrustsProxy = (address: string) => boolean

/** The information that trusted proxies have added to a request. */
export interface Forwarding {
  /** The address of the peer, then those of X-Forwarded-For from the right, up to the first that is no trusted proxy's. */
  readonly addresses: readonly string[]
  /** How many trusted proxies the request has passed, as far as they tell. */
  readonly proxies: number
}

/** Reads X-Forwarded-For from the right, as far as each address is that of a trusted proxy. */
export function forwardingOf(request: IncomingMessage, trusts: TrustsProxy): Forwarding {
  const peer = request.socket.remoteAddress ?? ''
  if (!trusts(peer)) return { addresses: [peer], proxies: 0 }
  const addresses = proxyAddress.all(request, (address) => trusts(withoutPort(address))).map(withoutPort)
  return { addresses, proxies: Math.max(1, addresses.length - 1) }
}

/**
 * Returns the value that the outermost trusted proxy has added to a header to which each proxy adds one at the right, or
 * which each replaces; undefined when no trusted proxy has added any.
 */
export function forwardedValue(
  header: string | readonly string[] | undefined,
  { proxies }: Forwarding,
): string | undefined {
  if (header === undefined || proxies === 0) return undefined
  const values = header.toString().split(',')
  return values[Math.max(0, values.length - proxies)]?.trim()
}

/** Some proxies write the client's port too: `192.0.2.1:49152`, `[2001:db8::1]:49152`. */
function withoutPort(text: string): string {
  const [, inBrackets, beforePort] = /^(?:\[([^\]]*)\](?::[0-9]+)?|([0-9.]+):[0-9]+)$/.exec(text) ?? []
  const address = inBrackets ?? beforePort
  return address !== undefined && isIP(address) !== 0 ? address : text
}
