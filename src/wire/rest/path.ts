import { DEFAULT_SCOPE } from '../../catalog/gallery'
import type { PathKind } from '../../catalog/rest/imageOperations'
import type { GalleryAddress, ImageAddress } from '../../catalog/rest/imagesById'

/** The gallery or image that a path names. */
export type Target =
  | { readonly kind: 'collection'; readonly address: GalleryAddress }
  | { readonly kind: 'entity'; readonly address: ImageAddress }

const PREFIX = /^(?:\/index\.php)?\/api\/rest/

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
 * Returns what a path names; null for an unknown path. Segments are not decoded, so an escaped slash or dot
 * is part of a name that does not exist.
 */
export function targetOf(path: string): Target | null {
  const rest = path.replace(PREFIX, '')
  const collection = COLLECTION.exec(rest)
  if (collection) {
    const [, product, store] = collection
    return { kind: 'collection', address: { productId: idOf(product), storeId: storeIdOf(store) } }
  }
  const [, product, image, store] = ENTITY.exec(rest) ?? []
  if (image === undefined) return null
  return {
    kind: 'entity',
    address: { productId: idOf(product), imageId: idOf(image), storeId: storeIdOf(store) },
  }
}

/** Reads an id, which has only decimal digits: `1e3`, `-1` and `0x10` are no ids. */
function idOf(segment = ''): number | null {
  const id = /^[0-9]+$/.test(segment) ? Number(segment) : null
  return Number.isSafeInteger(id) ? id : null
}

/**
 * Reads the id of a store view. A code is not an id here, and counts as the default scope (recording
 * `rest/store-not-numeric`).
 */
function storeIdOf(segment: string | undefined): number | null {
  if (segment === undefined || /^[A-Za-z]\w*$/.test(segment)) return DEFAULT_SCOPE
  return idOf(segment)
}
