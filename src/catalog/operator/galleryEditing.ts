import { type HttpFault, type HttpFaultTable, httpFaultsOf } from '../../contract/httpFault'
import { DEFAULT_SCOPE, type ImageChanges } from '../gallery'
import type { Failures, GalleryChanges, GalleryScope, NamedImage } from '../galleryChanges'
import { MAGENTO_1 } from '../imageRules'
import { decodeBase64 } from '../sentImage'
import { type GalleryOverview, overviewOf, type StoredGalleries } from './galleryOverview'

/** The messages for an operator, each with its HTTP status. */
const editingFaults = {
  product_unknown: [404, 'There is no product with this id.'],
  store_view_unknown: [404, 'The product has no such store view.'],
  image_unknown: [404, 'The gallery has no such image, or no longer.'],
  gallery_missing: [409, 'The product’s attribute set has no gallery.'],
  order_outdated: [409, 'The gallery has changed meanwhile: load it again, then reorder.'],
  image_refused: [400, 'Cannot create image.'],
  not_stored: [503, 'The image store has failed: nothing was changed. The server’s log says why.'],
} as const satisfies HttpFaultTable

const fault = httpFaultsOf(editingFaults)

const FAILURES: Failures<HttpFault> = {
  refused: (reason) => fault('image_refused', reason),
  missing: () => fault('image_unknown'),
  notStored: (cause) => fault('not_stored', undefined, { cause }),
}

export interface GalleryEditingParts {
  readonly stored: StoredGalleries
  readonly changes: GalleryChanges
}

/** An image file as an operator chose it. */
export interface ChosenFile {
  /** The file's name without the extension. */
  readonly name: string
  readonly mime: string
  /** The bytes in base64. */
  readonly content: string
}

/** The fields of an image that an operator gives; null for a field that is left alone. */
export interface ImageEdit extends ImageChanges {
  readonly types: readonly string[] | null
}

/**
 * Galleries as an operator sees and changes them: all store views at once, images by id, faults in plain
 * words.
 */
export class GalleryEditing {
  constructor(private readonly parts: GalleryEditingParts) {}

  /** @throws product_unknown */
  async overview(productId: number): Promise<GalleryOverview> {
    const stored = await this.parts.stored.find(productId)
    if (!stored) throw fault('product_unknown')
    return overviewOf(stored)
  }

  /**
   * Adds an image and answers its id and path. It is shown unless the edit says otherwise.
   *
   * @throws product_unknown, gallery_missing, store_view_unknown, image_refused
   */
  async add(scope: GalleryScope, { name, mime, content }: ChosenFile, edit: ImageEdit): Promise<NamedImage> {
    await this.#require(scope)
    const extension = MAGENTO_1.extensions.get(mime)
    if (extension === undefined) throw fault('image_refused', 'An image is a JPEG, a PNG or a GIF.')
    const file = { name, extension, bytes: await decoded(content) }
    return this.parts.changes.add(
      scope,
      file,
      { ...edit, exclude: edit.exclude ?? 0 },
      edit.types ?? [],
      FAILURES,
    )
  }

  /**
   * Changes an image; content, in base64, replaces its file.
   *
   * @throws product_unknown, gallery_missing, store_view_unknown, image_unknown, image_refused
   */
  async change(scope: GalleryScope, imageId: number, content: string | null, edit: ImageEdit): Promise<void> {
    const { images } = await this.#require(scope)
    const image = images.find(({ id }) => id === imageId)
    if (!image) throw fault('image_unknown')
    const bytes = content === null ? null : await decoded(content)
    await this.parts.changes.update(scope, image, bytes, edit, edit.types, FAILURES)
  }

  /**
   * Removes an image from the gallery, unless a type still shows it in another scope: then only its types
   * here are cleared.
   *
   * @returns whether the image is gone
   * @throws product_unknown, gallery_missing, store_view_unknown, image_unknown
   */
  async remove(scope: GalleryScope, imageId: number): Promise<boolean> {
    await this.#require(scope)
    const find: Parameters<GalleryChanges['remove']>[1] = ({ images }) =>
      images.find(({ id }) => id === imageId) ?? null
    await this.parts.changes.remove(scope, find, FAILURES)
    const { images } = await this.overview(scope.productId)
    return images.every(({ id }) => id !== imageId)
  }

  /** Puts the images into this order. @throws product_unknown, gallery_missing, store_view_unknown, order_outdated */
  async reorder(scope: GalleryScope, imageIds: readonly number[]): Promise<void> {
    await this.#require(scope)
    await this.parts.changes.reorder(scope, imageIds, { missing: () => fault('order_outdated') })
  }

  async #require({ productId, storeId }: GalleryScope): Promise<GalleryOverview> {
    const overview = await this.overview(productId)
    if (!overview.product.hasGallery) throw fault('gallery_missing')
    if (storeId !== DEFAULT_SCOPE && overview.storeViews.every(({ id }) => id !== storeId))
      throw fault('store_view_unknown')
    return overview
  }
}

/** @throws image_refused */
async function decoded(content: string): Promise<Buffer> {
  const bytes = await decodeBase64(content)
  if (!bytes) throw fault('image_refused', 'The content is not base64.')
  return bytes
}
