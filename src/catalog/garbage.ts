import { isStorageKey } from './fileName'
import type { ImageStore, StoredFile, StoredRows } from './ports'
import { unneededFiles } from './unneededFiles'

export interface GarbageParts {
  readonly images: ImageStore
  readonly rows: StoredRows
}

/** What replaced images and broken-off writes have left in the store. Names stay taken: rows are only read. */
export class Garbage {
  constructor(private readonly parts: GarbageParts) {}

  /**
   * Files that no row points to, and left-overs of writes, last written before that time. It must be long past for any
   * upload under way, since bytes are stored before their row (decision 002). A file that Keepsake has not written is
   * none of its business.
   */
  async *before(time: Date): AsyncGenerator<StoredFile> {
    const { images, rows } = this.parts
    const isOlder = ({ modified }: StoredFile) => modified.getTime() < time.getTime()
    for await (const file of unneededFiles(images, rows)) {
      if (isStorageKey(file.key) && isOlder(file)) yield file
    }
    for await (const file of images.unfinished()) if (isOlder(file)) yield file
  }
}
