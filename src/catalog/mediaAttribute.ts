/** Whose values differ: each store view's, each website's, or nobody's (magento.md §6.7). */
export const MEDIA_ATTRIBUTE_SCOPES = ['store', 'global', 'website'] as const
export type MediaAttributeScope = (typeof MEDIA_ATTRIBUTE_SCOPES)[number]

/** An attribute whose value is an image of the product: a type, in the words of the API. */
export interface MediaAttribute {
  readonly code: string
  readonly scope: MediaAttributeScope
}

/** Returns the scope that a value of `is_global` means, as Magento's tables have it. */
export function scopeOf(isGlobal: number): MediaAttributeScope {
  return MEDIA_ATTRIBUTE_SCOPES[isGlobal] ?? 'store'
}

/** The form of a code: in lists, a comma or a colon would end it. */
export const MEDIA_ATTRIBUTE_CODE = /^[^,:]+$/

/** The attributes of an attribute set that names none, in their order. */
export const BUILT_IN_MEDIA_ATTRIBUTES: readonly string[] = ['image', 'small_image', 'thumbnail']
