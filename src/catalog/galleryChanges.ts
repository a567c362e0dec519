import type { Author } from '../contract/author'
import { NOTHING_GIVEN, valuesOfNew, valuesOfUpdate } from './auditEntry'
import { storageKey, storedName, storedPath } from './fileName'
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
import type { Galleries, ImageProbe, ImageStore, WrittenFile } from './ports'
import { type DecodedFile, nameOrDefault } from './sentImage'

export interface GalleryChangesParts {
  readonly galleries: Galleries
  readonly images: ImageStore
  readonly imageProbe: ImageProbe
  /** A mark that no two stored files share, for the storage key of a file. */
  readonly uniqueMark: () => string
  /** Called when the bytes of a file have been replaced, for what was made of the old ones. */
  readonly onReplaced: () => Promise<void>
}

/** The gallery that a change is for, as one store view sees it, and who makes the change. */
export interface GalleryScope {
  readonly productId: number
  readonly storeId: number
  readonly author: Author
}

/** Why a file is refused, in the words of SOAP's faults 104 and 105. */
export type ImageRefusal = 'Cannot create image.' | 'Unsupported image format.' | 'Invalid image.'

/** How the protocol that a change came by words its failures, in the faults of its own numbering. */
export interface Failures<Made extends Error = Error> {
  /** @param problem what is wrong with the image, for the log */
  refused(reason: ImageRefusal, problem?: string): Made
  /** The image is not in the gallery, or no longer. */
  missing(): Made
  /** The image store has failed. @param cause for the log */
  notStored(cause: unknown): Made
}

/** Notes the failure with which a change is refused, and answers it, to be thrown. */
type Refuse = (failure: Error) => Error

/**
 * Changes of galleries, by whichever name a client knows product and image: bytes first, then rows. Each is recorded in
 * the transaction that makes it.
 */
export class GalleryChanges {
  constructor(private readonly parts: GalleryChangesParts) {}

  /** Adds an image with these types, and answers its id and path. @throws what the failures make */
  async add(
    { productId, storeId, author }: GalleryScope,
    { name, extension, bytes }: DecodedFile,
    changes: ImageChanges,
    types: readonly string[],
    failures: Pick<Failures, 'refused' | 'notStored'>,
  ): Promise<Pick<GalleryImage, 'id' | 'file'>> {
    const stored = storedName(nameOrDefault(name), extension)
    const firstPath = stored && storedPath(stored, 0)
    if (!stored || !firstPath) throw failures.refused('Cannot create image.')
    const written = await this.#write(firstPath, bytes, author, failures)

    return this.#orDiscard(written, (refuse) =>
      this.parts.galleries.change(productId, async (gallery) => {
        const file = await gallery.claim(stored, written)
        if (file === null) throw refuse(failures.refused('Cannot create image.'))
        const before = await gallery.view(storeId)
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
        return { id, file }
      }),
    )
  }

  /**
   * Changes an image and, when there are bytes, puts them in the place of its own.
   *
   * @param types the types that the image is to have, all others being cleared; null leaves them alone
   * @throws what the failures make
   */
  async update(
    { productId, storeId, author }: GalleryScope,
    { id, file }: Pick<GalleryImage, 'id' | 'file'>,
    bytes: Buffer | null,
    changes: ImageChanges,
    types: readonly string[] | null,
    failures: Failures,
  ): Promise<void> {
    const written = bytes && (await this.#write(file, bytes, author, failures))

    await this.#orDiscard(written, (refuse) =>
      this.parts.galleries.change(productId, async (gallery) => {
        const before = await gallery.view(storeId)
        if (!before.images.some((image) => image.id === id)) throw refuse(failures.missing())
        const replacedKey = written && (await gallery.replaceFile(file, written))
        const changed = withChanges(before, id, changes)
        const after = types ? withTypes(withoutTypes(changed, id), id, types) : changed
        await gallery.write(storeId, after)
        await gallery.record({
          action: 'update',
          author,
          storeId,
          image: { id, file },
          ...valuesOfUpdate(after, id, changes, types),
          file: written,
          replacedKey,
        })
      }),
    )
    if (written) await this.parts.onReplaced()
  }

  /**
   * Takes an image out of the gallery, unless a type still shows it in another scope: then only its types here are
   * cleared (magento.md §2.3; recording `rest/store-delete`).
   *
   * @throws what `failures.missing` makes
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
      // One that is kept was not removed: what has changed is that no type shows it here.
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
   * @throws what `failures.missing` makes, when the ids are not those of the gallery
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

  /** Checks that the bytes are an image and stores them under a key of their own, before any row points to them. */
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
   * Deletes the stored bytes when the change is refused. After any other failure they stay: the commit may have
   * happened all the same, and a file without a row is harmless where a row without a file is not.
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
