import { boundResource, describedResource } from '../../src/contract/method'
import { integer, text } from '../../src/contract/readers'
import { requestContext } from '../../src/contract/request'

const described = describedResource(
  { name: 'stock_item', title: 'Stock', aliases: ['stock'], acl: 'stock', faults: {} },
  {
    set: { title: 'Set', parameters: { product: text, quantity: integer }, acl: 'stock/set' },
    last: { title: 'Last', parameters: {} },
  },
)

const request = requestContext({ publicUrl: '', clientAddress: '', isConfidential: true })

class Stock {
  #last = ''

  async set({ product, quantity }: { readonly product: string | null; readonly quantity: number | null }) {
    this.#last = `${product}: ${quantity}`
    return true
  }

  async last() {
    return this.#last
  }
}

test('a resource is described before there is anything to run', () => {
  expect([...described.methods]).toEqual([
    ['set', { title: 'Set', parameters: ['product', 'quantity'], fewest: 2, acl: 'stock/set' }],
    ['last', { title: 'Last', parameters: [], fewest: 0, acl: null }],
  ])
})

test.each([
  [['Sku', '3 pieces'], 'Sku: 3'],
  [['Sku'], 'Sku: null'],
  [['Sku', 1, 'extra'], 'Sku: 1'],
])('a bound method reads its positional values: %j as %j', async (values, read) => {
  const { methods, ...resource } = boundResource(described, new Stock())
  expect(resource).toMatchObject({ name: 'stock_item', aliases: ['stock'], acl: 'stock' })
  expect(await methods.get('set')?.call(values, request)).toBe(true)
  expect(await methods.get('last')?.call([], request)).toBe(read)
})

/** None of this is run: `npm run check:types` refuses a file in which an expected error is missing. */
test('a described method without its function does not compile, nor one that takes something else', () => {
  const last = async () => ''
  // @ts-expect-error: there is no `set`
  const lacking = () => boundResource(described, { last })
  // @ts-expect-error: `product` is a text or null
  const other = () => boundResource(described, { last, set: async (_: { product: number }) => true })
  // @ts-expect-error: no such parameter is read
  const unread = () => boundResource(described, { last, set: async (_: { image: unknown }) => true })
  expect([lacking, other, unread].map((made) => typeof made)).toEqual(Array(3).fill('function'))
})
