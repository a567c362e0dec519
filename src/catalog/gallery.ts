import type { MediaAttribute } from './mediaAttribute'

/** The scope from which store views take each field that they have no value of their own for. */
export const DEFAULT_SCOPE = 0

export const HIGHEST_POSITION = 4294967295
const HIGHEST_EXCLUDE = 65535

/** The hashes of an image's bytes that a client may be told. */
export const IMAGE_HASHES = ['md5', 'sha256'] as const
export type ImageHash = (typeof IMAGE_HASHES)[number]

/** An image as one store view sees it; a field is null when neither that store view nor the default scope has a value. */
export interface GalleryImage {
  readonly id: number
  /** Its path; null, or '' or a text that no file can be under, only for one of an imported gallery. */
  readonly file: string | null
  readonly label: string | null
  readonly position: number | null
  readonly exclude: number | null
  /** In hexadecimal digits, '' for one that is not known; missing where they are not read. */
  readonly hashes?: Readonly<Record<ImageHash, string>>
}

/** The image that each type shows, by its code: an id, null for 'none', and no entry for a type that was never given. */
export type TypeValues = ReadonlyMap<string, number | null>

/**
 * A product's gallery as one store view sees it, ordered by position (unset first), ties by insertion.
 * Writing it back to a store view pins it there: inherited values become the store view's own
 * (magento.md §2.4).
 */
export interface Gallery {
  /** The types that the product's attribute set has, in its order (magento.md §6.7). */
  readonly mediaAttributes: readonly MediaAttribute[]
  readonly images: readonly GalleryImage[]
  /** Those of the product's attribute set alone. */
  readonly types: TypeValues
}

/** The fields that a call gives; null for a field that it leaves alone. */
export interface ImageChanges {
  readonly label: string | null
  readonly position: number | null
  readonly exclude: number | null
}

/** Finds the image of a file. In PHP, no file is equal to the file ''. */
export function findImage(gallery: Gallery, file: string | null): GalleryImage | null {
  return gallery.images.find((image) => (image.file ?? '') === (file ?? '')) ?? null
}

/** Returns the types whose value is this image, in the order of the attribute set. */
export function typesOf({ mediaAttributes, types }: Gallery, imageId: number): readonly string[] {
  return mediaAttributes.map(({ code }) => code).filter((code) => types.get(code) === imageId)
}

/**
 * Returns the gallery with a new image. Unless the changes say otherwise, it has label '', the last position,
 * and is excluded.
 */
export function withImage(gallery: Gallery, id: number, file: string, changes: ImageChanges): Gallery {
  const last = Math.max(0, ...gallery.images.map((image) => image.position ?? 0))
  const blank = { id, file, label: '', position: Math.min(last + 1, HIGHEST_POSITION), exclude: 1 }
  return { ...gallery, images: [...gallery.images, changed(blank, changes)] }
}

/** Returns the gallery with changed fields of one image. */
export function withChanges(gallery: Gallery, imageId: number, changes: ImageChanges): Gallery {
  const images = gallery.images.map((image) => (image.id === imageId ? changed(image, changes) : image))
  return { ...gallery, images }
}

/**
 * Returns the gallery with these types moved to the image from the images that had them. Codes that the attribute set does
 * not have are ignored.
 */
export function withTypes(gallery: Gallery, imageId: number, codes: readonly string[]): Gallery {
  const given = gallery.mediaAttributes.map(({ code }) => code).filter((code) => codes.includes(code))
  return { ...gallery, types: new Map([...gallery.types, ...given.map((type) => [type, imageId] as const)]) }
}

/** Returns the gallery in which every type of the image is 'none'. */
export function withoutTypes(gallery: Gallery, imageId: number): Gallery {
  const cleared = typesOf(gallery, imageId).map((type) => [type, null] as const)
  return { ...gallery, types: new Map([...gallery.types, ...cleared]) }
}

/** Returns the gallery without the image, and with 'none' for its types. */
export function withoutImage(gallery: Gallery, imageId: number): Gallery {
  const images = gallery.images.filter((image) => image.id !== imageId)
  return { ...withoutTypes(gallery, imageId), images }
}

/**
 * Returns the gallery with positions from 1 on in the order of these ids; null unless they name each of its
 * images once.
 */
export function reordered(gallery: Gallery, ids: readonly number[]): Gallery | null {
  const positions = new Map(ids.map((id, index) => [id, index + 1]))
  const isWhole = ids.length === gallery.images.length && gallery.images.every(({ id }) => positions.has(id))
  if (!isWhole) return null
  const images = gallery.images.map((image) => ({ ...image, position: positions.get(image.id) ?? null }))
  return { ...gallery, images }
}

function changed(image: GalleryImage, { label, position, exclude }: ImageChanges): GalleryImage {
  return {
    ...image,
    label: label ?? image.label,
    position: position === null ? image.position : clamp(position, HIGHEST_POSITION),
    exclude: exclude === null ? image.exclude : clamp(exclude, HIGHEST_EXCLUDE),
  }
}

function clamp(value: number, highest: number): number {
  return Math.min(Math.max(value, 0), highest)
}
