import { authorOf } from '../../contract/author'
import type { Caller } from '../../contract/caller'
import type { HttpFault } from '../../contract/httpFault'
import { integer, isEmpty } from '../../contract/readers'
import type { RequestContext } from '../../contract/request'
import type { ValueMap } from '../../contract/value'
import { DEFAULT_SCOPE, type Gallery, type GalleryImage, type ImageChanges } from '../gallery'
import type { Failures, GalleryChanges } from '../galleryChanges'
import { productReferences, storeViewId } from '../identify'
import type { ImageRules } from '../imageRules'
import type { Galleries, Product, StoreViews } from '../ports'
import {
  decodeBase64,
  REST_FILE_FIELDS,
  readChanges,
  readSentFile,
  type SentFile,
  typesOfNew,
  typesOfUpdate,
} from '../sentImage'
import { type ImageDisplay, shownImage, shownNumber } from '../shownImage'
import { fault } from './faults'

export interface ImagesByIdParts {
  readonly galleries: Galleries
  readonly storeViews: StoreViews
  readonly changes: GalleryChanges
  readonly imageRules: ImageRules
  readonly imageDisplay: ImageDisplay
}

/** A product's gallery in a store view, as a client names it (magento.md §6.6). */
export interface GalleryAddress {
  /** An id or an SKU. */
  readonly product: string
  /** An id or a code; null when the client names none. */
  readonly store: string | null
}

/** One image of a gallery. */
export interface ImageAddress extends GalleryAddress {
  /** A text that begins with the image's id. */
  readonly image: string
}

/** Whether the caller may change galleries, and see excluded images. */
export function mayWrite(caller: Caller): boolean {
  return caller === 'admin'
}

/**
 * Product images by their ids, as in Magento's REST (magento.md §4 and §6.6). They are the same galleries that
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
    const { gallery } = await this.#product(address, caller)
    return gallery.images
      .filter((image) => isVisible(image, caller))
      .map((image) => this.#shownTo(caller, gallery, image, request))
  }

  /** Returns one image. @throws store_invalid, resource_not_found, image_not_found */
  async get(address: ImageAddress, caller: Caller, request: RequestContext): Promise<ValueMap> {
    const { gallery } = await this.#product(address, caller)
    const image = findById(gallery, address.image)
    if (image && isVisible(image, caller)) return this.#shownTo(caller, gallery, image, request)
    throw fault(mayWrite(caller) ? 'image_not_found' : 'resource_not_found')
  }

  /**
   * Adds an image and answers its id. It is not excluded unless the data says so. Its data is checked
   * before the product, as in Magento.
   *
   * @throws image_not_specified, content_not_base64, mime_type_unsupported, data_invalid, then store_invalid,
   * resource_not_found, images_unsupported, then unknown_error for bytes that are no image, or a name with
   * `/`, or not_stored
   */
  async create(
    address: GalleryAddress,
    caller: Caller,
    data: ValueMap,
    request: RequestContext,
  ): Promise<number> {
    const file = readSentFile(data, REST_FILE_FIELDS)
    if (isEmpty(file.mime) || isEmpty(file.content)) throw fault('image_not_specified')
    const { bytes, extension } = await decodedFile(file, this.parts.imageRules)
    const changes = changesGiven(data)
    const { product, storeId } = await this.#product(address, caller)
    if (!product.hasGallery) throw fault('images_unsupported')
    const added = await this.parts.changes.add(
      { productId: product.id, storeId, author: authorOf(request) },
      { name: file.name ?? '', extension, bytes },
      { ...changes, exclude: changes.exclude ?? 0 },
      typesOfNew(data),
      failuresOf(request),
    )
    return added.id
  }

  /**
   * Changes the fields that the data gives. A file replaces that of the image, if both its type and its
   * content are given.
   *
   * @throws store_invalid, resource_not_found, content_not_base64, mime_type_unsupported, data_invalid,
   * unknown_error, not_stored
   */
  async update(
    address: ImageAddress,
    caller: Caller,
    data: ValueMap,
    request: RequestContext,
  ): Promise<void> {
    const { product, gallery, storeId } = await this.#product(address, caller)
    const image = findById(gallery, address.image)
    if (!image) throw fault('resource_not_found')
    const file = readSentFile(data, REST_FILE_FIELDS)
    const bytes =
      isEmpty(file.mime) || isEmpty(file.content)
        ? null
        : (await decodedFile(file, this.parts.imageRules)).bytes
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
  async remove(address: ImageAddress, caller: Caller, request: RequestContext): Promise<void> {
    const { product, gallery, storeId } = await this.#product(address, caller)
    if (!findById(gallery, address.image)) throw fault('resource_not_found')
    await this.parts.changes.remove(
      { productId: product.id, storeId, author: authorOf(request) },
      (current) => findById(current, address.image),
      failuresOf(request),
    )
  }

  /**
   * Returns the id of the store view that the address means to the caller (magento.md §6.2). Without one, an
   * administrator means the default scope. Guests and customers mean the default store view, by 0 too.
   *
   * @returns null for a store view that does not exist
   */
  async storeView({ store }: GalleryAddress, caller: Caller): Promise<number | null> {
    const { storeViews } = this.parts
    if (store !== null && (mayWrite(caller) || store !== '0')) return storeViewId(store, storeViews)
    return mayWrite(caller) ? DEFAULT_SCOPE : ((await storeViews.defaultView()) ?? DEFAULT_SCOPE)
  }

  #shownTo(caller: Caller, gallery: Gallery, image: GalleryImage, request: RequestContext): ValueMap {
    const display = this.parts.imageDisplay
    const id = shownNumber(image.id, display.numbers)
    return shownImage(['id', id], gallery, image, request, display, mayWrite(caller))
  }

  /**
   * Returns the product and its gallery, which is empty for a product without one. The store view is looked up before
   * the product (magento.md §6.1).
   */
  async #product(address: GalleryAddress, caller: Caller): Promise<FoundGallery> {
    const storeId = await this.storeView(address, caller)
    if (storeId === null) throw fault('store_invalid')
    for (const reference of productReferences(address.product, null)) {
      const found = await this.parts.galleries.view(reference, storeId)
      if (!found) continue
      const { product } = found
      const [isOffered, isVisible] = await Promise.all([
        storeId === DEFAULT_SCOPE || this.parts.galleries.isOffered(product.id, storeId),
        mayWrite(caller) || this.parts.galleries.isSeenByGuests(product.id, storeId),
      ])
      if (!isOffered || !isVisible) break
      return { product, gallery: product.hasGallery ? found.gallery : EMPTY, storeId }
    }
    throw fault('resource_not_found')
  }
}

interface FoundGallery {
  readonly product: Product
  readonly gallery: Gallery
  readonly storeId: number
}

const EMPTY: Gallery = { mediaAttributes: [], images: [], types: new Map() }

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

/** Finds an image by the whole number that the text begins with, as PHP's `(int)` reads it. */
function findById(gallery: Gallery, image: string): GalleryImage | null {
  const imageId = integer(image)
  return gallery.images.find(({ id }) => id === imageId) ?? null
}

/**
 * Tells whether the caller sees the image. Only a caller who may change an image sees it when it is excluded.
 */
function isVisible({ exclude }: GalleryImage, caller: Caller): boolean {
  return mayWrite(caller) || !exclude
}

/** REST accepts a second name for JPEG as well, which IANA does not list. */
const SECOND_NAMES: ReadonlyMap<string, string> = new Map([['image/jpg', 'image/jpeg']])

/** @throws content_not_base64, mime_type_unsupported */
async function decodedFile(
  { mime, content }: SentFile,
  { extensions }: ImageRules,
): Promise<{ bytes: Buffer; extension: string }> {
  const bytes = await decodeBase64(content ?? '')
  if (!bytes) throw fault('content_not_base64')
  const extension = extensions.get(SECOND_NAMES.get(mime ?? '') ?? mime ?? '')
  if (extension === undefined) throw fault('mime_type_unsupported')
  return { bytes, extension }
}

/** @throws data_invalid */
function changesGiven(data: ValueMap): ImageChanges {
  const changes = readChanges(data)
  if (!changes) throw fault('data_invalid')
  return changes
}
