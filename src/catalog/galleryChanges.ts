import type { Author } from '../contract/author'
import { type AuditEntry, NOTHING_GIVEN, valuesOfNew, valuesOfUpdate } from './auditEntry'
import { isServedPath, storageKey, storedName, storedPath } from './fileName'
import {
  type Gallery,
  type GalleryImage,
  type ImageChanges,
  reordered,
  withChanges,
  withImage,
  withoutImage,
  withoutTypes,
  withTypes,
} from './gallery'
import type { Galleries, ImageProbe, ImageStore, OpenGallery, WrittenFile } from './ports'
import { type DecodedFile, nameOrDefault } from './sentImage'

export interface GalleryChangesParts {
  readonly galleries: Galleries
  readonly images: ImageStore
  readonly imageProbe: ImageProbe
  /** Returns a mark that no two stored files share, for the storage key of a file. */
  readonly uniqueMark: () => string
  /** Whether a new image whose bytes the gallery has already is the image that has them. Magento made another one. */
  readonly reusesSameImage: boolean
  /** Called when the bytes of a file have been replaced, so that variants of the old bytes can be dropped. */
  readonly onReplaced: () => Promise<void>
}

/** An image that has a file. */
export interface NamedImage {
  readonly id: number
  readonly file: string
}

/** The gallery to change, as one store view sees it, and the author of the change. */
export interface GalleryScope {
  readonly productId: number
  readonly storeId: number
  readonly author: Author
}

/** Why a file is refused, in the words of SOAP's faults 104 and 105. */
export type ImageRefusal = 'Cannot create image.' | 'Unsupported image format.' | 'Invalid image.'

/** Makes the errors of a change, in the numbering of the protocol that asked for it. */
export interface Failures<Made extends Error = Error> {
  /** @param problem what is wrong with the image, for the log */
  refused(reason: ImageRefusal, problem?: string): Made
  /** The image is not in the gallery, or no longer. */
  missing(): Made
  /** The image store has failed. @param cause the failure, for the log */
  notStored(cause: unknown): Made
}

/** Marks a change as refused, and returns the failure, to be thrown. */
type Refuse = (failure: Error) => Error

/**
 * Changes galleries, for every way in which clients name products and images. Bytes are written first, then
 * rows. Each change is recorded in the transaction that makes it.
 */
export class GalleryChanges {
  constructor(private readonly parts: GalleryChangesParts) {}

  /**
   * Adds an image with these types, and answers its id and path. Where the same bytes are reused, it may be an image that the
   * gallery has already, to which the changes and any types are given as by an update.
   *
   * @throws the errors that `failures` makes
   */
  async add(
    { productId, storeId, author }: GalleryScope,
    { name, extension, bytes }: DecodedFile,
    changes: ImageChanges,
    types: readonly string[],
    failures: Pick<Failures, 'refused' | 'notStored'>,
  ): Promise<NamedImage> {
    const stored = storedName(nameOrDefault(name), extension)
    const firstPath = stored && storedPath(stored, 0)
    if (!stored || !firstPath) throw failures.refused('Cannot create image.')
    const written = await this.#write(firstPath, bytes, author, failures)

    const { isReused, ...image } = await this.#orDiscard(written, (refuse) =>
      this.parts.galleries.change(productId, async (gallery) => {
        const before = await gallery.view(storeId)
        const same = this.parts.reusesSameImage ? await gallery.imageWithBytes(written.sha256) : null
        if (same) {
          const given = types.length > 0 ? types : null
          await changeImage(gallery, { storeId, author }, before, same, changes, given, KEPT_FILE)
          return { ...same, isReused: true }
        }
        const file = await gallery.claim(stored, written)
        if (file === null) throw refuse(failures.refused('Cannot create image.'))
        const id = await gallery.addImage(file)
        const after = withTypes(withImage(before, id, file, changes), id, types)
        await gallery.write(storeId, after)
        await gallery.record({
          action: 'create',
          author,
          storeId,
          image: { id, file },
          ...valuesOfNew(after, id),
          file: written,
          replacedKey: null,
        })
        return { id, file, isReused: false }
      }),
    )
    if (isReused) await this.parts.images.delete(written.storageKey)
    return image
  }

  /**
   * Changes an image and, when bytes are given, replaces its file, in all galleries that have it. Bytes for a path that
   * nothing can be served under are refused.
   *
   * @param types all types that the image is to have, any others being cleared; null leaves them alone
   * @throws the errors that `failures` makes
   */
  async update(
    { productId, storeId, author }: GalleryScope,
    { id, file }: Pick<GalleryImage, 'id' | 'file'>,
    bytes: Buffer | null,
    changes: ImageChanges,
    types: readonly string[] | null,
    failures: Failures,
  ): Promise<void> {
    const written = bytes && (await this.#write(replaceablePath(file, failures), bytes, author, failures))

    await this.#orDiscard(written, (refuse) =>
      this.parts.galleries.change(productId, async (gallery) => {
        const before = await gallery.view(storeId)
        if (!before.images.some((image) => image.id === id)) throw refuse(failures.missing())
        const replacedKey = written && (await gallery.replaceFile(file ?? '', written))
        const replaced = { file: written, replacedKey }
        await changeImage(gallery, { storeId, author }, before, { id, file }, changes, types, replaced)
      }),
    )
    if (written) await this.parts.onReplaced()
  }

  /**
   * Removes an image from the gallery, unless a type still shows it in another scope: then only its types
   * here are cleared (magento.md §2.3; recording `rest/store-delete`).
   *
   * @throws the error of `failures.missing`
   */
  async remove(
    { productId, storeId, author }: GalleryScope,
    find: (gallery: Gallery) => GalleryImage | null,
    failures: Pick<Failures, 'missing'>,
  ): Promise<void> {
    await this.parts.galleries.change(productId, async (gallery) => {
      const before = await gallery.view(storeId)
      const image = find(before)
      if (!image) throw failures.missing()
      await gallery.write(storeId, withoutImage(before, image.id))
      const isKept = await gallery.isUsedBeyond(storeId, image.id)
      if (!isKept) await gallery.deleteImage(image.id)
      // An image that is kept was changed, not removed: no type shows it here any more.
      await gallery.record({
        action: isKept ? 'update' : 'remove',
        author,
        storeId,
        image,
        ...NOTHING_GIVEN,
        types: isKept ? [] : null,
        file: null,
        replacedKey: null,
      })
    })
  }

  /**
   * Gives the images positions in the order of their ids.
   *
   * @throws the error of `failures.missing`, when the ids are not those of the gallery
   */
  async reorder(
    { productId, storeId, author }: GalleryScope,
    imageIds: readonly number[],
    failures: Pick<Failures, 'missing'>,
  ): Promise<void> {
    await this.parts.galleries.change(productId, async (gallery) => {
      const before = await gallery.view(storeId)
      const after = reordered(before, imageIds)
      if (!after) throw failures.missing()
      await gallery.write(storeId, after)
      for (const [index, image] of after.images.entries()) {
        const { position } = image
        if (position === before.images[index]?.position) continue
        const kept = { file: null, replacedKey: null }
        await gallery.record({
          action: 'update',
          author,
          storeId,
          image,
          ...NOTHING_GIVEN,
          position,
          ...kept,
        })
      }
    })
  }

  /**
   * Checks that the bytes are an image and stores them under a key of their own, before any row refers to
   * them.
   */
  async #write(
    path: string,
    bytes: Buffer,
    { clientAddress }: Author,
    failures: Pick<Failures, 'refused' | 'notStored'>,
  ): Promise<WrittenFile> {
    const image = await this.parts.imageProbe.probe(bytes, clientAddress)
    if (image === 'unsupported') throw failures.refused('Unsupported image format.')
    if ('problem' in image) throw failures.refused('Invalid image.', image.problem)
    const written = { ...image, storageKey: storageKey(path, this.parts.uniqueMark()) }
    try {
      await this.parts.images.write(written.storageKey, bytes)
    } catch (cause) {
      throw failures.notStored(cause)
    }
    return written
  }

  /**
   * Deletes the stored bytes when the change is refused. After any other failure they stay: the transaction
   * may have been committed all the same, and a file without a row does no harm, but a row without a file
   * does.
   */
  async #orDiscard<T>(written: WrittenFile | null, change: (refuse: Refuse) => Promise<T>): Promise<T> {
    const refusals = new Set<unknown>()
    const refuse: Refuse = (failure) => {
      refusals.add(failure)
      return failure
    }
    try {
      return await change(refuse)
    } catch (thrown) {
      if (written && refusals.has(thrown)) await this.parts.images.delete(written.storageKey)
      throw thrown
    }
  }
}

/** For a change that leaves the bytes of the image alone. */
const KEPT_FILE = { file: null, replacedKey: null }

/** Writes the changed fields and types of an image, and records them. */
async function changeImage(
  gallery: OpenGallery,
  { storeId, author }: Omit<GalleryScope, 'productId'>,
  before: Gallery,
  image: Pick<GalleryImage, 'id' | 'file'>,
  changes: ImageChanges,
  types: readonly string[] | null,
  bytes: Pick<AuditEntry, 'file' | 'replacedKey'>,
): Promise<void> {
  const changed = withChanges(before, image.id, changes)
  const after = types ? withTypes(withoutTypes(changed, image.id), image.id, types) : changed
  await gallery.write(storeId, after)
  await gallery.record({
    action: 'update',
    author,
    storeId,
    image,
    ...valuesOfUpdate(after, image.id, changes, types),
    ...bytes,
  })
  if (bytes.file) await gallery.recordReplacedElsewhere({ author, storeId, image, ...bytes })
}

/** Returns the path under which an image's bytes can be replaced. @throws the error of `failures.refused` */
function replaceablePath(file: string | null, failures: Pick<Failures, 'refused'>): string {
  if (file === null || !isServedPath(file)) throw failures.refused('Cannot create image.')
  return file
}
