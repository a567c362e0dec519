import { authorOf } from '../../contract/author'
import type { Fault } from '../../contract/fault'
import { text } from '../../contract/readers'
import type { RequestContext } from '../../contract/request'
import { fieldsOf, type Value, type ValueMap } from '../../contract/value'
import { findImage, type Gallery, type GalleryImage, type ImageChanges } from '../gallery'
import type { Failures, GalleryChanges } from '../galleryChanges'
import { productReferences, storeViewId } from '../identify'
import type { ImageRules } from '../imageRules'
import type { Galleries, Product, StoreViews } from '../ports'
import {
  decodeBase64,
  RPC_FILE_FIELDS,
  readChanges,
  readSentFile,
  typesOfNew,
  typesOfUpdate,
} from '../sentImage'
import { type ImageDisplay, shownImage } from '../shownImage'
import { fault } from './faults'

export interface ImagesByFileParts {
  readonly galleries: Galleries
  readonly storeViews: StoreViews
  readonly changes: GalleryChanges
  readonly imageRules: ImageRules
  readonly imageDisplay: ImageDisplay
}

/** The arguments by which a client names a product. */
interface ProductArguments {
  readonly product: Value
  readonly identifierType: Value
}

/** The arguments by which a client names a product and a store view. */
interface ScopedArguments extends ProductArguments {
  readonly store: Value
}

/**
 * The behaviour of the product-image resource, with each method's checks in Magento's order (magento.md §1
 * and §2).
 */
export class ImagesByFile {
  constructor(private readonly parts: ImagesByFileParts) {}

  /**
   * Returns the id of the current store view, and sets it for the rest of the request when one is given.
   * @throws fault 100
   */
  async currentStore(args: { readonly store: Value }, request: RequestContext): Promise<string> {
    request.scope.enterStore(await this.#store(args.store, request))
    return String(request.scope.currentStore)
  }

  /** @throws faults 100, 101, 107 */
  async list(args: ScopedArguments, request: RequestContext): Promise<Value> {
    const gallery = await this.#view(args, request)
    return gallery.images.map((image) => this.#shown(gallery, image, request))
  }

  /** The file `true` equals any in PHP, and so means the first (magento.md §6.14). @throws faults 100, 101, 107, 103 */
  async info(args: ScopedArguments & { readonly file: Value }, request: RequestContext): Promise<ValueMap> {
    const { gallery, image } = await this.#image(args, request)
    return this.#shown(gallery, image, request)
  }

  /** Returns the MD5 of an image's bytes in hexadecimal digits, '' when it is not known. @throws faults 100, 101, 107, 103 */
  async md5(args: ScopedArguments & { readonly file: Value }, request: RequestContext): Promise<string> {
    const { image } = await this.#image(args, request)
    return image.hashes?.md5 ?? ''
  }

  /** Returns the media types of the attribute sets, each once; [] when none of the sets exists. */
  async types({ setId }: { readonly setId: readonly number[] }): Promise<Value> {
    const ofSets = await Promise.all(setId.map((id) => this.parts.galleries.mediaAttributes(id)))
    const scopes = new Map(ofSets.flat().map(({ code, scope }) => [code, scope]))
    return [...scopes].map(
      ([code, scope]) =>
        new Map([
          ['code', code],
          ['scope', scope],
        ]),
    )
  }

  /** Adds an image and answers its path. @throws faults 100, 101, 107, 102, 104 */
  async create(args: ScopedArguments & { readonly data: Value }, request: RequestContext): Promise<string> {
    const storeId = await this.#store(args.store, request)
    const product = await this.#product(args)
    const data = fieldsOf(args.data)
    const file = readSentFile(fieldsOf(data?.get('file') ?? null), RPC_FILE_FIELDS)
    if (file.mime === null || file.content === null)
      throw fault('data_invalid', 'The image is not specified.')
    const extension = this.parts.imageRules.extensions.get(file.mime)
    if (extension === undefined) throw fault('data_invalid', 'Invalid image type.')
    const bytes = await decodeBase64(file.content)
    if (bytes === null) throw fault('data_invalid', 'The image contents is not valid base64 data.')
    const changes = changesGiven(data)
    const sent = { name: file.name ?? '', extension, bytes }
    const added = await this.parts.changes.add(
      { productId: product.id, storeId, author: authorOf(request) },
      sent,
      changes,
      typesOfNew(data),
      failuresAs('not_created', request),
    )
    return added.file
  }

  /** Adds an image and answers what {@link info} answers of it. @throws faults 100, 101, 107, 102, 104 */
  async createAndReturnInfo(
    args: ScopedArguments & { readonly data: Value },
    request: RequestContext,
  ): Promise<ValueMap> {
    const file = await this.create(args, request)
    return this.info({ ...args, file }, request)
  }

  /** Changes the fields of an image that the data gives. @throws faults 100, 101, 107, 103, 102, 105 */
  async update(
    args: ScopedArguments & { readonly file: Value; readonly data: Value },
    request: RequestContext,
  ): Promise<boolean> {
    const storeId = await this.#store(args.store, request)
    const product = await this.#product(args)
    const data = fieldsOf(args.data)
    const image = findImage(await this.#gallery(product, storeId), text(args.file))
    if (!image) throw fault('not_exists')
    const bytes = await replacementBytes(data, this.parts.imageRules)
    const changes = changesGiven(data)
    await this.parts.changes.update(
      { productId: product.id, storeId, author: authorOf(request) },
      image,
      bytes,
      changes,
      typesOfUpdate(data),
      failuresAs('not_updated', request),
    )
    return true
  }

  /**
   * Removes an image from the gallery, unless a type still shows it in another scope.
   *
   * @throws faults 101, 107, 103
   */
  async remove(args: ProductArguments & { readonly file: Value }, request: RequestContext): Promise<boolean> {
    const product = await this.#product(args)
    await this.parts.changes.remove(
      { productId: product.id, storeId: request.scope.currentStore, author: authorOf(request) },
      (gallery) => findImage(gallery, text(args.file)),
      failuresAs('not_removed', request),
    )
    return true
  }

  async #image(args: ScopedArguments & { readonly file: Value }, request: RequestContext) {
    const gallery = await this.#view(args, request)
    const image = args.file === true ? gallery.images[0] : findImage(gallery, text(args.file))
    if (!image) throw fault('not_exists')
    return { gallery, image }
  }

  #shown(gallery: Gallery, image: GalleryImage, request: RequestContext): ValueMap {
    return shownImage(['file', image.file], gallery, image, request, this.parts.imageDisplay)
  }

  async #store(store: Value, request: RequestContext): Promise<number> {
    if (store === null) return request.scope.currentStore
    const id = await storeViewId(store, this.parts.storeViews)
    if (id === null) throw fault('store_not_exists')
    return id
  }

  async #product({ product, identifierType }: ProductArguments): Promise<Product> {
    for (const reference of productReferences(product, identifierType)) {
      const found = await this.parts.galleries.product(reference)
      if (!found) continue
      if (!found.hasGallery) throw fault('not_media_product')
      return found
    }
    throw fault('product_not_exists')
  }

  async #view(args: ScopedArguments, request: RequestContext): Promise<Gallery> {
    const storeId = await this.#store(args.store, request)
    for (const reference of productReferences(args.product, args.identifierType)) {
      const found = await this.parts.galleries.view(reference, storeId)
      if (!found) continue
      if (!found.product.hasGallery) throw fault('not_media_product')
      return found.gallery
    }
    throw fault('product_not_exists')
  }

  async #gallery(product: Product, storeId: number): Promise<Gallery> {
    const found = await this.parts.galleries.view({ id: product.id }, storeId)
    if (!found) throw fault('product_not_exists')
    return found.gallery
  }
}

/** Returns the bytes that replace those of the image; null when the update gives none. @throws fault 102 */
async function replacementBytes(data: ValueMap | null, { extensions }: ImageRules): Promise<Buffer | null> {
  const file = readSentFile(fieldsOf(data?.get('file') ?? null), RPC_FILE_FIELDS)
  if (file.mime === null || file.content === null) return null
  if (!extensions.has(file.mime)) throw fault('data_invalid', 'Invalid image type.')
  const bytes = await decodeBase64(file.content)
  if (bytes === null) throw fault('data_invalid', 'Image content is not valid base64 data.')
  return bytes
}

/** @throws fault 102 for a label that no SOAP client could send */
function changesGiven(data: ValueMap | null): ImageChanges {
  const changes = readChanges(data)
  if (!changes) throw fault('data_invalid', 'Invalid label.')
  return changes
}

function failuresAs(
  key: 'not_created' | 'not_updated' | 'not_removed',
  { notes }: RequestContext,
): Failures<Fault> {
  return {
    refused(reason, problem) {
      if (problem !== undefined) notes.noteInvalidImage(problem)
      return fault(key, reason)
    },
    missing: () => fault('not_exists'),
    // A failure of the store has the same text as a name that cannot be stored.
    notStored: (cause) => fault(key, 'Cannot create image.', { cause }),
  }
}
