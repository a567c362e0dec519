import type { Request } from 'express'
import type { VariantFormat } from '../../catalog/variants/imagePreset'

export const MEDIA_TYPES: Readonly<Record<VariantFormat, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
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
