import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import proxyAddress from 'proxy-addr'
import type { TrustsProxy } from './publicUrl'

/** Returns the client's IP address: as the outermost trusted proxy saw it, or without such a proxy, the peer's. */
export function clientAddress(request: IncomingMessage, trusts: TrustsProxy): string {
  const peer = request.socket.remoteAddress ?? ''
  if (request.headers['x-forwarded-for'] === undefined || !trusts(peer)) return peer
  const forwarded = proxyAddress(request, trusts)
  return isIP(forwarded) === 0 ? peer : forwarded
}
