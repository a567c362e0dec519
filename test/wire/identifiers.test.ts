import { postJsonRpc } from '../support/listing'
import { shopWith } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { faultOf, login, type Plain } from '../support/soap'
import { loginTyped, postTyped, typedAnswer, V2, WSI } from '../support/typedSoap'

/** Each product has one image, whose label is the product's name. */
const SHOP = shopWith([
  { id: 7, sku: 'Käse' },
  { id: 80, sku: '7' },
  { id: 81, sku: '80.5' },
])

const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'
const data = (label: string) => ({ label, file: { name: 'own', mime: 'image/gif', content: GIF } })
const NO_PRODUCT = 101
const NO_STORE_VIEW = 100

let server: TestServer
let session: string

beforeAll(async () => {
  server = await startTestServer({ seed: SHOP })
  const client = await login(server.url)
  session = client.session
  for (const id of [7, 80, 81]) await client.call('product_media.create', id, data(`product ${id}`))
})

afterAll(() => server.stop())

/** What a call is answered, or the code of its fault. In JSON, every kind of value can be sent. */
async function called(method: string, args: readonly Plain[]): Promise<Plain> {
  const params = [session, `product_media.${method}`, args]
  const { text } = await postJsonRpc(server.url, { jsonrpc: '2.0', id: 1, method: 'call', params })
  const { result, error } = JSON.parse(text)
  return error ? error.code : result
}

/** The product that a list is of, or the code of its fault. */
async function found(...args: readonly Plain[]): Promise<Plain> {
  const answer = await called('list', args)
  return Array.isArray(answer) ? Number(answer[0].label.split(' ')[1]) : answer
}

test.each<[product: Plain, identifierType: Plain, answer: number]>([
  ['Käse', null, 7],
  ['KASE  ', null, 7],
  ['kaſe', null, 7],
  [' Käse', null, NO_PRODUCT],
  [7, null, 7],
  ['7', null, 7],
  ['+7', null, 7],
  ['07', null, 7],
  ['7.9', null, 7],
  ['7', 'sku', 80],
  ['7 ', 'sku', 80],
  ['7', true, 80],
  ['07', 'sku', NO_PRODUCT],
  ['Käse', true, 7],
  ['Käse', 'SKU', NO_PRODUCT],
  ['Käse', '', NO_PRODUCT],
  ['Käse', false, NO_PRODUCT],
  ['Käse', [], NO_PRODUCT],
  ['Käse', ['sku'], NO_PRODUCT],
  ['Käse', { sku: 'sku' }, NO_PRODUCT],
  ['Käse', 'id', NO_PRODUCT],
  ['7', '', 7],
  ['7', false, 7],
  [7, [], 7],
  ['7', { 0: 1 }, 7],
  ['7', 'id', 7],
  [80.5, null, 80],
  [80.5, 'id', 80],
  [-7.5, null, NO_PRODUCT],
  [0.9, null, NO_PRODUCT],
  [80.5, 'sku', 81],
  ['80.5', null, 81],
  ['80.', null, 80],
  ['.80', null, NO_PRODUCT],
])('the product %j with identifierType %j is %j', async (product, identifierType, answer) => {
  expect(await found(product, null, identifierType)).toBe(answer)
})

test.each<[store: Plain, answer: string | number]>([
  [1.5, '1'],
  [2.0, '2'],
  [2.9, '2'],
  [0.9, '0'],
  [-0.5, '0'],
  [99.5, NO_STORE_VIEW],
  [-1.5, NO_STORE_VIEW],
  ['1.5', NO_STORE_VIEW],
])('the store view %j is %j', async (store, answer) => {
  expect(await called('currentStore', [store])).toBe(answer)
})

test('the identifierType holds for every method that takes a product', async () => {
  const file = await called('create', ['7', data('of the SKU 7'), null, true])
  expect(await called('info', ['7', file, null, true])).toMatchObject({ label: 'of the SKU 7' })
  expect(await called('update', ['7', file, { label: 'changed' }, null, 'sku'])).toBe(true)
  for (const [method, ...args] of [
    ['create', data('x'), null],
    ['info', file, null],
    ['update', file, { label: 'x' }, null],
    ['remove', file],
  ] as const)
    expect(await called(method, ['Käse', ...args, ''])).toBe(NO_PRODUCT)
  expect(await called('remove', ['7', file, 'sku'])).toBe(true)
})

test.each([V2, WSI])(
  'in $name, an empty element is an identifierType, and not the lack of one',
  async (dialect) => {
    const { request, text, product } = dialect
    const parts = text('sessionId', await loginTyped(server.url))
    const list = (named: string, type: string) =>
      postTyped(server.url, request('List', `${parts}${text(product, named)}${type}`))
    expect(faultOf(await list('Käse', '<identifierType/>'))).toMatchObject({ code: '101' })
    expect(typedAnswer(await list('7', '<identifierType/>'))).toMatchObject([{ label: 'product 7' }])
    expect(typedAnswer(await list('Käse', ''))).toMatchObject([{ label: 'product 7' }])
  },
)

test('a user logs in by the name as MySQL compares it', async () => {
  const client = await login(server.url, { username: 'ÀPIUSER ', apiKey: 'apiKey123' })
  expect(await client.call('product_media.list', 'Käse')).toHaveLength(1)
})
