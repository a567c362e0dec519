import fc from 'fast-check'
import { control, DOUBLE } from '../support/control'
import { GIF, restClient } from '../support/rest'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { callEnvelope, element, loginEnvelope, type Plain, postSoap } from '../support/soap'

const FIXED = { now: '2020-02-02T02:02:02Z', fixed: true }
const SETTINGS = {
  ...DOUBLE,
  KEEPSAKE_DETERMINISTIC_IDS: 'true',
  KEEPSAKE_LOOSE: 'true',
  KEEPSAKE_BASE_URL: 'http://shop',
}

type Call = { readonly path: string; readonly args: readonly Plain[] }

const product = fc.constantFrom('Sku', 'other', '7', '1')
const store = fc.constantFrom('0', 'german', 'nosuch')
const name = fc.constantFrom('image', 'a b', 'ümlaut')

const call: fc.Arbitrary<Call> = fc.oneof(
  fc.record({ path: fc.constant('product_media.list'), args: fc.tuple(product, store) }),
  fc.record({
    path: fc.constant('product_media.create'),
    args: fc.tuple(
      product,
      name.map((given) => ({
        file: { name: given, mime: 'image/gif', content: GIF },
        label: given,
        types: ['image'],
        exclude: '0',
      })),
      store,
    ),
  }),
  fc.record({
    path: fc.constant('product_media.remove'),
    args: fc.tuple(product, fc.constant('/i/m/image.gif')),
  }),
)

/** Logs in, makes the calls, and looks at what is there: every answer as it came. */
async function played(server: TestServer, calls: readonly Call[]): Promise<readonly string[]> {
  await control(server.url, 'PUT', '/clock', FIXED)
  const login = await postSoap(server.url, loginEnvelope())
  const session = />([0-9a-f]{32})</.exec(login.text)?.[1] ?? ''
  const answers = [login.text]
  for (const { path, args } of calls)
    answers.push((await postSoap(server.url, callEnvelope(session, path, element('args', args)))).text)
  const gallery = await restClient(server.url, null).send('GET', '/products/1/images')
  return [...answers, gallery.text, JSON.stringify(await control(server.url, 'GET', '/products'))]
}

describe('a reset', () => {
  let used: TestServer
  let fresh: TestServer

  beforeAll(async () => {
    used = await startTestServer({ seed: SMALL_SHOP, environment: SETTINGS })
    fresh = await startTestServer({ seed: SMALL_SHOP, environment: SETTINGS })
  })

  afterAll(async () => {
    await used.stop()
    await fresh.stop()
  })

  it('answers as a server that has just started, byte for byte, whatever was called before', async () => {
    const wanted: Call[] = [
      {
        path: 'product_media.create',
        args: ['Sku', { file: { name: 'image', mime: 'image/gif', content: GIF }, exclude: '0' }],
      },
      { path: 'product_media.list', args: ['Sku'] },
      { path: 'product_media.list', args: ['new'] },
    ]
    const expected = await played(fresh, wanted)
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 8 }), async (calls) => {
        await played(used, calls)
        await control(used.url, 'POST', '/reset')
        expect(await played(used, wanted)).toEqual(expected)
      }),
      { numRuns: 12 },
    )
  })
})
