import fc from 'fast-check'
import type { RuleDescription } from '../../src/double/rules/rule'
import { control, DOUBLE } from '../support/control'
import type { HttpAnswer } from '../support/http'
import { LISTINGS } from '../support/listing'
import { GIF } from '../support/rest'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { login, type SoapClient } from '../support/soap'

/** A server with an image, at the same public URL as the other. */
interface Shop {
  readonly server: TestServer
  readonly client: SoapClient
}

let plain: Shop
let double: Shop

beforeAll(async () => {
  plain = await shop({ KEEPSAKE_MEMORY: 'true' })
  double = await shop({ ...DOUBLE, KEEPSAKE_MAGIC_SKUS: 'true' })
})

afterAll(async () => {
  await plain.server.stop()
  await double.server.stop()
})

async function shop(environment: NodeJS.ProcessEnv): Promise<Shop> {
  const server = await startTestServer({
    seed: SMALL_SHOP,
    environment: { ...environment, KEEPSAKE_BASE_URL: 'http://shop.example' },
  })
  const client = await login(server.url)
  const file = { name: 'seen', mime: 'image/gif', content: GIF }
  await client.call('product_media.create', 'Sku', { file, label: 'Größe', exclude: 0 })
  return { server, client }
}

const unmetCondition = fc.constantFrom<RuleDescription['when']>(
  { method: 'info' },
  { method: 'resources' },
  { product: 'Other' },
  { product: 3 },
  { storeView: 'german' },
  { storeView: 2 },
  { user: 'somebody' },
  { nth: 1_000_000 },
  { every: 1_000_000 },
  { probability: 0 },
)

const answer = fc.constantFrom<RuleDescription['answer']>(
  { fault: 104, message: 'By rule' },
  { wait: 600_000 },
  { broken: 'cut', after: true },
  { broken: 'malformed' },
  { http: 503 },
)

const unmetRule = fc.record({ when: unmetCondition, answer, enabled: fc.boolean() })
const disabledRule = fc.record({ when: fc.constant({}), answer, enabled: fc.constant(false) })

const ask = ({ server, client }: Shop, listing: (typeof LISTINGS)[number], product: string) =>
  listing.ask(server.url, client.session, product)

/** All that is sent but what no two requests have alike. */
function sent({ status, headers, body }: HttpAnswer) {
  const { date: _date, 'x-request-id': _id, ...others } = headers
  return { status, headers: others, body: body.toString('latin1') }
}

test('rules that are for other calls leave every byte of an answer as it is without a double', async () => {
  const rules = fc.array(fc.oneof(unmetRule, disabledRule), { maxLength: 6 })
  const call = fc.tuple(fc.constantFrom(...LISTINGS), fc.constantFrom('1', '2'))
  await fc.assert(
    fc.asyncProperty(rules, fc.array(call, { minLength: 1, maxLength: 3 }), async (made, calls) => {
      await control(double.server.url, 'DELETE', '/rules')
      for (const rule of made) await control(double.server.url, 'POST', '/rules', rule)
      for (const [listing, product] of calls) {
        const expected = sent(await ask(plain, listing, product))
        expect(sent(await ask(double, listing, product))).toEqual(expected)
      }
    }),
    { numRuns: 40 },
  )
})
