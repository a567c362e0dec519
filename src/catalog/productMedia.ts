import { Fault } from '../contract/fault'
import { integer, text, texts } from '../contract/readers'
import type { RequestContext } from '../contract/request'
import { fieldsOf, itemsOf, type Value, type ValueMap } from '../contract/value'
import { fault } from './faults'
import { storageKey, storedName, storedPath } from './fileName'
import {
  findImage,
  type Gallery,
  type GalleryImage,
  type ImageChanges,
  MEDIA_TYPES,
  typesOf,
  withChanges,
  withImage,
  withoutImage,
  withoutTypes,
  withTypes,
} from './gallery'
import { productReferences, storeViewId } from './identify'
import type { Galleries, ImageProbe, ImageStore, Product, StoreViews, WrittenFile } from './ports'
import { decodeBase64, EXTENSIONS, readSentFile } from './upload'

export interface ProductMediaParts {
  readonly galleries: Galleries
  readonly storeViews: StoreViews
  readonly images: ImageStore
  readonly imageProbe: ImageProbe
  /** A mark that no two stored files share, for the storage key of a replacement. */
  readonly uniqueMark: () => string
  /** Called when the bytes of a file have been replaced, for what was made of the old ones. */
  readonly onReplaced: () => Promise<void>
}

/** How a client names a product. */
interface ProductArguments {
  readonly product: Value
  readonly identifierType: Value
}

/** How a client names a product and the store view to see it in. */
interface ScopedArguments extends ProductArguments {
  readonly store: Value
}

/** The behaviour of the product-image resource, each method's checks in Magento's order (REFERENCE.md §1 and §2). */
export class ProductMedia {
  constructor(private readonly parts: ProductMediaParts) {}

  /** The id of the current store view, set for the rest of the request when one is given. @throws fault 100 */
  async currentStore(args: { readonly store: Value }, request: RequestContext): Promise<string> {
    request.currentStore = await this.#store(args.store, request)
    return String(request.currentStore)
  }

  /** @throws faults 100, 101, 107 */
  async list(args: ScopedArguments, request: RequestContext): Promise<Value> {
    const gallery = await this.#view(args, request)
    return gallery.images.map((image) => imageAnswer(gallery, image, request))
  }

  /** @throws faults 100, 101, 107, 103 */
  async info(
    args: ScopedArguments & { readonly file: string | null },
    request: RequestContext,
  ): Promise<ValueMap> {
    const gallery = await this.#view(args, request)
    const image = findImage(gallery, args.file)
    if (!image) throw fault('not_exists')
    return imageAnswer(gallery, image, request)
  }

  /** The media types of an attribute set, which all have the same; [] for an unknown set. */
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
    const bytes = decodeBase64(file.content)
    if (bytes === null) throw fault('data_invalid', 'The image contents is not valid base64 data.')
    const name = storedName(nameOrDefault(file.name), extension)
    const firstPath = name && storedPath(name, 0)
    if (!name || !firstPath) throw fault('not_created', 'Cannot create image.')
    const written = await this.#write(firstPath, bytes, 'not_created')

    return this.#orDiscard(written, () =>
      this.parts.galleries.change(product.id, async (gallery) => {
        const path = await gallery.claim(name, written)
        if (path === null) throw fault('not_created', 'Cannot create image.')
        const before = await gallery.view(storeId)
        const id = await gallery.addImage(path)
        const after = withImage(before, id, path, readChanges(data))
        await gallery.write(storeId, withTypes(after, id, texts(data?.get('types') ?? null) ?? []))
        return path
      }),
    )
  }

  /** Changes what the data gives of an image. @throws faults 100, 101, 107, 103, 102, 105 */
  async update(
    args: ScopedArguments & { readonly file: string | null; readonly data: Value },
    request: RequestContext,
  ): Promise<boolean> {
    const storeId = await this.#store(args.store, request)
    const product = await this.#product(args)
    const data = fieldsOf(args.data)
    const image = findImage(await this.#gallery(product, storeId), args.file)
    if (!image) throw fault('not_exists')
    const bytes = replacementBytes(data)
    const written = bytes && (await this.#write(image.file, bytes, 'not_updated'))

    await this.#orDiscard(written, () =>
      this.parts.galleries.change(product.id, async (gallery) => {
        const before = await gallery.view(storeId)
        if (!findImage(before, args.file)) throw fault('not_exists')
        if (written) await gallery.replaceFile(image.file, written)
        await gallery.write(
          storeId,
          withExactTypes(withChanges(before, image.id, readChanges(data)), image.id, data),
        )
      }),
    )
    if (written) await this.parts.onReplaced()
    return true
  }

  /**
   * Takes an image out of the gallery, unless a type still shows it in another scope: then only its types here are
   * cleared. @throws faults 101, 107, 103
   */
  async remove(
    args: ProductArguments & { readonly file: string | null },
    request: RequestContext,
  ): Promise<boolean> {
    return this.removeIn(request.currentStore, args)
  }

  /** {@link remove} in a store view. @throws faults 101, 107, 103 */
  async removeIn(
    storeId: number,
    args: ProductArguments & { readonly file: string | null },
  ): Promise<boolean> {
    const product = await this.#product(args)
    await this.parts.galleries.change(product.id, async (gallery) => {
      const before = await gallery.view(storeId)
      const image = findImage(before, args.file)
      if (!image) throw fault('not_exists')
      await gallery.write(storeId, withoutImage(before, image.id))
      if (!(await gallery.isUsedBeyond(storeId, image.id))) await gallery.deleteImage(image.id)
    })
    return true
  }

  async #store(store: Value, request: RequestContext): Promise<number> {
    if (store === null) return request.currentStore
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

  /** Checks that the bytes are an image and stores them under a key of their own, before any row points to them. */
  async #write(path: string, bytes: Buffer, failure: 'not_created' | 'not_updated'): Promise<WrittenFile> {
    const image = await this.parts.imageProbe.probe(bytes)
    if (image === 'unsupported') throw fault(failure, 'Unsupported image format.')
    if (image === 'invalid') throw fault(failure, 'Invalid image.')
    const written = { ...image, storageKey: storageKey(path, this.parts.uniqueMark()) }
    await this.parts.images.write(written.storageKey, bytes)
    return written
  }

  /**
   * Deletes the stored bytes when the change is refused. After any other failure they stay: the commit may have
   * happened all the same, and a file without a row is harmless where a row without a file is not.
   */
  async #orDiscard<T>(written: WrittenFile | null, change: () => Promise<T>): Promise<T> {
    try {
      return await change()
    } catch (thrown) {
      if (written && thrown instanceof Fault) await this.parts.images.delete(written.storageKey)
      throw thrown
    }
  }
}

/** The bytes that an update puts in the place of an image's; null when it gives none. @throws fault 102 */
function replacementBytes(data: ValueMap | null): Buffer | null {
  const file = readSentFile(data?.get('file') ?? null)
  if (file.mime === null || file.content === null) return null
  if (!EXTENSIONS.has(file.mime)) throw fault('data_invalid', 'Invalid image type.')
  const bytes = decodeBase64(file.content)
  if (bytes === null) throw fault('data_invalid', 'Image content is not valid base64 data.')
  return bytes
}

/** PHP's `empty` decides: '' and '0' are no name. */
function nameOrDefault(name: string | null): string {
  return name === null || name === '' || name === '0' ? 'image' : name
}

/** `disabled` is an undocumented twin of `exclude`, which wins. @throws fault 102 */
function readChanges(data: ValueMap | null): ImageChanges {
  const value = (name: string) => data?.get(name) ?? null
  const label = text(value('label'))
  // No database column holds a NUL, and no SOAP client can send one.
  if (label?.includes('\0')) throw fault('data_invalid', 'Invalid label.')
  return {
    label,
    position: integer(value('position')),
    exclude: integer(value('exclude') ?? value('disabled')),
  }
}

/** On an update only a list counts, and it names all the types that the image is to have. */
function withExactTypes(gallery: Gallery, imageId: number, data: ValueMap | null): Gallery {
  const types = data?.get('types') ?? null
  if (itemsOf(types) === null) return gallery
  return withTypes(withoutTypes(gallery, imageId), imageId, texts(types) ?? [])
}

function imageAnswer(gallery: Gallery, image: GalleryImage, { publicUrl }: RequestContext): ValueMap {
  return new Map<string, Value>([
    ['file', image.file],
    ['label', image.label ?? ''],
    ['position', String(image.position ?? '')],
    ['exclude', String(image.exclude ?? '')],
    ['url', `${publicUrl}/media/catalog/product${image.file}`],
    ['types', typesOf(gallery, image.id)],
  ])
}
