import { isStorageKey } from '../fileName'
import type { ImageStore, StoredFile } from '../ports'
import type { StoredRows } from './ports'
import { unneededFiles } from './unneededFiles'

export interface GarbageParts {
  readonly images: ImageStore
  readonly rows: StoredRows
}

/** What replaced images and broken-off writes have left in the store. Names stay taken: no row of an image is changed. */
export class Garbage {
  constructor(private readonly parts: GarbageParts) {}

  /**
   * Files that no row has pointed to since before that time, and left-overs of writes that are older. It must be long
   * past for any upload under way, since bytes are stored before their row (decision 002), and for whoever still reads
   * bytes that were replaced. A file that Keepsake has not written is none of its business.
   */
  async *before(time: Date): AsyncGenerator<StoredFile> {
    const { images, rows } = this.parts
    for await (const file of unneededFiles(images, rows)) {
      if (isStorageKey(file.key) && file.unneededSince < time) yield file
    }
    for await (const file of images.unfinished()) if (file.modified < time) yield file
  }

  /** Deletes such a file. Its row goes first: bytes whose release is forgotten are found again, a row is not. */
  async delete({ key }: StoredFile): Promise<void> {
    await this.parts.rows.forgetRelease(key)
    await this.parts.images.delete(key)
  }
}
