import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { ErrorStatus } from '../contract/httpFault'
import type { Capacity, HeldBody } from './capacity'
import { CollectedBytes } from './collectedBytes'
import { contextOf } from './observe'

/** Says that a body could not be received. The message gives the reason, and may be shown to the client. */
export class UnreadableBody extends Error {
  override readonly name = 'UnreadableBody'

  /** @param status the HTTP status that fits, for protocols that answer with one */
  constructor(
    readonly status: ErrorStatus,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/**
 * Reads a body of any content type, unpacks it, and runs `work` on it. Until `work` has ended, the body's bytes count
 * against the server's capacity.
 *
 * @throws UnreadableBody, Overloaded, or what `work` throws
 */
export type BodyReader = <T>(
  request: IncomingMessage,
  response: ServerResponse,
  work: (body: Buffer) => Promise<T>,
) => Promise<T>

export interface BodyLimits {
  /** The largest size of a body in bytes, both before and after it is unpacked. */
  readonly bytes: number
  /** How many seconds a body may take to arrive, from its first byte to its last. */
  readonly seconds: number
}

export function bodyReader(limits: BodyLimits, capacity: Capacity): BodyReader {
  return async (request, response, work) => {
    const held = capacity.body()
    try {
      const body = await receivedOrRefused(request, response, limits, held)
      contextOf(response).notes.exchange?.noteBody(body)
      return await capacity.run(() => held.decoded(() => work(body)))
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
    // Read the rest of the body first: a client that is still sending would see a broken connection, not the answer.
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
        if (!held.add(chunk)) throw tooHeavy()
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

    /** Stops reading, then settles. Keeps the error listener: an 'error' event without one would end the process. */
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

/** Refuses a body whose announced length is too large, before it arrives. @throws UnreadableBody, Overloaded */
function requireRoom(request: IncomingMessage, limits: BodyLimits, held: Pick<HeldBody, 'expect'>): void {
  const length = announcedLength(request) ?? 0
  if (length > limits.bytes) throw tooLarge(limits)
  held.expect(length)
}

function announcedLength({ headers }: IncomingMessage): number | null {
  const length = headers['content-length']
  return length === undefined ? null : Number(length)
}

/** The streams that unpack a body, by the name of its Content-Encoding. */
const UNPACKERS: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
])

/** Returns the body as a stream, unpacked if necessary. @throws UnreadableBody for an unknown Content-Encoding */
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

function tooHeavy(): UnreadableBody {
  return new UnreadableBody(413, 'Request body needs more memory than this server has')
}

/** Reads the rest of a body and discards it, until its end or until the time is over. */
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
