import { describedResource } from '../../contract/method'
import { anything, integer, text } from '../../contract/readers'
import { productMediaFaults } from './faults'

const acl = 'catalog/product/media'
const product = { product: anything }
const file = { file: text }
const data = { data: anything }
const store = { store: anything }
const identifierType = { identifierType: anything }

/**
 * The product-image resource. Every method is described once, and each dialect derives its binding from it.
 * `ImagesByFile` implements each method under the same name.
 */
export const productMediaResource = describedResource(
  {
    name: 'catalog_product_attribute_media',
    title: 'Product Images API',
    aliases: ['product_attribute_media', 'product_media'],
    acl,
    faults: productMediaFaults,
  },
  {
    currentStore: {
      title: 'Set/Get current store view',
      parameters: { ...store },
    },
    list: {
      title: 'Retrieve product image list',
      parameters: { ...product, ...store, ...identifierType },
    },
    info: {
      title: 'Retrieve product image data',
      parameters: { ...product, ...file, ...store, ...identifierType },
    },
    types: {
      title: 'Retrieve product image types',
      parameters: { setId: integer },
    },
    create: {
      title: 'Upload new product image',
      parameters: { ...product, ...data, ...store, ...identifierType },
      acl: `${acl}/create`,
    },
    update: {
      title: 'Update product image',
      parameters: { ...product, ...file, ...data, ...store, ...identifierType },
      acl: `${acl}/update`,
    },
    remove: {
      title: 'Remove product image',
      parameters: { ...product, ...file, ...identifierType },
      acl: `${acl}/remove`,
    },
  },
)
