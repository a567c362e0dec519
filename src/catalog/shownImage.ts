import type { RequestContext } from '../contract/request'
import type { Value, ValueMap } from '../contract/value'
import { type Gallery, type GalleryImage, typesOf } from './gallery'

/**
 * Returns an image as clients see it, its fields in Magento's order; position and exclude are texts
 * (magento.md §2).
 *
 * @param identity the field that names the image, which comes first
 * @param showsExclude whether the client may know that an image is excluded
 */
export function shownImage(
  identity: readonly [name: string, value: string],
  gallery: Gallery,
  { id, file, label, position, exclude }: GalleryImage,
  { origin }: RequestContext,
  showsExclude = true,
): ValueMap {
  const shown = new Map<string, Value>([identity])
  shown.set('label', label ?? '').set('position', String(position ?? ''))
  if (showsExclude) shown.set('exclude', String(exclude ?? ''))
  return shown
    .set('url', `${origin.publicUrl}/media/catalog/product${file}`)
    .set('types', typesOf(gallery, id))
}
