import express, { type ErrorRequestHandler, type RequestHandler, type Response } from 'express'

/** Reads a body of any content type into a Buffer, unpacked; one over the limit, packed or not, is an error. */
export function rawBody(limit: number): RequestHandler {
  return express.raw({ type: () => true, limit, inflate: true })
}

/** Turns a failure to read the body into an answer of the caller's protocol, with HTTP's status for it at hand. Other failures pass. */
export function bodyFailure(
  limit: number,
  answer: (response: Response, message: string, status: number) => void,
): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const failure = failureOf(error, limit)
    if (failure === null || response.headersSent) return next(error)
    // What is left of the body will not be read, so the connection cannot serve another request.
    response.setHeader('connection', 'close')
    answer(response, failure.message, failure.status)
  }
}

function failureOf(error: unknown, limit: number): { message: string; status: number } | null {
  if (!(error instanceof Error) || !('status' in error)) return null
  const { status, type } = error as Error & { readonly status: unknown; readonly type?: unknown }
  if (typeof status !== 'number' || status < 400 || status >= 500) return null
  if (type === 'entity.too.large') return { status, message: `Request body is larger than ${limit} bytes` }
  if (type === 'encoding.unsupported') return { status, message: 'Content-Encoding is not supported' }
  return { status, message: 'Request body cannot be read' }
}
