import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import type { FileFormat, StoredBytes } from '../../catalog/ports'
import type { VariantFile } from '../../catalog/variants/ports'
import { logOf } from '../../http/observe'
import { mediaTypeOf } from './mediaTypes'
import { rangeOf } from './range'

/** What is told of bytes that are served. */
export interface ServedFile extends Pick<VariantFile, 'sha256' | 'modified'> {
  readonly format: VariantFile['format'] | FileFormat
}

/** Answers a GET or HEAD with stored bytes, with validators and ranges (RFC 9110). */
export async function answerWith(
  file: ServedFile,
  bytes: StoredBytes,
  request: Request,
  response: Response,
): Promise<void> {
  response.set({
    'content-type': mediaTypeOf(file.format, request.path),
    etag: `"${file.sha256.toString('base64url')}"`,
    'last-modified': file.modified.toUTCString(),
    'cache-control': 'public, max-age=300',
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'",
  })
  if (request.fresh) {
    response.status(304).end()
    return
  }
  const range = mayBeRange(request, response) ? rangeOf(request.get('range'), bytes.size) : null
  if (range === 'unsatisfiable') {
    response
      .status(416)
      .set({ 'content-range': `bytes */${bytes.size}`, 'cache-control': 'no-store' })
      .end()
    return
  }
  if (range) response.status(206).set('content-range', `bytes ${range.start}-${range.end}/${bytes.size}`)
  response.setHeader('content-length', range ? range.end - range.start + 1 : bytes.size)
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  await send(bytes.read(range ?? undefined), response)
}

/** Tells whether a range is allowed: only for a GET, and not when If-Range names other bytes. */
function mayBeRange(request: Request, response: Response): boolean {
  const condition = request.get('if-range')
  const isOfOthers =
    condition !== undefined && ![response.get('etag'), response.get('last-modified')].includes(condition)
  return request.method === 'GET' && !isOfOthers
}

async function send(bytes: NodeJS.ReadableStream, response: Response): Promise<void> {
  try {
    await pipeline(bytes, response)
  } catch (err) {
    // The status has been sent already. A client that still reads must see the connection break; one that
    // hung up loses nothing.
    logOf(response).debug({ err }, 'an image was not sent whole')
    response.destroy()
  }
}
