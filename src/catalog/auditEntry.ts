import type { Author } from '../contract/author'
import { type Gallery, type GalleryImage, type ImageChanges, typesOf } from './gallery'

/** The record of a change of one image, for later questions. */
export interface AuditEntry extends AuditedValues {
  readonly action: 'create' | 'update' | 'remove'
  readonly author: Author
  readonly storeId: number
  readonly image: Pick<GalleryImage, 'id' | 'file'>
  /** The new bytes of the image; null when it kept its own. */
  readonly file: { readonly storageKey: string; readonly sha256: Buffer } | null
  /** The storage key of the bytes that the image had before. */
  readonly replacedKey: string | null
}

/** The record of new bytes for the file of several images. */
export type Replacement = Pick<AuditEntry, 'author' | 'storeId' | 'image' | 'file' | 'replacedKey'>

/** The new values of the fields that were given; null for a field that was left alone. */
export interface AuditedValues {
  readonly label: string | null
  readonly position: number | null
  readonly exclude: number | null
  /** All types that the image has after the change. */
  readonly types: readonly string[] | null
}

export const NOTHING_GIVEN: AuditedValues = { label: null, position: null, exclude: null, types: null }

/** Returns all values of a new image. */
export function valuesOfNew(after: Gallery, id: number): AuditedValues {
  const {
    label = null,
    position = null,
    exclude = null,
  } = after.images.find((image) => image.id === id) ?? {}
  return { label, position, exclude, types: typesOf(after, id) }
}

/** Returns the new values of the fields that an update gave. */
export function valuesOfUpdate(
  after: Gallery,
  id: number,
  { label, position, exclude }: ImageChanges,
  types: readonly string[] | null,
): AuditedValues {
  const values = valuesOfNew(after, id)
  return {
    label: label === null ? null : values.label,
    position: position === null ? null : values.position,
    exclude: exclude === null ? null : values.exclude,
    types: types === null ? null : values.types,
  }
}
