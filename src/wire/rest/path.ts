import type { PathKind } from '../../catalog/rest/imageOperations'
import type { GalleryAddress, ImageAddress } from '../../catalog/rest/imagesById'
import { percentDecode } from '../../text/percent'

/** The gallery or image that a path names. */
export type Target =
  | { readonly kind: 'collection'; readonly address: GalleryAddress }
  | { readonly kind: 'entity'; readonly address: ImageAddress }

const PREFIX = /^\/api\/rest/

/** The paths below `/api/rest` (Magento's public page "REST API: Product Images"), as OpenAPI writes them. */
export const PATHS: Readonly<Record<PathKind, string>> = {
  collection: '/products/{product}/images',
  entity: '/products/{product}/images/{image}',
}

/** The optional end of each of these paths. */
export const IN_STORE = '/store/{store}'

const COLLECTION = patternOf(PATHS.collection)
const ENTITY = patternOf(PATHS.entity)

/**
 * Returns the pattern of a path in the default scope and in a store view, with and without a slash at the
 * end.
 */
function patternOf(path: string): RegExp {
  const [base, inStore] = [path, IN_STORE].map((template) => template.replace(/\{\w+\}/g, '([^/]+)'))
  return new RegExp(`^${base}(?:${inStore})?/?$`)
}

/**
 * Returns what a path names; null for an unknown path. An escaped slash is part of a segment, which is decoded only
 * afterwards.
 */
export function targetOf(path: string): Target | null {
  const rest = path.replace(PREFIX, '')
  const collection = COLLECTION.exec(rest)
  if (collection) {
    const [, product, store] = collection
    return { kind: 'collection', address: addressOf(product, store) }
  }
  const [, product, image, store] = ENTITY.exec(rest) ?? []
  if (image === undefined) return null
  return { kind: 'entity', address: { ...addressOf(product, store), image: decoded(image) } }
}

function addressOf(product = '', store: string | undefined): GalleryAddress {
  return { product: decoded(product), store: store === undefined ? null : decoded(store) }
}

/** Decodes a segment as PHP's `urldecode` does, by which a plus sign is a space (magento.md §6.6). */
function decoded(segment: string): string {
  return Buffer.from(percentDecode(segment.replaceAll('+', ' ')), 'latin1').toString('utf8')
}
