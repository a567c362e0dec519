/** Reads products, store views, files and users to explain why a call failed. The answers decide no call. */
export interface Inspection {
  /** The file extension for each mime type that is taken. */
  readonly extensions: ReadonlyMap<string, string>
  /** Returns the products with one of these ids or SKUs. */
  products(ids: readonly number[], skus: readonly string[]): Promise<readonly KnownProduct[]>
  /** Returns a few SKUs that begin like this one, or differ from it only in white space. */
  similarSkus(sku: string): Promise<readonly string[]>
  storeViews(): Promise<readonly KnownStoreView[]>
  /** Returns the files in the gallery of a product, in the order of their ids. */
  files(productId: number): Promise<readonly string[]>
  /** Returns the product whose image the file is, or null, and whether the file ever was an image. */
  file(path: string): Promise<{ readonly owner: NamedProduct | null; readonly wasStored: boolean }>
  /** Returns the user; null when nobody has this name. */
  user(username: string): Promise<KnownUser | null>
  /** Returns the session as its row has it, even an expired one; null when there is none. */
  session(id: string): Promise<StoredSession | null>
  /** Returns the decoder's complaint about an image; null when it decodes. */
  imageProblem(bytes: Buffer): Promise<string | null>
}

export interface NamedProduct {
  readonly id: number
  /** Null for a product that has none. */
  readonly sku: string | null
}

export interface KnownProduct extends NamedProduct {
  readonly attributeSet: string
  readonly hasGallery: boolean
  /** The codes of the types that its attribute set has. */
  readonly types: readonly string[]
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
