/** What is known of products, store views, files and users, for telling why a call failed. Nothing of it decides a call. */
export interface Inspection {
  /** The products with one of these ids or SKUs. */
  products(ids: readonly number[], skus: readonly string[]): Promise<readonly KnownProduct[]>
  /** SKUs that begin as this one does, or differ from it in white space alone; a few. */
  similarSkus(sku: string): Promise<readonly string[]>
  storeViews(): Promise<readonly KnownStoreView[]>
  /** The files in the gallery of a product, in the order of their ids. */
  files(productId: number): Promise<readonly string[]>
  /** Whose image a file is, and whether it ever was one. */
  file(path: string): Promise<{ readonly ownerSku: string | null; readonly wasStored: boolean }>
  /** Null when nobody has this name. */
  user(username: string): Promise<KnownUser | null>
  /** The session as its row has it, be it expired; null when there is none. */
  session(id: string): Promise<StoredSession | null>
  /** What the decoder says of an image; null when it decodes. */
  imageProblem(bytes: Buffer): Promise<string | null>
}

export interface KnownProduct {
  readonly id: number
  readonly sku: string
  readonly attributeSet: string
  readonly hasGallery: boolean
}

export interface KnownStoreView {
  readonly id: number
  readonly code: string
}

export interface KnownUser {
  readonly username: string
  readonly isActive: boolean
  /** Null for a user without a role. */
  readonly role: string | null
  readonly rules: readonly string[]
}

export interface StoredSession {
  readonly lastUsed: Date
  readonly username: string
}
