import type { ConsumerKey, TokenCredentials, TokenUser } from '../oauth/ports'

export interface ListedProduct {
  readonly id: number
  readonly sku: string
  /** By its name. */
  readonly attributeSet: string
  /** By their codes. */
  readonly websites: readonly string[]
  /** How many images its gallery has. */
  readonly images: number
}

/** What is not given stays as it is; a new product takes the next id, the first attribute set and all websites. */
export interface ProductChange {
  readonly id?: number | undefined
  readonly attributeSet?: string | undefined
  readonly websites?: readonly string[] | undefined
}

export interface ListedStoreView {
  readonly id: number
  readonly code: string
  /** By its code. */
  readonly website: string
}

/** What is not given stays as it is; a new store view takes the next id, and the website `base`. */
export interface StoreViewChange {
  readonly id?: number | undefined
  /** Made if it is not there. */
  readonly website?: string | undefined
}

export interface ListedUser {
  readonly username: string
  readonly role: string | null
  readonly active: boolean
}

/** What is not given stays as it is; a new user gets a generated key and the role `all`, and is active. */
export interface UserChange {
  readonly key?: string | undefined
  /** Made if it is not there, with the resources. */
  readonly role?: string | undefined
  /** The access rules that the role is to have; without them, a role that is made has `all`. */
  readonly resources?: readonly string[] | undefined
  readonly active?: boolean | undefined
}

/** @property key what was generated, told this once; null where none was */
export interface SavedUser extends ListedUser {
  readonly key: string | null
}

export interface ListedAttributeSet {
  readonly id: number
  readonly name: string
  /** Whether its products have a media gallery. */
  readonly gallery: boolean
}

export interface AttributeSetChange {
  readonly id?: number | undefined
  readonly gallery: boolean
}

export interface ListedConsumer {
  readonly key: string
  readonly name: string
  readonly signsWith: ConsumerKey['kind']
  readonly callbackUrl: string | null
  readonly tokens: readonly ListedToken[]
}

export interface ListedToken {
  readonly token: string
  readonly type: TokenUser
  /** Who authorized it; null for one that was issued without the flow. */
  readonly operator: string | null
  readonly revoked: boolean
}

/** Everything but galleries that an operator looks after. What is refused is thrown as a {@link OperatorError}. */
export interface Administration {
  /** At most `limit` products by id, whose SKU has this text in it, in any case. */
  products(search: string, limit: number): Promise<readonly ListedProduct[]>
  /** Makes the product, or changes the one of this SKU, whose id stays. */
  saveProduct(sku: string, change: ProductChange): Promise<ListedProduct>
  storeViews(): Promise<readonly ListedStoreView[]>
  /** Makes the store view, or changes the one of this code, whose id stays. */
  saveStoreView(code: string, change: StoreViewChange): Promise<ListedStoreView>
  users(): Promise<readonly ListedUser[]>
  /** Makes the user, or changes the one of this name, in any case. A new key or being disabled ends its sessions. */
  saveUser(username: string, change: UserChange): Promise<SavedUser>
  attributeSets(): Promise<readonly ListedAttributeSet[]>
  /** Makes the attribute set, or changes the one of this name, whose id stays. */
  saveAttributeSet(name: string, change: AttributeSetChange): Promise<ListedAttributeSet>
  consumers(): Promise<readonly ListedConsumer[]>
  /** Makes an OAuth consumer that signs with a secret, which is told this once. */
  addConsumer(
    name: string,
    callbackUrl: string | null,
  ): Promise<{ readonly key: string; readonly secret: string }>
  /** Makes an access token, whose secret is told this once. */
  issueToken(consumerKey: string, user: TokenUser): Promise<TokenCredentials>
  revokeToken(token: string): Promise<void>
  counts(): Promise<{ readonly products: number; readonly stores: number; readonly users: number }>
}
