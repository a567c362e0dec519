/** A row that records the bytes under a key. */
export interface StoredRow {
  readonly storageKey: string
  readonly size: number
  readonly sha256: Buffer
  /** The path of the image, or of the image that a variant was made from. */
  readonly path: string
  readonly isVariant: boolean
  /** Whether it is a file whose MD5 is not known. */
  readonly lacksMd5: boolean
}

/** Files without bytes, by why they have none. */
export interface AbsentFiles {
  /** The media folder did not have them. */
  readonly missing: number
  /** No file can be under their paths. */
  readonly unsafe: number
}

/** All rows that refer to stored bytes: those of files, and those of their variants. */
export interface StoredRows {
  count(): Promise<number>
  /** Counts the files that have no bytes since their import, and so are no part of {@link page}. */
  absent(): Promise<AbsentFiles>
  /**
   * Returns at most `limit` rows with keys after this one, in order. Outdated variants are left out, since no
   * request finds them.
   */
  page(after: string, limit: number): Promise<readonly StoredRow[]>
  /** Whether {@link page} would return the row of this key now. */
  has(storageKey: string): Promise<boolean>
  /** Returns those of the keys that have a row, even an outdated one, or that an import under way will need. */
  known(storageKeys: readonly string[]): Promise<ReadonlySet<string>>
  /** Returns when the image that had the bytes got others, for those of the keys for which this is known. */
  released(storageKeys: readonly string[]): Promise<ReadonlyMap<string, Date>>
  /** Notes the MD5 of the bytes under a key, where none is known. */
  rememberMd5(storageKey: string, md5: Buffer): Promise<void>
  /** Deletes the record of the release of these bytes, before the bytes are deleted. */
  forgetRelease(storageKey: string): Promise<void>
}

/** Files of images that were removed from their galleries. */
export interface RemovedFiles {
  /**
   * Returns at most `limit` files with keys after this one, in order, that no gallery has since before that time. A file of
   * which it is not known since when is none of them.
   */
  page(
    before: Date,
    after: string,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly size: number }[]>
  /**
   * Gives up the bytes of those files, and answers how many: they are no more served, and no row needs them. Names stay
   * taken. Of a file of which it was not known, it counts from now since when no gallery has it.
   */
  giveUp(before: Date): Promise<number>
}
