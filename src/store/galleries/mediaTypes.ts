import { MEDIA_ATTRIBUTE_SCOPES, type MediaAttribute, scopeOf } from '../../catalog/mediaAttribute'

/** Returns the value of `eav_attribute.is_global` for a scope. */
export function isGlobalOf(scope: MediaAttribute['scope']): number {
  return MEDIA_ATTRIBUTE_SCOPES.indexOf(scope)
}

/**
 * Reads the column `eav_attribute_set.media_types`: `code:is_global` of each media attribute of the set in its order,
 * joined by commas.
 */
export function mediaAttributesIn(list: string): readonly MediaAttribute[] {
  if (list === '') return []
  return list.split(',').map((entry) => {
    const [code = '', isGlobal] = entry.split(':')
    return { code, scope: scopeOf(Number(isGlobal)) }
  })
}
