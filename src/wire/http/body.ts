import type { IncomingMessage, ServerResponse } from 'node:http'
import express from 'express'

/** A body could not be received. The message says why, in words for the client. */
export class UnreadableBody extends Error {
  override readonly name = 'UnreadableBody'

  /** @param status HTTP's own word for it, for protocols that use it */
  constructor(
    readonly status: number,
    message: string,
    options: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** Reads a body of any content type, unpacked. */
export type BodyReader = (
  request: IncomingMessage & { body?: unknown },
  response: ServerResponse,
) => Promise<Buffer>

/** @param limit the largest body, in bytes, packed or not */
export function bodyReader(limit: number): BodyReader {
  // Express's own reader asks no more of a request than node:http gives.
  const read = express.raw({ type: () => true, limit, inflate: true }) as unknown as NodeMiddleware
  return (request, response) =>
    new Promise((resolve, reject) => {
      read(request, response, (error) => {
        if (error !== undefined) {
          // What is left of the body will not be read, so the connection cannot serve another request.
          response.setHeader('connection', 'close')
          reject(asUnreadable(error, limit))
        } else resolve(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0))
      })
    })
}

type NodeMiddleware = (
  request: IncomingMessage & { body?: unknown },
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

function asUnreadable(error: unknown, limit: number): unknown {
  if (!(error instanceof Error) || !('status' in error)) return error
  const { status, type } = error as Error & { readonly status: unknown; readonly type?: unknown }
  if (typeof status !== 'number' || status < 400 || status >= 500) return error
  return new UnreadableBody(status, messageOf(type, limit), { cause: error })
}

function messageOf(type: unknown, limit: number): string {
  if (type === 'entity.too.large') return `Request body is larger than ${limit} bytes`
  return type === 'encoding.unsupported' ? 'Content-Encoding is not supported' : 'Request body cannot be read'
}
