import type { MediaAttributeScope } from '../catalog/mediaAttribute'
import type { ConsumerKey, TokenCredentials, TokenUser } from '../oauth/ports'

/** A product, as lists have it. */
export interface ListedProduct {
  readonly id: number
  /** Null for a product without one. Where another product has the same SKU, the id alone finds this one. */
  readonly sku: string | null
  /** The name of the attribute set. */
  readonly attributeSet: string
  /** The codes of the websites that show the product. */
  readonly websites: readonly string[]
  /** The number of images in the product's gallery. */
  readonly images: number
}

/** A new product, or a change of one. What is absent keeps its value. */
export interface ProductChange {
  /** The id of a new product; the next free one by default. The id of an existing product cannot change. */
  readonly id?: number | undefined
  /** The name of an attribute set; the first one by default for a new product. */
  readonly attributeSet?: string | undefined
  /** The codes of the websites that show the product; all by default for a new product. */
  readonly websites?: readonly string[] | undefined
}

/** A store view, as lists have it. */
export interface ListedStoreView {
  /** The id; 0 is the default scope. */
  readonly id: number
  readonly code: string
  /** The code of the website that the store view belongs to. */
  readonly website: string
}

/** A new store view, or a change of one. What is absent keeps its value. */
export interface StoreViewChange {
  /** The id of a new store view; the next free one by default. The id of an existing store view cannot change. */
  readonly id?: number | undefined
  /** The code of a website, which is created if it does not exist; `base` by default for a new store view. */
  readonly website?: string | undefined
}

/** An API user, as lists have it. */
export interface ListedUser {
  readonly username: string
  /** The name of the role; null for a user without one, who cannot log in. */
  readonly role: string | null
  /** Whether the user may log in. */
  readonly active: boolean
}

/** A new API user, or a change of one. What is absent keeps its value. */
export interface UserChange {
  /** The API key; a generated one by default for a new user. */
  readonly key?: string | undefined
  /** The name of a role, which is created if it does not exist; `all` by default for a new user. */
  readonly role?: string | undefined
  /** The access rules of the role, such as `catalog/product/media`; `all` by default for a new role. */
  readonly resources?: readonly string[] | undefined
  /** Whether the user may log in; true by default for a new user. */
  readonly active?: boolean | undefined
}

/** An API user that was created or changed. */
export interface SavedUser extends ListedUser {
  /** The API key if it was generated; it is not shown again. Null if no key was generated. */
  readonly key: string | null
}

/** An attribute set, as lists have it. */
export interface ListedAttributeSet {
  readonly id: number
  readonly name: string
  /** Whether the products of this set have a media gallery. */
  readonly gallery: boolean
  /** The codes of its media attributes, which are the types of its products' images, in their order. */
  readonly mediaAttributes: readonly string[]
}

/** A new attribute set, or a change of one. */
export interface AttributeSetChange {
  /** The id of a new attribute set; the next free one by default. The id of an existing one cannot change. */
  readonly id?: number | undefined
  /** Whether the products of this set have a media gallery. */
  readonly gallery: boolean
  /** The codes of its media attributes in their order; at first `image`, `small_image`, `thumbnail`. */
  readonly mediaAttributes?: readonly string[] | undefined
}

/** A media attribute, as lists have it. */
export interface ListedMediaAttribute {
  readonly code: string
  /** Its name for people. */
  readonly label: string
  /** Whose values differ: each store view's, each website's, or nobody's. */
  readonly scope: MediaAttributeScope
  /** The names of the attribute sets that have it. */
  readonly attributeSets: readonly string[]
}

/** A new media attribute, or a change of one. What is absent keeps its value. */
export interface MediaAttributeChange {
  /** Its name for people; its code by default for a new attribute. */
  readonly label?: string | undefined
  /** `store` by default for a new attribute. */
  readonly scope?: MediaAttributeScope | undefined
}

/** An OAuth consumer, as lists have it: without its secret. */
export interface ListedConsumer {
  readonly key: string
  readonly name: string
  /** Whether it signs with a shared secret or with an RSA key. */
  readonly signsWith: ConsumerKey['kind']
  /** The URL to which operators are sent back after they have authorized it; null for none. */
  readonly callbackUrl: string | null
  /** Its access tokens. */
  readonly tokens: readonly ListedToken[]
}

/** An OAuth access token, as lists have it: without its secret. */
export interface ListedToken {
  readonly token: string
  /** The kind of user that the token acts for. */
  readonly type: TokenUser
  /** The name of the operator who authorized it; null for a token that was issued directly. */
  readonly operator: string | null
  /** Whether requests with this token are refused. */
  readonly revoked: boolean
}

/**
 * Reads and changes everything that an operator manages, except galleries. A refusal is thrown as an `OperatorError`.
 */
export interface Administration {
  /** Lists at most `limit` products whose SKU contains this text, as SKUs are compared, in the order of their ids. */
  products(search: string, limit: number): Promise<readonly ListedProduct[]>
  /** Creates the product, or changes the existing one with this SKU. */
  saveProduct(sku: string, change: ProductChange): Promise<ListedProduct>
  storeViews(): Promise<readonly ListedStoreView[]>
  /** Creates the store view, or changes the existing one with this code. */
  saveStoreView(code: string, change: StoreViewChange): Promise<ListedStoreView>
  users(): Promise<readonly ListedUser[]>
  /**
   * Creates the user, or changes the existing one with this name, as user names are compared. A new key, another role or
   * `active: false` ends its sessions.
   */
  saveUser(username: string, change: UserChange): Promise<SavedUser>
  attributeSets(): Promise<readonly ListedAttributeSet[]>
  /** Creates the attribute set, or changes the existing one with this name. */
  saveAttributeSet(name: string, change: AttributeSetChange): Promise<ListedAttributeSet>
  mediaAttributes(): Promise<readonly ListedMediaAttribute[]>
  /** Creates the media attribute, or changes the existing one with this code. */
  saveMediaAttribute(code: string, change: MediaAttributeChange): Promise<ListedMediaAttribute>
  consumers(): Promise<readonly ListedConsumer[]>
  /** Creates an OAuth consumer that signs with a secret. The secret is returned by this call alone. */
  addConsumer(
    name: string,
    callbackUrl: string | null,
  ): Promise<{ readonly key: string; readonly secret: string }>
  /** Creates an access token. The secret is returned by this call alone. */
  issueToken(consumerKey: string, user: TokenUser): Promise<TokenCredentials>
  revokeToken(token: string): Promise<void>
  counts(): Promise<{ readonly products: number; readonly stores: number; readonly users: number }>
}
