import type { Value } from '../../src/contract/value'
import { magicAnswer } from '../../src/double/rules/magicSku'

const answerFor = (product: Value) =>
  magicAnswer({ path: 'catalog_product_attribute_media.list', arguments: new Map([['product', product]]) })

it.each([
  ['keepsake-fault-0', { fault: 0 }],
  ['keepsake-fault-6', { fault: 6 }],
  ['KEEPSAKE-Fault-107', { fault: 107 }],
  ['keepsake-wait-5000', { wait: 5000 }],
  ['keepsake-cut', { broken: 'cut' }],
  ['keepsake-truncated', { broken: 'truncated' }],
  ['keepsake-malformed', { broken: 'malformed' }],
  ['keepsake-html', { broken: 'html' }],
  ['keepsake-http-500', { http: 500 }],
  ['keepsake-http-503', { http: 503 }],
])('%s is answered %j', (product, answer) => {
  expect(answerFor(product)).toEqual(answer)
})

it.each([
  'keepsake-fault-7',
  'keepsake-fault-108',
  'keepsake-fault-',
  'keepsake-wait-1234567',
  'keepsake-http-404',
  'keepsake',
  'a keepsake-cut',
  'keepsake-cuts',
  '',
  104,
  null,
])('%p is a product like any other', (product) => {
  expect(answerFor(product)).toBeNull()
})
