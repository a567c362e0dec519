import type { Request } from 'express'
import type { FileFormat } from '../../catalog/ports'
import type { VariantFormat } from '../../catalog/variants/imagePreset'

const MEDIA_TYPES: Readonly<Record<VariantFormat, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
}

/** The types of imported files that are no images, by their extensions. */
const OTHER_TYPES: ReadonlyMap<string, string> = new Map([
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['bmp', 'image/bmp'],
  ['tif', 'image/tiff'],
  ['tiff', 'image/tiff'],
  ['svg', 'image/svg+xml'],
  ['pdf', 'application/pdf'],
])

/** Returns the type of a file under a path: that of its format, or else, as a file server has it, that of its extension. */
export function mediaTypeOf(format: VariantFormat | FileFormat, path: string): string {
  if (format !== 'other') return MEDIA_TYPES[format]
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  return OTHER_TYPES.get(extension) ?? 'application/octet-stream'
}

/**
 * Returns the format that a client likes best by its Accept header (RFC 9110, 12.5.1). A format that the
 * header does not name counts only if it is the last: old clients that cannot show new formats say that they
 * accept anything.
 */
export function preferredFormat(formats: readonly VariantFormat[], request: Request): VariantFormat {
  const last = formats.at(-1)
  if (last === undefined) throw new Error('a preset has at least one format')
  const named = request.accepts()
  const candidates = formats.filter((format) => format === last || named.includes(MEDIA_TYPES[format]))
  const chosen = request.accepts(candidates.map((format) => MEDIA_TYPES[format]))
  return candidates.find((format) => MEDIA_TYPES[format] === chosen) ?? last
}
