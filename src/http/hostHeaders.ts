import type { IncomingMessage } from 'node:http'

/** Whether the request has more than one Host header, which RFC 9112, 3.2 answers with 400. Node would take the first. */
export function hasSeveralHosts({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.toLowerCase() === 'host') hosts += 1
  return hosts > 1
}
