/** Creates an unknown product or user when a call names it (loose mode). */
export interface LooseShop {
  /**
   * Creates the product that a client has named: in all websites, with the first attribute set that has a
   * gallery. Creates nothing without such a set, or for a name that no product can have.
   */
  makeProduct(reference: { readonly id: number } | { readonly sku: string }): Promise<void>
  /**
   * Returns the id of the user. An unknown name becomes a user with all rights and this key. Returns null for
   * a user who is disabled or has no role, and for a name that no user can have.
   */
  admit(username: string, apiKey: string): Promise<number | null>
}

export interface Snapshot {
  readonly name: string
  readonly taken: Date
}

/** Named copies of the database's rows, which last as long as the process. They contain no image bytes. */
export interface Snapshots {
  /** Copies the rows as they are now. It replaces an earlier snapshot of the same name. */
  take(name: string): Promise<Snapshot>
  /** Restores the rows, and the next ids, of the snapshot; false when there is none of this name. */
  restore(name: string): Promise<boolean>
  /** Deletes the snapshot; false when there is none of this name. */
  drop(name: string): Promise<boolean>
  /** Lists the snapshots in the order of their names. */
  list(): readonly Snapshot[]
}
