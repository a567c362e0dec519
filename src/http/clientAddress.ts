import { isIP } from 'node:net'
import type { Forwarding } from './trustedProxies'

/** Returns the client's IP address: as the outermost trusted proxy saw it, or without such a proxy, the peer's. */
export function clientAddress({ addresses }: Forwarding): string {
  const [peer = ''] = addresses
  const outermost = addresses.at(-1) ?? peer
  return isIP(outermost) === 0 ? peer : outermost
}
