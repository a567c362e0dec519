import type { Gallery, GalleryImage, ImageView, MediaAttribute, StoreView } from '../../kit/shapes.js'

export const DEFAULT_SCOPE = 0

/** An image with its values in one store view. */
export interface SeenImage extends ImageView {
  readonly id: number
  readonly file: string
  /** The types that the product's images may have, in the order of its attribute set. */
  readonly mediaAttributes: readonly MediaAttribute[]
}

/** Returns a type's name for people. */
export function typeName({ mediaAttributes }: SeenImage, code: string): string {
  return mediaAttributes.find((attribute) => attribute.code === code)?.label ?? code
}

/**
 * Returns the images as the store view sees them, in the order of their positions: those without one first, and equal
 * ones by id.
 */
export function imagesIn({ images, mediaAttributes }: Gallery, storeView: StoreView): readonly SeenImage[] {
  return images
    .flatMap((image) => seenIn(image, storeView, mediaAttributes))
    .sort((one, other) => (one.position.value ?? -1) - (other.position.value ?? -1) || one.id - other.id)
}

function seenIn(
  { id, file, views }: GalleryImage,
  storeView: StoreView,
  mediaAttributes: readonly MediaAttribute[],
): readonly SeenImage[] {
  return views
    .filter(({ storeId }) => storeId === storeView.id)
    .map((view) => ({ id, file, mediaAttributes, ...view }))
}

/** Returns an image's name for people: its label, or else the name of its file. */
export function nameOf({ label, file }: SeenImage): string {
  return label.value || (file.split('/').at(-1) ?? file)
}

/** Returns a store view's name for people. */
export function storeViewName({ id, code }: StoreView): string {
  return id === DEFAULT_SCOPE ? 'Default values' : code
}

/** Returns the ids, with the one at `from` moved to `to`. */
export function moved(ids: readonly number[], from: number, to: number): readonly number[] {
  const rest = ids.filter((_, index) => index !== from)
  return [...rest.slice(0, to), ...ids.slice(from, from + 1), ...rest.slice(to)]
}
