import type { Gallery, GalleryImage, ImageView, MediaType, StoreView } from '../../kit/shapes.js'

export const DEFAULT_SCOPE = 0

/** An image in one store view. */
export interface SeenImage extends ImageView {
  readonly id: number
  readonly file: string
}

export const TYPE_NAMES: Readonly<Record<MediaType, string>> = {
  image: 'Base image',
  small_image: 'Small image',
  thumbnail: 'Thumbnail',
}

/** The images as the store view sees them, by position, unset first, ties by age. */
export function imagesIn({ images }: Gallery, storeView: StoreView): readonly SeenImage[] {
  return images
    .flatMap((image) => seenIn(image, storeView))
    .sort((one, other) => (one.position.value ?? -1) - (other.position.value ?? -1) || one.id - other.id)
}

function seenIn({ id, file, views }: GalleryImage, storeView: StoreView): readonly SeenImage[] {
  return views.filter(({ storeId }) => storeId === storeView.id).map((view) => ({ id, file, ...view }))
}

/** What a person calls an image: its label, or else its file. */
export function nameOf({ label, file }: SeenImage): string {
  return label.value || (file.split('/').at(-1) ?? file)
}

/** What a person calls a store view. */
export function storeViewName({ id, code }: StoreView): string {
  return id === DEFAULT_SCOPE ? 'Default values' : code
}

/** The ids with the one at a place moved to another. */
export function moved(ids: readonly number[], from: number, to: number): readonly number[] {
  const rest = ids.filter((_, index) => index !== from)
  return [...rest.slice(0, to), ...ids.slice(from, from + 1), ...rest.slice(to)]
}
