/** Rows of one table of a shop, each with its values in the order of the columns. Numbers and dates are texts. */
export interface SourceRows {
  /** The name of the database that a dump has named last; '' when it names none. */
  readonly database: string
  /** The name of the table, with its prefix. */
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: readonly SourceRow[]
}

export type SourceRow = readonly (string | null)[]

/** Reads the rows of the tables that are wanted, a batch at a time. Memory does not grow with their number. */
export interface ShopSource {
  /** @throws UnreadableShop */
  rows(): AsyncGenerator<SourceRows>
  /** The names of all tables that the source has had so far, wanted or not. */
  readonly tables: ReadonlySet<string>
}
