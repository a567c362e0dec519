import { BUILT_IN_MEDIA_ATTRIBUTES, type MediaAttribute } from '../../src/catalog/mediaAttribute'

/** The media attributes of an attribute set that names none. */
export const BUILT_IN: readonly MediaAttribute[] = BUILT_IN_MEDIA_ATTRIBUTES.map((code) => ({
  code,
  scope: 'store',
}))
