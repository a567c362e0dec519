import { send } from '../support/http'
import { type FailingShop, failingShop } from './support/failingShop'

/** In megabytes. */
const HEAP = 128

const MEGABYTE = 1024 ** 2

const REFUSED = 'Request body needs more memory than this server has'

/** A login in JSON whose user name is this. */
const loginAs = (username: string) => `{"jsonrpc":"2.0","id":1,"method":"login","params":[${username},"key"]}`

const text = (bytes: number, character: string) => `"${character.repeat(bytes)}"`

/** A list of so many objects: a small body, and much in the heap. */
const objects = (count: number) => `[${'{},'.repeat(count - 1)}{}]`

let shop: FailingShop

beforeAll(async () => {
  shop = await failingShop({ KEEPSAKE_MEMORY: 'true', NODE_OPTIONS: `--max-old-space-size=${HEAP}` })
})

test.each([
  ['three large bodies', 3, text(42 * MEGABYTE, 'a'), [REFUSED]],
  [
    'bodies as large as the heap can bear',
    8,
    text(20 * MEGABYTE, 'a'),
    ['Access denied.', 'Internal Error.'],
  ],
  [
    'such that have wide characters',
    8,
    text(20 * MEGABYTE, 'a').replace(/a"$/, '€"'),
    ['Access denied.', 'Internal Error.'],
  ],
  [
    'such that must be unescaped',
    8,
    text(10 * MEGABYTE, '\\n'),
    ['Access denied.', 'Internal Error.', REFUSED],
  ],
  ['small bodies of many objects', 40, objects(240_000), [REFUSED]],
  [
    'small bodies of fewer objects',
    40,
    objects(80_000),
    ['Required parameter is missing', 'Internal Error.'],
  ],
])('a small heap withstands %s at once', async (_name, count, username, messages) => {
  const body = loginAs(username)
  const headers = { 'content-type': 'application/json' }
  const answers = await Promise.all(
    Array.from({ length: count }, () =>
      send(shop.server.url, { method: 'POST', path: '/api/jsonrpc/', headers, body }),
    ),
  )
  const strange = answers.filter(({ text }) => !messages.some((message) => text.includes(message)))
  expect(strange.map((answer) => answer.text.slice(0, 200))).toEqual([])
  expect(await shop.client.call('product_media.list', 'Sku')).toEqual([])
})

it('has told at its start that the heap is small, and stops as any server', async () => {
  const { code, stderr } = await shop.stop()
  expect(code).toBe(0)
  expect(stderr).toMatch(/"largestBody":[0-9]+,"msg":"the heap is too small for bodies/)
})
