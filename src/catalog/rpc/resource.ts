import { describedResource, type MethodTable } from '../../contract/method'
import { anything, canonicalIds } from '../../contract/readers'
import { productMediaFaults } from './faults'

const acl = 'catalog/product/media'
const product = { product: anything }
const file = { file: anything }
const data = { data: anything }
const store = { store: anything }
const identifierType = { identifierType: anything }

const description = {
  name: 'catalog_product_attribute_media',
  title: 'Product Images API',
  aliases: ['product_attribute_media', 'product_media'],
  acl,
  faults: productMediaFaults,
}

const methods = {
  currentStore: {
    title: 'Set/Get current store view',
    parameters: {},
    optional: { ...store },
  },
  list: {
    title: 'Retrieve product image list',
    parameters: { ...product },
    optional: { ...store, ...identifierType },
  },
  info: {
    title: 'Retrieve product image data',
    parameters: { ...product, ...file },
    optional: { ...store, ...identifierType },
  },
  types: {
    title: 'Retrieve product image types',
    parameters: { setId: canonicalIds },
  },
  create: {
    title: 'Upload new product image',
    parameters: { ...product, ...data },
    optional: { ...store, ...identifierType },
    acl: `${acl}/create`,
  },
  update: {
    title: 'Update product image',
    parameters: { ...product, ...file, ...data },
    optional: { ...store, ...identifierType },
    acl: `${acl}/update`,
  },
  remove: {
    title: 'Remove product image',
    parameters: { ...product, ...file },
    optional: { ...identifierType },
    acl: `${acl}/remove`,
  },
} as const satisfies MethodTable

/**
 * The product-image resource. Every method is described once, and each dialect derives its binding from it.
 * `ImagesByFile` implements each method under the same name.
 */
export const productMediaResource = describedResource(description, methods)

/** With the methods that extensions of Magento added (docs/reference/extensions.md). */
export const extendedProductMediaResource = describedResource(description, {
  ...methods,
  createAndReturnInfo: {
    title: 'Upload new product image, and retrieve its data',
    parameters: { ...product, ...data },
    optional: { ...store, ...identifierType },
    acl: `${acl}/create`,
  },
  md5: {
    title: 'Retrieve the MD5 of a product image',
    parameters: { ...product, ...file },
    optional: { ...store, ...identifierType },
  },
})
