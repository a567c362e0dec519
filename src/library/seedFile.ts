/** A seed, as docs/reference/seed-file.md tells: every part may be absent. */
export interface SeedFile {
  readonly websites?: readonly { readonly id: number; readonly code: string }[]
  /** Store views. */
  readonly stores?: readonly { readonly id: number; readonly code: string; readonly website: number }[]
  /** Calls for products of a set without a gallery answer fault 107. */
  readonly attributeSets?: readonly {
    readonly id: number
    readonly name: string
    readonly gallery: boolean
  }[]
  /** Access rules, such as `catalog/product/media`, or `all`. */
  readonly roles?: readonly { readonly name: string; readonly resources: readonly string[] }[]
  readonly users?: readonly SeedUser[]
  readonly products?: readonly SeedProduct[]
  readonly oauth?: {
    readonly consumers?: readonly { readonly key: string; readonly secret: string; readonly name?: string }[]
    readonly tokens?: readonly SeedToken[]
  }
}

export interface SeedUser {
  readonly username: string
  readonly apiKey: string
  /** Without one, the user cannot log in. */
  readonly role?: string | null
  /** True unless given. */
  readonly active?: boolean
}

export interface SeedProduct {
  /** The next one unless given. */
  readonly id?: number | null
  readonly sku: string
  readonly attributeSet: number
  readonly websites?: readonly number[]
}

/** An access token of OAuth, of 32 characters as its consumer's key is. */
export interface SeedToken {
  /** Its key. */
  readonly consumer: string
  readonly type: 'admin' | 'customer'
  readonly token: string
  readonly secret: string
  readonly revoked?: boolean
}
