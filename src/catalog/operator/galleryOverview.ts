import { DEFAULT_SCOPE } from '../gallery'
import type { MediaAttribute } from '../mediaAttribute'

/** A value as a store view sees it, and whether it is the store view's own or that of the default scope. */
export interface SeenValue<T> {
  readonly value: T
  readonly own: boolean
}

/** One image in one store view; a value is null when neither that store view nor the default scope has one. */
export interface ImageView {
  readonly storeId: number
  readonly label: SeenValue<string | null>
  readonly position: SeenValue<number | null>
  readonly exclude: SeenValue<number | null>
  readonly types: readonly { readonly code: string; readonly own: boolean }[]
}

/** A product's gallery in every store view at once. */
export interface GalleryOverview {
  readonly product: {
    readonly id: number
    /** Null for a product without one. */
    readonly sku: string | null
    readonly attributeSet: string
    readonly hasGallery: boolean
  }
  /** The types that the product's attribute set has, in its order. */
  readonly mediaAttributes: readonly LabelledMediaAttribute[]
  /** The default scope first, then the store views of the product's websites. */
  readonly storeViews: readonly StoreView[]
  /** The images in the order of the default scope. */
  readonly images: readonly {
    readonly id: number
    readonly file: string
    readonly views: readonly ImageView[]
  }[]
}

/** A media attribute with its name for people. */
export interface LabelledMediaAttribute extends MediaAttribute {
  readonly label: string
}

export interface StoreView {
  readonly id: number
  readonly code: string
  readonly website: string
}

/** A gallery as it is stored: the own values of each scope. */
export interface StoredGallery extends Pick<GalleryOverview, 'product' | 'mediaAttributes' | 'storeViews'> {
  readonly images: readonly { readonly id: number; readonly file: string }[]
  readonly values: readonly StoredValues[]
  readonly types: readonly StoredType[]
}

export interface StoredValues {
  readonly imageId: number
  readonly storeId: number
  readonly label: string | null
  /** Null for a value that only an imported row lacks, as the next one. */
  readonly position: number | null
  readonly exclude: number | null
}

export interface StoredType {
  readonly storeId: number
  readonly code: string
  /** Null for 'none'. */
  readonly imageId: number | null
}

/** Reads the rows that an overview is made of. */
export interface StoredGalleries {
  find(productId: number): Promise<StoredGallery | null>
}

/**
 * Returns what each store view sees of a stored gallery: its own values, field by field, over those of the
 * default scope.
 */
export function overviewOf(stored: StoredGallery): GalleryOverview {
  const { product, mediaAttributes, storeViews } = stored
  const images = stored.images
    .map(({ id, file }) => ({ id, file, views: storeViews.map((view) => imageView(stored, id, view.id)) }))
    .sort((one, other) => defaultPosition(one) - defaultPosition(other) || one.id - other.id)
  return { product, mediaAttributes, storeViews, images }
}

function imageView(
  { values, types, mediaAttributes }: StoredGallery,
  imageId: number,
  storeId: number,
): ImageView {
  const of = (scope: number) => values.find((row) => row.imageId === imageId && row.storeId === scope)
  const own = of(storeId)
  const fallback = of(DEFAULT_SCOPE)
  return {
    storeId,
    label: seen(own?.label, fallback?.label),
    position: seen(own?.position, fallback?.position),
    exclude: seen(own?.exclude, fallback?.exclude),
    types: mediaAttributes.flatMap(({ code }) => {
      const typeOf = (scope: number) => types.find((row) => row.code === code && row.storeId === scope)
      const ownType = typeOf(storeId)
      const shown = (ownType ?? typeOf(DEFAULT_SCOPE))?.imageId
      return shown === imageId ? [{ code, own: ownType !== undefined }] : []
    }),
  }
}

function seen<T>(own: T | null | undefined, fallback: T | null | undefined): SeenValue<T | null> {
  return { value: own ?? fallback ?? null, own: own !== null && own !== undefined }
}

/** Returns the position in the default scope. An unset position comes first, as in a gallery. */
function defaultPosition({ views }: { readonly views: readonly ImageView[] }): number {
  return views[0]?.position.value ?? -1
}
