import type { Request } from 'express'

const HOST = /^(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/

/**
 * Scheme and host under which the client reaches this server, without a trailing slash: as configured, else as asked,
 * which takes a proxy's word for it when Express trusts that proxy.
 */
export function publicUrl(request: Request, configured: string | null): string {
  if (configured !== null) return configured
  const { protocol, host } = request
  const scheme = protocol === 'https' ? 'https' : 'http'
  return `${scheme}://${host !== undefined && HOST.test(host) ? host : 'localhost'}`
}
