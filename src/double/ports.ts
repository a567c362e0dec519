/** Makes what a client takes for granted, so that a test need not. */
export interface LooseShop {
  /**
   * Makes the product that a client has named: in all websites, with the first attribute set that has a gallery. Without
   * such a set, or for a name that no product can have, nothing is made.
   */
  makeProduct(reference: { readonly id: number } | { readonly sku: string }): Promise<void>
  /**
   * The id of the user, made with all rights and this key if nobody has the name; null for one who is disabled or has no
   * role, and for a name that nobody can have.
   */
  admit(username: string, apiKey: string): Promise<number | null>
}

export interface Snapshot {
  readonly name: string
  readonly taken: Date
}

/** The rows of the database as they were, under names, for as long as the process lives. Bytes are no part of them. */
export interface Snapshots {
  /** Keeps the rows as they are now; in place of an earlier snapshot of that name. */
  take(name: string): Promise<Snapshot>
  /** Brings the rows, and the ids that come next, back to the snapshot; false when there is none. */
  restore(name: string): Promise<boolean>
  /** False when there is none. */
  drop(name: string): Promise<boolean>
  /** In the order of their names. */
  list(): readonly Snapshot[]
}
