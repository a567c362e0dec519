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
