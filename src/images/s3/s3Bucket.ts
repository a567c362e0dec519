import { webcrypto } from 'node:crypto'
import { AwsV4Signer } from 'aws4fetch'
import { PlainError } from '../../contract/plainError'
import { type Patience, withRetries } from '../../contract/retries'
import type { S3Credentials } from './s3Credentials'

export interface S3BucketOptions {
  readonly name: string
  /** The URL of another store than Amazon's; null for Amazon's. */
  readonly endpoint: string | null
  readonly region: string
  /** Called before each request. Answers the same object until the credentials are renewed. */
  readonly credentials: () => Promise<S3Credentials>
  readonly patience?: S3Patience
}

export interface S3Patience extends Patience {
  /**
   * How long the store may take to begin its answer, in milliseconds, in addition to the time for sending the
   * body.
   */
  readonly timeLimit: number
}

const USUAL_PATIENCE: S3Patience = { attempts: 5, firstPause: 200, timeLimit: 15_000 }
const SLOWEST_UPLOAD_BYTES_PER_MS = 256

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  /** The object's name in the bucket, or '' for the bucket itself. */
  readonly object: string
  readonly query?: Readonly<Record<string, string>>
  /** The first and last byte, both included. */
  readonly range?: { readonly start: number; readonly end: number }
  readonly body?: Uint8Array
}

/** A request that the store refused or did not answer. The message names the object, and no credential. */
export class S3Error extends PlainError {
  override readonly name = 'S3Error'

  constructor(
    { method, object }: S3Request,
    reason: string,
    readonly mayPass: boolean,
    options?: ErrorOptions,
  ) {
    super(`S3 store: ${method} ${object || 'the bucket'}: ${reason}`, options)
  }
}

/**
 * Codes of refusals that may pass although their status is neither 429 nor 5xx: a slow upload, and a
 * concurrent change.
 */
const PASSING_CODES: readonly string[] = ['RequestTimeout', 'OperationAborted']
const NOT_IMPLEMENTED = 501

/**
 * One bucket. Requests are signed (AWS Signature Version 4, body included), have a time limit each, and are
 * repeated after a failure that may pass: 429, 5xx, a timeout, a broken connection, credentials that were
 * renewed meanwhile.
 */
export class S3Bucket {
  readonly #root: string
  readonly #patience: S3Patience
  /** Signing keys, each of which is valid for one day. */
  readonly #signingKeys = new Map<string, ArrayBuffer>()

  constructor(private readonly options: S3BucketOptions) {
    this.#root = bucketUrl(options)
    this.#patience = options.patience ?? USUAL_PATIENCE
  }

  /**
   * Sends a request and returns what `read` makes of the answer; null when there is no such object. The time
   * limit covers both. A connection that breaks during `read` leads to another attempt.
   *
   * @throws S3Error
   */
  async send<T>(request: S3Request, read: (response: Response) => Promise<T>): Promise<T | null> {
    return withRetries(this.#patience, mayPass, () =>
      this.#withinLimit(request, async (signal) => {
        const credentials = await this.options.credentials()
        const response = await this.#fetch(request, credentials, signal)
        if (response.ok) return read(response)
        const code = errorCode(await response.text())
        if (response.status === 404 && code !== 'NoSuchBucket' && request.object !== '') return null
        const isRenewed = (await this.options.credentials()) !== credentials
        throw refusal(request, response, code, isRenewed)
      }),
    )
  }

  async #withinLimit<T>(request: S3Request, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const limit = this.#patience.timeLimit + (request.body?.length ?? 0) / SLOWEST_UPLOAD_BYTES_PER_MS
    const aborter = new AbortController()
    const timer = setTimeout(() => aborter.abort(), limit)
    try {
      return await work(aborter.signal)
    } catch (cause) {
      if (cause instanceof S3Error) throw cause
      const reason = aborter.signal.aborted
        ? `no answer in ${Math.round(limit)} ms`
        : connectionFailure(cause)
      throw new S3Error(request, reason, true, { cause })
    } finally {
      clearTimeout(timer)
    }
  }

  async #fetch(request: S3Request, credentials: S3Credentials, signal: AbortSignal): Promise<Response> {
    const { url, method, headers, body } = await this.#sign(request, credentials)
    // These headers are not signed, because proxies in front of a store rewrite them.
    headers.set('accept-encoding', 'identity')
    if (request.range) headers.set('range', `bytes=${request.range.start}-${request.range.end}`)
    // Do not follow a redirection: it would send the credentials to another server.
    return fetch(url, { method, headers, body: body ?? null, redirect: 'manual', signal })
  }

  async #sign(
    { method, object, query, body }: S3Request,
    { accessKeyId, secretAccessKey, sessionToken }: S3Credentials,
  ) {
    const url = new URL(this.#root + object)
    url.search = new URLSearchParams(query).toString()
    const signer = new AwsV4Signer({
      method,
      url: url.href,
      headers: { 'x-amz-content-sha256': await sha256(body ?? new Uint8Array()) },
      ...(body && { body }),
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== null && { sessionToken }),
      service: 's3',
      region: this.options.region,
      cache: this.#signingKeys,
    })
    return signer.sign()
  }
}

/**
 * Returns the bucket's URL: at Amazon by host name, if the certificate covers it (it does not with a dot in
 * the name); otherwise by path.
 */
function bucketUrl({ name, endpoint, region }: S3BucketOptions): string {
  if (endpoint !== null) return `${endpoint}/${name}/`
  const host = `s3.${region}.amazonaws.com`
  return name.includes('.') ? `https://${host}/${name}/` : `https://${name}.${host}/`
}

function mayPass(failure: unknown): boolean {
  return failure instanceof S3Error && failure.mayPass
}

function refusal(request: S3Request, { status }: Response, code: string | null, isRenewed: boolean): S3Error {
  const isPassing = isRenewed || status === 429 || (status >= 500 && status !== NOT_IMPLEMENTED)
  const mayPass = isPassing || (code !== null && PASSING_CODES.includes(code))
  return new S3Error(request, [status, code].filter((part) => part !== null).join(' '), mayPass)
}

/** Returns only the code of an error, because the rest of the body may quote what was signed. */
function errorCode(body: string): string | null {
  return /<Code>([A-Za-z0-9.]{1,64})<\/Code>/.exec(body)?.[1] ?? null
}

/** Returns the system's reason, such as ECONNREFUSED, which `fetch` hides in the cause of its error. */
function connectionFailure(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : null
  const code = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : ''
  return `the connection failed${code}`
}

/** Hashes in another thread, because a large image would block all other requests. */
async function sha256(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex')
}
