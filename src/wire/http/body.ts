import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { CollectedBytes } from './collectedBytes'

/** A body could not be received. The message says why, in words for the client. */
export class UnreadableBody extends Error {
  override readonly name = 'UnreadableBody'

  /** @param status HTTP's own word for it, for protocols that use it */
  constructor(
    readonly status: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** Reads a body of any content type, unpacked. */
export type BodyReader = (request: IncomingMessage, response: ServerResponse) => Promise<Buffer>

/** @param limit the largest body, in bytes, packed or not */
export function bodyReader(limit: number): BodyReader {
  return async (request, response) => {
    try {
      return await received(request, limit)
    } catch (thrown) {
      // What is left of the body will not be read, so the connection cannot serve another request.
      response.setHeader('connection', 'close')
      throw thrown
    }
  }
}

function received(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const source = unpacked(request)
    const announced = announcedLength(request)
    if (announced !== null && announced > limit) throw tooLarge(limit)
    const collected = new CollectedBytes(source === request ? announced : null)
    source.on('data', take)
    source.on('end', () => resolve(collected.bytes()))
    source.on('error', fail)
    request.on('error', fail)

    function take(chunk: Buffer): void {
      if (collected.length + chunk.length <= limit) {
        collected.add(chunk)
        return
      }
      source.off('data', take)
      request.unpipe()
      if (source !== request) source.destroy()
      request.resume()
      reject(tooLarge(limit))
    }

    function fail(cause: Error): void {
      reject(new UnreadableBody(400, 'Request body cannot be read', { cause }))
    }
  })
}

function announcedLength({ headers }: IncomingMessage): number | null {
  const length = headers['content-length']
  return length === undefined ? null : Number(length)
}

/** By the name of a Content-Encoding. */
const UNPACKERS: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
])

/** @throws UnreadableBody */
function unpacked(request: IncomingMessage): Readable {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase()
  if (encoding === 'identity') return request
  const unpacker = UNPACKERS.get(encoding)
  if (!unpacker) throw new UnreadableBody(415, 'Content-Encoding is not supported')
  return request.pipe(unpacker())
}

function tooLarge(limit: number): UnreadableBody {
  return new UnreadableBody(413, `Request body is larger than ${limit} bytes`)
}
