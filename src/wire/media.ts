import { pipeline } from 'node:stream/promises'
import { type Request, type Response, Router } from 'express'
import type { ImageFormat, ImageStore, MediaFile, MediaFiles } from '../catalog/ports'
import { decodedPath, logOf } from './http/observe'

const MEDIA_PATH = '/media/catalog/product'

const MEDIA_TYPES: Readonly<Record<ImageFormat, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
}

/** Serves stored images under their paths, to anyone: with validators, ranges and HEAD (RFC 9110). */
export function mediaRoute(files: MediaFiles, images: ImageStore): Router {
  const router = Router()
  router.use(MEDIA_PATH, async (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      response.status(405).end()
      return
    }
    const path = decodedPath(request)
    const file = path === null ? null : await files.find(path)
    if (!file) return next()
    await serve(file, images, request, response)
  })
  return router
}

async function serve(
  file: MediaFile,
  images: ImageStore,
  request: Request,
  response: Response,
): Promise<void> {
  const bytes = await images.open(file.storageKey)
  if (!bytes) throw new Error(`the bytes of a stored file are missing: ${file.storageKey}`)
  response.set({
    'content-type': MEDIA_TYPES[file.format],
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
  const range = rangeOf(request, response, bytes.size)
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

/** From a first byte to a last, from a first on, or the last so many (RFC 9110, 14.1.2). */
const ONE_RANGE = /^bytes= *(?:([0-9]+)-([0-9]*)|-([0-9]+)) *$/i

/** The one range that a GET asks for; null for none, for several, and for one that If-Range makes void. */
function rangeOf(
  request: Request,
  response: Response,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | null {
  const condition = request.get('if-range')
  if (condition !== undefined && ![response.get('etag'), response.get('last-modified')].includes(condition))
    return null
  const range = request.method === 'GET' ? ONE_RANGE.exec(request.get('range') ?? '') : null
  if (!range) return null
  const [, first, last, suffix] = range
  const start = suffix === undefined ? Number(first) : Math.max(size - Number(suffix), 0)
  const end = last ? Math.min(Number(last), size - 1) : size - 1
  return start <= end ? { start, end } : 'unsatisfiable'
}

async function send(bytes: NodeJS.ReadableStream, response: Response): Promise<void> {
  try {
    await pipeline(bytes, response)
  } catch (err) {
    // The status is sent: a client that hung up has lost nothing, and one that reads on must see the connection break.
    logOf(response).debug({ err }, 'an image was not sent whole')
    response.destroy()
  }
}
