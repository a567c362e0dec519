import type { Dialect } from './dialect'
import type { RpcEndpoint } from './endpoint'
import { protocolOf } from './protocol'

/**
 * Returns the endpoint's dialect. It answers a body of another protocol in that protocol, with the right
 * URLs.
 */
export function withWrongTurns(endpoint: RpcEndpoint, endpoints: readonly RpcEndpoint[]): Dialect {
  const { protocol, dialect, title } = endpoint
  return {
    refuse: dialect.refuse,
    fail: dialect.fail,
    async handle(body, request, log) {
      const spoken = protocolOf(body)
      if (spoken === null || spoken === protocol) return dialect.handle(body, request, log)
      const others = endpoints.filter((other) => other.protocol === spoken)
      const places = others.map((other) => `for ${other.title}, use ${request.origin.publicUrl}${other.url}`)
      const message = `This URL answers ${title}; ${places.join('; ')}`
      return (others[0]?.dialect ?? dialect).refuse(message, request)
    },
  }
}
