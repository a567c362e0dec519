import { method, type Resource } from '../../contract/method'
import { anything, integer, text } from '../../contract/readers'
import { productMediaFaults } from './faults'
import type { ImagesByFile } from './imagesByFile'

const acl = 'catalog/product/media'
const product = { product: anything }
const file = { file: text }
const data = { data: anything }
const store = { store: anything }
const identifierType = { identifierType: anything }

/** The product-image resource: every method once, from which each dialect derives its binding. */
export function productMediaResource(media: ImagesByFile): Resource {
  return {
    name: 'catalog_product_attribute_media',
    title: 'Product Images API',
    aliases: ['product_attribute_media', 'product_media'],
    acl,
    faults: productMediaFaults,
    methods: new Map([
      [
        'currentStore',
        method({
          title: 'Set/Get current store view',
          parameters: { ...store },
          run: (args, request) => media.currentStore(args, request),
        }),
      ],
      [
        'list',
        method({
          title: 'Retrieve product image list',
          parameters: { ...product, ...store, ...identifierType },
          run: (args, request) => media.list(args, request),
        }),
      ],
      [
        'info',
        method({
          title: 'Retrieve product image data',
          parameters: { ...product, ...file, ...store, ...identifierType },
          run: (args, request) => media.info(args, request),
        }),
      ],
      [
        'types',
        method({
          title: 'Retrieve product image types',
          parameters: { setId: integer },
          run: (args) => media.types(args),
        }),
      ],
      [
        'create',
        method({
          title: 'Upload new product image',
          parameters: { ...product, ...data, ...store, ...identifierType },
          acl: `${acl}/create`,
          run: (args, request) => media.create(args, request),
        }),
      ],
      [
        'update',
        method({
          title: 'Update product image',
          parameters: { ...product, ...file, ...data, ...store, ...identifierType },
          acl: `${acl}/update`,
          run: (args, request) => media.update(args, request),
        }),
      ],
      [
        'remove',
        method({
          title: 'Remove product image',
          parameters: { ...product, ...file, ...identifierType },
          acl: `${acl}/remove`,
          run: (args, request) => media.remove(args, request),
        }),
      ],
    ]),
  }
}
