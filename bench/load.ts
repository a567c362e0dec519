import autocannon from 'autocannon'

export interface Load {
  readonly connections: number
  readonly seconds: number
}

export interface Measured {
  /** The number of answers per second. */
  readonly rate: number
  /** The median time of an answer, in milliseconds. */
  readonly median: number
  readonly p99: number
}

export interface BenchRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Record<string, string>
  readonly body?: string
}

/** Sends the requests one after the other, again and again, for some time. Throws if an answer is not HTTP 200. */
export async function measure(
  url: string,
  requests: readonly BenchRequest[],
  { connections, seconds }: Load,
): Promise<Measured> {
  const result = await autocannon({
    url,
    requests: [...requests],
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

/** Sends one request, and returns the bytes of its answer. */
export async function answerOf(url: string, { path, ...options }: BenchRequest): Promise<Buffer> {
  const response = await fetch(`${url}${path}`, options)
  return Buffer.from(await response.arrayBuffer())
}
