import { type Request, type Response, Router } from 'express'
import type { ImageStore, MediaFiles } from '../../catalog/ports'
import { type ImagePreset, type ImagePresets, variantOf } from '../../catalog/variants/imagePreset'
import type { ImageVariants } from '../../catalog/variants/imageVariants'
import type { Capacity } from '../../http/capacity'
import { contextOf, decodedPath } from '../../http/observe'
import { answerWith } from './answer'
import { preferredFormat } from './mediaTypes'

const MEDIA_PATH = '/media/catalog/product'

export interface MediaParts {
  readonly files: MediaFiles
  readonly images: ImageStore
  readonly variants: ImageVariants
  /** The allow-list of ways to resize images. */
  readonly presets: ImagePresets
  readonly capacity: Capacity
}

/**
 * Serves stored images under their paths, and their variants by listed presets under `/cache/`, to any
 * client.
 */
export function mediaRoute(parts: MediaParts): Router {
  const router = Router({ caseSensitive: true })
  router.use(MEDIA_PATH, async (request, response, next) => {
    contextOf(response).notes.noteProtocol('media')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      response.status(405).end()
      return
    }
    const path = imagePath(request)
    const isAnswered = path !== null && (await answer(path, parts, request, response))
    if (!isAnswered) next()
  })
  return router
}

/** An encoded slash or backslash. No image has a path with one. */
const ENCODED_SEPARATOR = /%(?:2f|5c)/i

function imagePath(request: Request): string | null {
  return ENCODED_SEPARATOR.test(request.path) ? null : decodedPath(request)
}

/** Answers false when there is no image under the path. A slow client delays no other request. */
async function answer(
  path: string,
  { files, images, variants, presets, capacity }: MediaParts,
  request: Request,
  response: Response,
): Promise<boolean> {
  const variant = variantOf(path, presets)
  if (variant) return answerVariant(variant, { variants, capacity }, request, response)
  const opened = await capacity.run(() => openOriginal(path, files, images))
  if (!opened) return false
  await answerWith(opened.file, opened.bytes, request, response)
  return true
}

async function openOriginal(path: string, files: MediaFiles, images: ImageStore) {
  const file = await files.find(path)
  if (!file) return null
  const bytes = await images.open(file.storageKey)
  if (!bytes) throw new Error(`the bytes of a stored file are missing: ${file.storageKey}`)
  return { file, bytes }
}

async function answerVariant(
  { image, preset }: { readonly image: string; readonly preset: ImagePreset },
  { variants, capacity }: Pick<MediaParts, 'variants' | 'capacity'>,
  request: Request,
  response: Response,
): Promise<boolean> {
  const opened = await capacity.run(() =>
    variants.open(
      image,
      preset,
      (formats) => preferredFormat(formats, request),
      contextOf(response).origin.clientAddress,
    ),
  )
  if (!opened) return false
  if (preset.formats.length > 1) response.vary('Accept')
  await answerWith(opened.file, opened.bytes, request, response)
  return true
}
