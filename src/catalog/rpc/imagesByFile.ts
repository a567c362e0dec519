import { authorOf } from '../../contract/author'
import type { Fault } from '../../contract/fault'
import type { RequestContext } from '../../contract/request'
import { fieldsOf, type Value, type ValueMap } from '../../contract/value'
import { findImage, type Gallery, type ImageChanges, MEDIA_TYPES } from '../gallery'
import type { Failures, GalleryChanges } from '../galleryChanges'
import type { Galleries, Product, StoreViews } from '../ports'
import { decodeBase64, EXTENSIONS, readChanges, readSentFile, typesOfNew, typesOfUpdate } from '../sentImage'
import { shownImage } from '../shownImage'
import { fault } from './faults'
import { productReferences, storeViewId } from './identify'

export interface ImagesByFileParts {
  readonly galleries: Galleries
  readonly storeViews: StoreViews
  readonly changes: GalleryChanges
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
    return gallery.images.map((image) => shownImage(['file', image.file], gallery, image, request))
  }

  /** @throws faults 100, 101, 107, 103 */
  async info(
    args: ScopedArguments & { readonly file: string | null },
    request: RequestContext,
  ): Promise<ValueMap> {
    const gallery = await this.#view(args, request)
    const image = findImage(gallery, args.file)
    if (!image) throw fault('not_exists')
    return shownImage(['file', image.file], gallery, image, request)
  }

  /** Returns the media types of an attribute set. All sets have the same; [] for an unknown set. */
  async types({ setId }: { readonly setId: number | null }): Promise<Value> {
    if (setId === null || !(await this.parts.galleries.attributeSetExists(setId))) return []
    return MEDIA_TYPES.map(
      (code) =>
        new Map([
          ['code', code],
          ['scope', 'store'],
        ]),
    )
  }

  /** Adds an image and answers its path. @throws faults 100, 101, 107, 102, 104 */
  async create(args: ScopedArguments & { readonly data: Value }, request: RequestContext): Promise<string> {
    const storeId = await this.#store(args.store, request)
    const product = await this.#product(args)
    const data = fieldsOf(args.data)
    const file = readSentFile(data?.get('file') ?? null)
    if (file.mime === null || file.content === null)
      throw fault('data_invalid', 'The image is not specified.')
    const extension = EXTENSIONS.get(file.mime)
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

  /** Changes the fields of an image that the data gives. @throws faults 100, 101, 107, 103, 102, 105 */
  async update(
    args: ScopedArguments & { readonly file: string | null; readonly data: Value },
    request: RequestContext,
  ): Promise<boolean> {
    const storeId = await this.#store(args.store, request)
    const product = await this.#product(args)
    const data = fieldsOf(args.data)
    const image = findImage(await this.#gallery(product, storeId), args.file)
    if (!image) throw fault('not_exists')
    const bytes = await replacementBytes(data)
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
  async remove(
    args: ProductArguments & { readonly file: string | null },
    request: RequestContext,
  ): Promise<boolean> {
    const product = await this.#product(args)
    await this.parts.changes.remove(
      { productId: product.id, storeId: request.scope.currentStore, author: authorOf(request) },
      (gallery) => findImage(gallery, args.file),
      failuresAs('not_removed', request),
    )
    return true
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
async function replacementBytes(data: ValueMap | null): Promise<Buffer | null> {
  const file = readSentFile(data?.get('file') ?? null)
  if (file.mime === null || file.content === null) return null
  if (!EXTENSIONS.has(file.mime)) throw fault('data_invalid', 'Invalid image type.')
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
