/** A row that says which bytes the store has under a key. */
export interface StoredRow {
  readonly storageKey: string
  readonly size: number
  readonly sha256: Buffer
  /** The path of the image, or of the image that a variant was made of. */
  readonly path: string
  readonly isVariant: boolean
}

/** All rows that point to stored bytes: those of files, and those of their variants. */
export interface StoredRows {
  count(): Promise<number>
  /** At most `limit` rows with keys after this one, in order. Outdated variants, which nothing finds, are left out. */
  page(after: string, limit: number): Promise<readonly StoredRow[]>
  /** Whether {@link page} would answer the row of this key now. */
  has(storageKey: string): Promise<boolean>
  /** Those of the keys that any row has, be it outdated. */
  known(storageKeys: readonly string[]): Promise<ReadonlySet<string>>
  /** When the image that had the bytes was given others, for those of the keys of which that is known. */
  released(storageKeys: readonly string[]): Promise<ReadonlyMap<string, Date>>
  /** Forgets when the bytes were released, which are about to be deleted. */
  forgetRelease(storageKey: string): Promise<void>
}
