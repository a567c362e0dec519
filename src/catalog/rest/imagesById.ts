import { authorOf } from '../../contract/author'
import type { Caller } from '../../contract/caller'
import type { HttpFault } from '../../contract/httpFault'
import { isEmpty, text } from '../../contract/readers'
import type { RequestContext } from '../../contract/request'
import type { ValueMap } from '../../contract/value'
import { DEFAULT_SCOPE, type Gallery, type GalleryImage, type ImageChanges } from '../gallery'
import type { Failures, GalleryChanges } from '../galleryChanges'
import type { Galleries, Product, StoreViews } from '../ports'
import { decodeBase64, EXTENSIONS, readChanges, type SentFile, typesOfNew, typesOfUpdate } from '../sentImage'
import { shownImage } from '../shownImage'
import { fault } from './faults'

export interface ImagesByIdParts {
  readonly galleries: Galleries
  readonly storeViews: StoreViews
  readonly changes: GalleryChanges
}

/** A product's gallery in a store view, by ids; null for a text that cannot be an id. */
export interface GalleryAddress {
  readonly productId: number | null
  readonly storeId: number | null
}

/** One image of a gallery. */
export interface ImageAddress extends GalleryAddress {
  readonly imageId: number | null
}

/** Whether the caller may change galleries, and see excluded images. */
export function mayWrite(caller: Caller): boolean {
  return caller === 'admin'
}

/**
 * Product images by their ids, as in Magento's REST (magento.md §4). They are the same galleries that
 * {@link ImagesByFile} changes by file. Unlike there, a store view must belong to one of the product's
 * websites.
 */
export class ImagesById {
  constructor(private readonly parts: ImagesByIdParts) {}

  /**
   * Returns the images that the caller may see; none for a product without a gallery.
   *
   * @throws store_invalid, resource_not_found
   */
  async list(address: GalleryAddress, caller: Caller, request: RequestContext): Promise<readonly ValueMap[]> {
    const { gallery } = await this.#product(address)
    return gallery.images
      .filter((image) => isVisible(image, caller))
      .map((image) => shownTo(caller, gallery, image, request))
  }

  /** Returns one image. @throws store_invalid, resource_not_found, image_not_found */
  async get(address: ImageAddress, caller: Caller, request: RequestContext): Promise<ValueMap> {
    const { gallery } = await this.#product(address)
    const image = findById(gallery, address.imageId)
    if (image && isVisible(image, caller)) return shownTo(caller, gallery, image, request)
    throw fault(mayWrite(caller) ? 'image_not_found' : 'resource_not_found')
  }

  /**
   * Adds an image and answers its address. It is not excluded unless the data says so. Its data is checked
   * before the product, as in Magento.
   *
   * @throws image_not_specified, content_not_base64, mime_type_unsupported, data_invalid, then store_invalid,
   * resource_not_found, images_unsupported, then unknown_error for bytes that are no image, or a name with
   * `/`, or not_stored
   */
  async create(
    address: GalleryAddress,
    data: ValueMap,
    request: RequestContext,
  ): Promise<{ readonly productId: number; readonly imageId: number }> {
    const file = sentFile(data)
    if (isEmpty(file.mime) || isEmpty(file.content)) throw fault('image_not_specified')
    const { bytes, extension } = await decodedFile(file)
    const changes = changesGiven(data)
    const { product, storeId } = await this.#product(address)
    if (!product.hasGallery) throw fault('images_unsupported')
    const added = await this.parts.changes.add(
      { productId: product.id, storeId, author: authorOf(request) },
      { name: file.name ?? '', extension, bytes },
      { ...changes, exclude: changes.exclude ?? 0 },
      typesOfNew(data),
      failuresOf(request),
    )
    return { productId: product.id, imageId: added.id }
  }

  /**
   * Changes the fields that the data gives. A file replaces that of the image, if both its type and its
   * content are given.
   *
   * @throws store_invalid, resource_not_found, content_not_base64, mime_type_unsupported, data_invalid,
   * unknown_error, not_stored
   */
  async update(address: ImageAddress, data: ValueMap, request: RequestContext): Promise<void> {
    const { product, gallery, storeId } = await this.#product(address)
    const image = findById(gallery, address.imageId)
    if (!image) throw fault('resource_not_found')
    const file = sentFile(data)
    const bytes = isEmpty(file.mime) || isEmpty(file.content) ? null : (await decodedFile(file)).bytes
    await this.parts.changes.update(
      { productId: product.id, storeId, author: authorOf(request) },
      image,
      bytes,
      changesGiven(data),
      typesOfUpdate(data),
      failuresOf(request),
    )
  }

  /**
   * Removes an image from the gallery, unless a type still shows it in another scope.
   *
   * @throws store_invalid, resource_not_found
   */
  async remove(address: ImageAddress, request: RequestContext): Promise<void> {
    const { product, gallery, storeId } = await this.#product(address)
    if (!findById(gallery, address.imageId)) throw fault('resource_not_found')
    await this.parts.changes.remove(
      { productId: product.id, storeId, author: authorOf(request) },
      (current) => findById(current, address.imageId),
      failuresOf(request),
    )
  }

  /** Returns the product and its gallery, which is empty for a product without one. */
  async #product({
    productId,
    storeId,
  }: GalleryAddress): Promise<{ product: Product; gallery: Gallery; storeId: number }> {
    if (storeId === null || !(await this.parts.storeViews.exists(storeId))) throw fault('store_invalid')
    if (productId === null) throw fault('resource_not_found')
    const view = this.parts.galleries.view({ id: productId }, storeId)
    const [found, isOffered] =
      storeId === DEFAULT_SCOPE
        ? [await view, true]
        : await Promise.all([view, this.parts.galleries.isOffered(productId, storeId)])
    if (!found || !isOffered) throw fault('resource_not_found')
    return { ...found, gallery: found.product.hasGallery ? found.gallery : EMPTY, storeId }
  }
}

const EMPTY: Gallery = { images: [], types: new Map() }

function failuresOf({ notes }: RequestContext): Failures<HttpFault> {
  return {
    refused(_reason, problem) {
      if (problem !== undefined) notes.noteInvalidImage(problem)
      return fault('unknown_error')
    },
    missing: () => fault('resource_not_found'),
    notStored: (cause) => fault('not_stored', undefined, { cause }),
  }
}

function findById(gallery: Gallery, imageId: number | null): GalleryImage | null {
  return gallery.images.find(({ id }) => id === imageId) ?? null
}

/**
 * Tells whether the caller sees the image. Only a caller who may change an image sees it when it is excluded.
 */
function isVisible({ exclude }: GalleryImage, caller: Caller): boolean {
  return mayWrite(caller) || !exclude
}

function shownTo(caller: Caller, gallery: Gallery, image: GalleryImage, request: RequestContext): ValueMap {
  return shownImage(['id', String(image.id)], gallery, image, request, mayWrite(caller))
}

function sentFile(data: ValueMap): SentFile {
  const field = (name: string) => text(data.get(name) ?? null)
  return { name: field('file_name'), mime: field('file_mime_type'), content: field('file_content') }
}

/** The types that SOAP accepts, and a second name for JPEG that IANA does not list. */
const REST_EXTENSIONS: ReadonlyMap<string, string> = new Map([...EXTENSIONS, ['image/jpg', 'jpg']])

/** @throws content_not_base64, mime_type_unsupported */
async function decodedFile({ mime, content }: SentFile): Promise<{ bytes: Buffer; extension: string }> {
  const bytes = await decodeBase64(content ?? '')
  if (!bytes) throw fault('content_not_base64')
  const extension = REST_EXTENSIONS.get(mime ?? '')
  if (extension === undefined) throw fault('mime_type_unsupported')
  return { bytes, extension }
}

/** @throws data_invalid */
function changesGiven(data: ValueMap): ImageChanges {
  const changes = readChanges(data)
  if (!changes) throw fault('data_invalid')
  return changes
}
