import { isStorageKey } from '../fileName'
import type { ImageStore, StoredFile } from '../ports'
import type { StoredRows } from './ports'
import { unneededFiles } from './unneededFiles'

export interface GarbageParts {
  readonly images: ImageStore
  readonly rows: StoredRows
}

/**
 * Finds and deletes bytes that replaced images and broken-off writes have left in the store. Names stay
 * taken: no row of an image is changed.
 */
export class Garbage {
  constructor(private readonly parts: GarbageParts) {}

  /**
   * Yields files that no row has referred to since before that time, and files of broken-off writes that are
   * older. The time must be earlier than the start of any upload under way, because bytes are stored before
   * their row (decision 002), and of any read of replaced bytes. Files that Keepsake has not written are left
   * alone.
   */
  async *before(time: Date): AsyncGenerator<StoredFile> {
    const { images, rows } = this.parts
    for await (const file of unneededFiles(images, rows)) {
      if (isStorageKey(file.key) && file.unneededSince < time) yield file
    }
    for await (const file of images.unfinished()) if (file.modified < time) yield file
  }

  /**
   * Deletes such a file, after the record of its release. If the deletion breaks off, the next search finds
   * the bytes again; it would not find a record without bytes.
   */
  async delete({ key }: StoredFile): Promise<void> {
    await this.parts.rows.forgetRelease(key)
    await this.parts.images.delete(key)
  }
}
