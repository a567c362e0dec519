import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { ErrorStatus } from '../contract/httpFault'
import type { Capacity, HeldBody } from './capacity'
import { CollectedBytes } from './collectedBytes'
import { contextOf } from './observe'

/** A body could not be received. The message says why, in words for the client. */
export class UnreadableBody extends Error {
  override readonly name = 'UnreadableBody'

  /** @param status HTTP's own word for it, for protocols that use it */
  constructor(
    readonly status: ErrorStatus,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/**
 * Reads a body of any content type, unpacked, and runs `work` on it. Until that is done the body is held, and counts.
 *
 * @throws UnreadableBody, Overloaded, or what `work` throws
 */
export type BodyReader = <T>(
  request: IncomingMessage,
  response: ServerResponse,
  work: (body: Buffer) => Promise<T>,
) => Promise<T>

export interface BodyLimits {
  /** The largest body, in bytes, packed or not. */
  readonly bytes: number
  /** How long a body may take to come, from its first byte to its last. */
  readonly seconds: number
}

export function bodyReader(limits: BodyLimits, capacity: Capacity): BodyReader {
  return async (request, response, work) => {
    const held = capacity.body()
    try {
      const body = await receivedOrRefused(request, response, limits, held)
      contextOf(response).notes.exchange?.noteBody(body)
      return await capacity.run(() => work(body))
    } finally {
      held.release()
    }
  }
}

async function receivedOrRefused(
  request: IncomingMessage,
  response: ServerResponse,
  limits: BodyLimits,
  held: HeldBody,
): Promise<Buffer> {
  const deadline = performance.now() + limits.seconds * 1000
  try {
    return await received(request, limits, held)
  } catch (thrown) {
    held.release()
    response.setHeader('connection', 'close')
    // A client that is still sending would not see an answer, only its connection break.
    await passedOver(request, deadline - performance.now())
    throw thrown
  }
}

function received(request: IncomingMessage, limits: BodyLimits, held: HeldBody): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    requireRoom(request, limits, held)
    const source = unpacked(request)
    const collected = new CollectedBytes(source === request ? announcedLength(request) : null)
    const timer = setTimeout(
      () => leave(() => reject(new UnreadableBody(408, 'Request body did not come in time'))),
      limits.seconds * 1000,
    )
    source.on('data', take)
    source.on('end', finish)
    source.on('error', fail)
    if (source !== request) request.on('error', fail)

    function take(chunk: Buffer): void {
      try {
        if (collected.length + chunk.length > limits.bytes) throw tooLarge(limits)
        held.add(chunk.length)
        collected.add(chunk)
      } catch (thrown) {
        leave(() => reject(thrown))
      }
    }

    function finish(): void {
      leave(() => resolve(collected.bytes()))
    }

    function fail(cause: Error): void {
      leave(() => reject(new UnreadableBody(400, 'Request body cannot be read', { cause })))
    }

    /** Errors that come after this are nobody's, and must not end the process. */
    function leave(settle: () => void): void {
      clearTimeout(timer)
      source.off('data', take)
      source.off('end', finish)
      if (source !== request) {
        request.unpipe()
        source.destroy()
      }
      settle()
    }
  })
}

/** Refuses what cannot succeed before it comes. @throws UnreadableBody, Overloaded */
function requireRoom(request: IncomingMessage, limits: BodyLimits, held: Pick<HeldBody, 'expect'>): void {
  const length = announcedLength(request) ?? 0
  if (length > limits.bytes) throw tooLarge(limits)
  held.expect(length)
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

function tooLarge({ bytes }: BodyLimits): UnreadableBody {
  return new UnreadableBody(413, `Request body is larger than ${bytes} bytes`)
}

/** Reads what is left of a body without keeping it, until its end or for a while. */
function passedOver(request: IncomingMessage, milliseconds: number): Promise<void> {
  if (request.complete || request.destroyed || milliseconds <= 0) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds)
    request.once('end', done)
    request.once('close', done)
    request.resume()

    function done(): void {
      clearTimeout(timer)
      resolve()
    }
  })
}
