import { randomUUID } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { S3Bucket, type S3Patience } from '../../src/images/s3/s3Bucket'
import type { S3Credentials } from '../../src/images/s3/s3Credentials'

/** An S3-compatible store in this process. It keeps its objects in memory, and takes any signature. */
export interface TestS3 {
  readonly url: string
  readonly bucketName: string
  stop(): Promise<void>
}

export const S3_CREDENTIALS: S3Credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: null,
}

/** Starts a store on a free port, with one bucket. */
export async function startS3(): Promise<TestS3> {
  const { startFauxqs } = await import('fauxqs')
  const bucketName = `images-${randomUUID()}`
  const server = await startFauxqs({ port: 0, logger: false, init: { buckets: [bucketName] } })
  return { url: `http://127.0.0.1:${server.port}`, bucketName, stop: () => server.stop() }
}

/** The bucket as a server sees it, which is as patient as the test wants. */
export function bucketAt(
  url: string,
  name: string,
  patience: S3Patience = { attempts: 5, firstPause: 1, timeLimit: 10_000 },
  credentials: () => Promise<S3Credentials> = async () => S3_CREDENTIALS,
): S3Bucket {
  return new S3Bucket({ name, endpoint: url, region: 'eu-central-1', credentials, patience })
}

/** How a store fails one request. */
export type S3Fault =
  | {
      readonly status: number
      readonly body?: string
      readonly headers?: Readonly<Record<string, string>>
      /** What happens while it is about to answer. */
      readonly meanwhile?: () => Promise<void>
    }
  | 'breaks before it answers'
  | 'never answers'
  /** After the first of the answer's bytes. */
  | 'breaks in the answer'

/** A store behind a connection that fails as the test says: a fault for each of the next requests, then none. */
export interface FaultyS3 {
  readonly url: string
  /** The requests so far, such as `PUT /i/m/image~1.jpg`, each followed by its headers. */
  readonly requests: readonly { readonly line: string; readonly headers: http.IncomingHttpHeaders }[]
  failNext(...faults: readonly S3Fault[]): void
  stop(): Promise<void>
}

export async function faultyS3(upstream: string): Promise<FaultyS3> {
  const requests: { line: string; headers: http.IncomingHttpHeaders }[] = []
  const faults: S3Fault[] = []
  const server = http.createServer((request, response) => {
    requests.push({ line: `${request.method} ${request.url}`, headers: request.headers })
    const fault = faults.shift()
    if (fault === 'never answers') return
    if (fault === 'breaks before it answers') request.socket.destroy()
    else if (typeof fault === 'object') {
      const answer = () => response.writeHead(fault.status, fault.headers).end(fault.body)
      void (fault.meanwhile?.() ?? Promise.resolve()).then(answer)
    } else passOn(request, response, upstream, fault === 'breaks in the answer')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    failNext: (...next) => void faults.push(...next),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function passOn(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  upstream: string,
  isBroken: boolean,
): void {
  const { method, headers } = request
  const onward = http.request(new URL(request.url ?? '/', upstream), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers)
    if (isBroken) answer.once('data', (chunk: Buffer) => response.write(chunk, () => response.destroy()))
    else answer.pipe(response)
  })
  request.pipe(onward)
}
