import type { ImageHash } from '../../catalog/gallery'
import { anything, arrayOf, type EntityType, entity, literalAnything, string, type WsdlType } from './types'

/** The types of the v2 and WS-I documents, under Magento's names (magento.md §3). */
const arrayOfString = arrayOf(string, 'ArrayOfString')

const apiMethod = entity('apiMethodEntity', {
  title: string,
  path: string,
  name: string,
  aliases: arrayOfString,
})

const api = entity('apiEntity', {
  title: string,
  name: string,
  aliases: arrayOfString,
  methods: arrayOf(apiMethod, 'ArrayOfApiMethods'),
})

const fault = entity('existsFaltureEntity', { code: string, message: string })

/** An image, with some hashes of its bytes. */
export function imageWith(hashes: readonly ImageHash[]): EntityType {
  return entity('catalogProductImageEntity', {
    file: string,
    label: string,
    position: string,
    exclude: string,
    url: string,
    types: arrayOfString,
    ...Object.fromEntries(hashes.map((hash) => [hash, string])),
  })
}

const imageFile = entity('catalogProductImageFileEntity', { content: string, mime: string, name: string })

const imageData = entity('catalogProductAttributeMediaCreateEntity', {
  file: imageFile,
  label: string,
  position: string,
  types: arrayOfString,
  exclude: string,
  remove: string,
})

const mediaType = entity('catalogProductAttributeMediaTypeEntity', { code: string, scope: string })

/** The list with items of any type, of v1 and of WS-I. */
export const fixedArray = arrayOf(anything, 'FixedArray')
export const literalFixedArray = arrayOf(literalAnything, 'FixedArray')

export const apis = arrayOf(api, 'ArrayOfApis')
export const faults = arrayOf(fault, 'ArrayOfExistsFaltures')
export const imagesWith = (hashes: readonly ImageHash[]) =>
  arrayOf(imageWith(hashes), 'catalogProductImageEntityArray')
export const mediaTypes = arrayOf(mediaType, 'catalogProductAttributeMediaTypeEntityArray')
export { imageData }

/** The types of the method table's parameters, by their names in that table. */
export const PARAMETER_TYPES: Readonly<Record<string, WsdlType>> = {
  product: string,
  file: string,
  data: imageData,
  store: string,
  identifierType: string,
  setId: string,
}
