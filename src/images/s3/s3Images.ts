import { Readable } from 'node:stream'
import { isStorageKey } from '../../catalog/fileName'
import type { ImageStore, StoredBytes, StoredFile } from '../../catalog/ports'
import { requireStorageKey } from '../storageKey'
import { type S3Bucket, S3Error, type S3Request } from './s3Bucket'
import { type ListingPage, readListing } from './s3Listing'

/**
 * The object with which a check proves that the store is writable. Its name is no storage key, so no list of
 * images contains it.
 */
const PROOF = '/keepsake-was-here'
/** For how long a write that succeeded says that the next would, in milliseconds. */
const WRITE_PROVES_MS = 60_000

/**
 * Stores images in a bucket of an S3-compatible store, below a prefix. A PUT there is complete and durable,
 * or has no effect. Each key is written once (decision 002), so that no server can read an old image.
 */
export class S3Images implements ImageStore {
  /** When a write last succeeded; null when none has since one failed. */
  #writtenAt: number | null = null

  /**
   * @param prefix where the images are in the bucket, such as `shop/images`, or ''
   * @param now the time in milliseconds, from any moment on
   */
  constructor(
    private readonly bucket: S3Bucket,
    private readonly prefix: string,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async write(key: string, bytes: Uint8Array): Promise<void> {
    await this.#put(requireStorageKey(key), bytes)
  }

  async open(key: string): Promise<StoredBytes | null> {
    const size = await this.#size(requireStorageKey(key))
    if (size === null) return null
    return {
      size,
      read: (range = { start: 0, end: size - 1 }) =>
        Readable.from(this.#bytes(key, range.start, range.end), { objectMode: false }),
    }
  }

  async delete(key: string): Promise<void> {
    const request = { method: 'DELETE', object: this.#object(requireStorageKey(key)) } as const
    await this.bucket.send(request, readAll)
  }

  async *list(): AsyncGenerator<StoredFile> {
    const directory = this.prefix === '' ? '' : `${this.prefix}/`
    let token: string | null = null
    do {
      const { objects, next } = await this.#page(directory, token)
      for (const { key: object, size, modified } of objects) {
        const key = `/${object.slice(directory.length)}`
        if (isStorageKey(key)) yield { key, size, modified }
      }
      if (next !== null && next === token) throw new Error('the S3 store lists the same page again')
      token = next
    } while (token !== null)
  }

  /** Yields nothing: an interrupted PUT leaves nothing in the bucket. */
  async *unfinished(): AsyncGenerator<StoredFile> {}

  /** Writes when no write, of an image or this, has succeeded for a minute: a bucket may keep every version. */
  async check(): Promise<void> {
    const isProven = this.#writtenAt !== null && this.now() - this.#writtenAt < WRITE_PROVES_MS
    const isThere = isProven && (await this.#size(PROOF)) !== null
    if (!isThere) {
      await this.#put(PROOF, Buffer.from('Keepsake can write here.\n'))
      if ((await this.#size(PROOF)) === null) throw new Error('the S3 store has not what was written to it')
    }
    await this.#page(this.#object(PROOF), null)
  }

  async #put(key: string, body: Uint8Array): Promise<void> {
    this.#writtenAt = null
    const request = { method: 'PUT', object: this.#object(key), body } as const
    const answer = await this.bucket.send(request, readAll)
    if (answer === null) throw new S3Error(request, '404', false)
    this.#writtenAt = this.now()
  }

  async #size(key: string): Promise<number | null> {
    const request = { method: 'HEAD', object: this.#object(key) } as const
    return this.bucket.send(request, async ({ headers }) => {
      const size = headers.get('content-length')
      if (size === null) throw new S3Error(request, 'an answer without a length', false)
      return Number(size)
    })
  }

  async #page(prefix: string, token: string | null): Promise<ListingPage> {
    const query = { 'list-type': '2', prefix, ...(token !== null && { 'continuation-token': token }) }
    const request = { method: 'GET', object: '', query } as const
    return readListing((await this.bucket.send(request, (response) => response.text())) ?? '')
  }

  /**
   * Yields the bytes from `start` to `end`, both included. If the connection breaks, it requests the rest.
   */
  async *#bytes(key: string, start: number, end: number): AsyncGenerator<Uint8Array> {
    let position = start
    while (position <= end) {
      const request = { method: 'GET', object: this.#object(key), range: { start: position, end } } as const
      const part = await this.#part(request)
      try {
        for await (const chunk of part) {
          position += chunk.length
          yield chunk
        }
      } catch (cause) {
        if (position === request.range.start)
          throw new S3Error(request, 'the connection broke', true, { cause })
      }
      if (position === request.range.start) throw new S3Error(request, 'an answer without bytes', true)
    }
  }

  async #part(
    request: S3Request & { readonly range: NonNullable<S3Request['range']> },
  ): Promise<AsyncIterable<Uint8Array>> {
    const { start, end } = request.range
    const body = await this.bucket.send(request, async (response) => {
      const isRange = response.headers.get('content-range')?.startsWith(`bytes ${start}-${end}/`)
      if (isRange && response.body) return response.body
      await response.body?.cancel()
      throw new S3Error(request, 'not the range that was asked for', false)
    })
    if (body === null) throw new S3Error(request, 'gone since it was opened', false)
    return body
  }

  #object(key: string): string {
    return `${this.prefix}${key}`.replace(/^\//, '')
  }
}

/** Reads the whole answer, so that the next request can use its connection. */
function readAll(response: Response): Promise<ArrayBuffer> {
  return response.arrayBuffer()
}
