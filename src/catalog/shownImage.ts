import type { RequestContext } from '../contract/request'
import type { Value, ValueMap } from '../contract/value'
import { type Gallery, type GalleryImage, type ImageHash, typesOf } from './gallery'
import type { ImageRules } from './imageRules'

export interface ImageDisplay {
  /** How position and exclude are shown; one that has no value is an empty text. */
  readonly numbers: ImageRules['numbers']
  /** Which hashes of its bytes come last; Magento showed none. */
  readonly hashes: readonly ImageHash[]
}

/**
 * Returns an image as clients see it, its fields in Magento's order (magento.md §2).
 *
 * @param identity the field that names the image, which comes first
 * @param showsExclude whether the client may know that an image is excluded
 */
export function shownImage(
  identity: readonly [name: string, value: Value],
  gallery: Gallery,
  { id, file, label, position, exclude, hashes }: GalleryImage,
  { origin }: RequestContext,
  { numbers, hashes: shownHashes }: ImageDisplay,
  showsExclude = true,
): ValueMap {
  const shown = new Map<string, Value>([identity])
  shown.set('label', label ?? '').set('position', shownNumber(position, numbers))
  if (showsExclude) shown.set('exclude', shownNumber(exclude, numbers))
  shown.set('url', `${origin.publicUrl}${urlPathOf(file)}`).set('types', typesOf(gallery, id))
  for (const hash of shownHashes) shown.set(hash, hashes?.[hash] ?? '')
  return shown
}

/** Returns the path of an image's URL: Magento puts base and file together, and encodes nothing (importing.md). */
function urlPathOf(file: string | null): string {
  return `/media/catalog/product${file?.startsWith('/') ? '' : '/'}${file ?? ''}`
}

/** Returns a number that Magento reads from its database, as PHP has it. */
export function shownNumber(number: number | null, numbers: ImageRules['numbers']): Value {
  if (number === null) return ''
  return numbers === 'integers' ? number : String(number)
}
