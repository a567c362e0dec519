import { productMediaResource } from '../../src/catalog/rpc/resource'
import { MethodNames } from '../../src/double/rules/methodNames'

const names = new MethodNames([productMediaResource], ['login', 'resources'])

const SOAP_CREATE = 'catalog_product_attribute_media.create'
const REST_CREATE = 'product_images.create'
const PATHS = [SOAP_CREATE, REST_CREATE, 'catalog_product_attribute_media.types', 'login', 'resources']

it.each([
  ['create', [SOAP_CREATE, REST_CREATE]],
  ['product_media.create', [SOAP_CREATE, REST_CREATE]],
  ['product_attribute_media.create', [SOAP_CREATE, REST_CREATE]],
  ['catalog_product_attribute_media.create', [SOAP_CREATE, REST_CREATE]],
  ['catalogProductAttributeMediaCreate', [SOAP_CREATE, REST_CREATE]],
  ['product_images.create', [REST_CREATE]],
  ['types', ['catalog_product_attribute_media.types']],
  ['login', ['login']],
  [undefined, [SOAP_CREATE, REST_CREATE, 'catalog_product_attribute_media.types']],
])('%s means %j', (name, paths) => {
  expect(PATHS.filter((path) => names.means(name, path))).toEqual(paths)
})

it.each(['', 'call', 'multiCall', 'nosuch', 'product_media', 'product_media.nosuch', 'product_images.types'])(
  '%j names nothing',
  (name) => {
    expect(names.has(name)).toBe(false)
  },
)
