/**
 * The contents of a shop. docs/reference/seed-file.md describes every part; all parts are optional.
 *
 * @example
 * {
 *   websites: [{ id: 1, code: 'base' }],
 *   attributeSets: [{ id: 4, name: 'Default', gallery: true }],
 *   roles: [{ name: 'all', resources: ['all'] }],
 *   users: [{ username: 'apiUser', apiKey: 'apiKey', role: 'all' }],
 *   products: [{ sku: 'Sku', attributeSet: 4, websites: [1] }],
 * }
 */
export interface SeedFile {
  readonly websites?: readonly SeedWebsite[]
  /** Store views; `website` is the id of the website that the store view belongs to. */
  readonly stores?: readonly { readonly id: number; readonly code: string; readonly website: number }[]
  /** Media attributes beside `image`, `small_image` and `thumbnail`, or other labels and scopes of these. */
  readonly mediaAttributes?: readonly SeedMediaAttribute[]
  /** Attribute sets. If `gallery` is false, calls for products of the set are answered with fault 107. */
  readonly attributeSets?: readonly {
    readonly id: number
    readonly name: string
    readonly gallery: boolean
    /**
     * The codes of its media attributes, which are the types of its products' images, in their order; `image`, `small_image`
     * and `thumbnail` by default.
     */
    readonly mediaAttributes?: readonly string[]
  }[]
  /** Roles of API users. `resources` are access rules, such as `catalog/product/media`, or `all`. */
  readonly roles?: readonly { readonly name: string; readonly resources: readonly string[] }[]
  /** API users, who log in to SOAP, XML-RPC and JSON-RPC. */
  readonly users?: readonly SeedUser[]
  readonly products?: readonly SeedProduct[]
  /** OAuth consumers and access tokens, which sign requests of REST. Keys and secrets have 32 characters. */
  readonly oauth?: {
    readonly consumers?: readonly { readonly key: string; readonly secret: string; readonly name?: string }[]
    readonly tokens?: readonly SeedToken[]
  }
}

/** A website. */
export interface SeedWebsite {
  readonly id: number
  readonly code: string
  /** Whether guests and customers of REST read its default store view; at most one website is the default. */
  readonly default?: boolean
  /** The id of its default store view; its lowest by default. */
  readonly defaultStore?: number
}

/** An attribute whose value is an image of a product. */
export interface SeedMediaAttribute {
  readonly code: string
  /** Its name for people; its code by default. */
  readonly label?: string
  /** Whose values differ: each store view's (the default), each website's, or nobody's. */
  readonly scope?: 'store' | 'global' | 'website'
}

/** An API user. */
export interface SeedUser {
  readonly username: string
  readonly apiKey: string
  /** The name of a role. A user without a role cannot log in. */
  readonly role?: string | null
  /** Whether the user may log in; true by default. */
  readonly active?: boolean
}

/** A product. */
export interface SeedProduct {
  /** The product's id; the next free one by default. */
  readonly id?: number | null
  readonly sku: string
  /** The id of the attribute set. */
  readonly attributeSet: number
  /** The ids of the websites that show the product. */
  readonly websites?: readonly number[]
}

/** An OAuth access token. Token, secret and consumer key have 32 characters each. */
export interface SeedToken {
  /** The key of the consumer that the token belongs to. */
  readonly consumer: string
  /** The kind of user that the token acts for. */
  readonly type: 'admin' | 'customer'
  readonly token: string
  readonly secret: string
  /** Whether requests with this token are refused; false by default. */
  readonly revoked?: boolean
}
