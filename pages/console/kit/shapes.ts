/** What the control API answers, as far as the page shows it. */

export interface Session {
  /** Null in an open test double, where nobody needs to sign in. */
  readonly user: string | null
  readonly csrfToken: string | null
  readonly double: boolean
}

export type MediaType = 'image' | 'small_image' | 'thumbnail'
export const MEDIA_TYPES: readonly MediaType[] = ['image', 'small_image', 'thumbnail']

export interface Seen<T> {
  readonly value: T | null
  readonly own: boolean
}

export interface ImageView {
  readonly storeId: number
  readonly label: Seen<string>
  readonly position: Seen<number>
  readonly exclude: Seen<boolean>
  readonly types: readonly { readonly code: MediaType; readonly own: boolean }[]
}

export interface GalleryImage {
  readonly id: number
  readonly file: string
  readonly views: readonly ImageView[]
}

export interface StoreView {
  readonly id: number
  readonly code: string
  readonly website: string
}

export interface Gallery {
  readonly product: {
    readonly id: number
    readonly sku: string
    readonly attributeSet: string
    readonly hasGallery: boolean
  }
  readonly storeViews: readonly StoreView[]
  readonly images: readonly GalleryImage[]
}

export interface Product {
  readonly id: number
  readonly sku: string
  readonly attributeSet: string
  readonly websites: readonly string[]
  readonly images: number
}

export interface AttributeSet {
  readonly id: number
  readonly name: string
  readonly gallery: boolean
}

export interface User {
  readonly username: string
  readonly role: string | null
  readonly active: boolean
}

/** @property key what was generated, told this once; null where none was */
export interface SavedUser extends User {
  readonly key: string | null
}

export interface Consumer {
  readonly key: string
  readonly name: string
  readonly signsWith: 'secret' | 'rsa'
  readonly callbackUrl: string | null
  readonly tokens: readonly Token[]
}

export interface Token {
  readonly token: string
  readonly type: 'admin' | 'customer'
  readonly operator: string | null
  readonly revoked: boolean
}

export interface RuleDescription {
  readonly name?: string
  readonly when: {
    readonly protocol?: string
    readonly method?: string
    readonly product?: string | number
    readonly storeView?: string | number
    readonly user?: string
    readonly nth?: number
    readonly every?: number
    readonly probability?: number
  }
  readonly answer: {
    readonly fault?: number
    readonly message?: string
    /** Milliseconds. */
    readonly wait?: number
    readonly broken?: string
    readonly http?: number
    readonly after?: boolean
  }
  readonly times?: number
  readonly enabled: boolean
}

export interface Rule extends RuleDescription {
  readonly id: string
  readonly hits: number
}

export interface FaultGuide {
  readonly code: number
  readonly name: string
  readonly message: string
}

/** A body, which is null when it was not kept, and what HTTP says with it. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export interface Fault {
  readonly code: number | string
  readonly message: string
}

/** One call of a request. */
export interface JournalCall {
  readonly method: string
  readonly path: string
  readonly user: string | null
  readonly arguments: Readonly<Record<string, unknown>>
  readonly value: unknown
  readonly fault: Fault | null
  readonly reason: string | null
  readonly hints: readonly string[]
  readonly rule: string | null
}

export interface JournalEntry {
  readonly id: number
  readonly at: string
  readonly protocol: string
  readonly method: string
  readonly path: string | null
  readonly user: string | null
  readonly arguments: Readonly<Record<string, unknown>>
  readonly calls: readonly JournalCall[]
  readonly fault: Fault | null
  readonly reason: string | null
  readonly hints: readonly string[]
  readonly rule: string | null
  readonly status: number
  readonly seconds: number
  readonly spoilt: string | null
  readonly request: Message & { readonly method: string; readonly target: string }
  readonly answer: Message & { readonly status: number }
}

export interface ServerState {
  readonly version: string
  readonly products: number
  readonly stores: number
  readonly users: number
  readonly clock: { readonly now: string; readonly fixed: boolean }
  readonly deterministic: boolean
  readonly loose: boolean
  readonly snapshots: readonly string[]
}
