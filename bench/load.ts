import autocannon from 'autocannon'

export interface Load {
  readonly connections: number
  readonly seconds: number
}

export interface Measured {
  /** Answers a second. */
  readonly rate: number
  /** Milliseconds. */
  readonly median: number
  readonly p99: number
}

/** A SOAP call, or the path of an image. */
export type BenchRequest = { readonly body: string } | { readonly path: string }

/** Sends the requests in turn, over and over, for a while. Throws when any answer was not HTTP 200. */
export async function measure(
  url: string,
  requests: readonly BenchRequest[],
  { connections, seconds }: Load,
): Promise<Measured> {
  const result = await autocannon({
    url,
    requests: requests.map(httpRequest),
    connections,
    duration: seconds,
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} bad answers, ${result.errors} errors`)
  return {
    rate: result.requests.total / result.duration,
    median: result.latency.p50,
    p99: result.latency.p99,
  }
}

function httpRequest(request: BenchRequest): autocannon.Request {
  if ('path' in request) return { method: 'GET', path: request.path }
  return {
    method: 'POST',
    path: '/api/soap/',
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: request.body,
  }
}

/** The bytes of one answer. */
export async function answerOf(url: string, request: BenchRequest): Promise<Buffer> {
  const { path, ...options } = httpRequest(request)
  const response = await fetch(`${url}${path}`, options as RequestInit)
  return Buffer.from(await response.arrayBuffer())
}
