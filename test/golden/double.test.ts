import type { RuleDescription } from '../../src/double/rules/rule'
import { control, DOUBLE } from '../support/control'
import { startTestServer, type TestServer } from '../support/server'
import { readFixture, readScenarios, replay } from './player'

/** One rule for each condition that no recorded call meets. */
const FOR_NO_RECORDING: readonly RuleDescription['when'][] = [
  { product: 'in no recording' },
  { storeView: 'in no recording' },
  { user: 'in no recording' },
  { method: 'list', nth: 1_000_000 },
  { every: 1_000_000 },
  { probability: 0 },
  { protocol: 'jsonrpc' },
]

let server: TestServer

beforeAll(async () => {
  const environment = { ...DOUBLE, KEEPSAKE_MAGIC_SKUS: 'true' }
  server = await startTestServer({ seed: readFixture(), environment })
  for (const when of FOR_NO_RECORDING)
    await control(server.url, 'POST', '/rules', { when, answer: { fault: 1 } })
})

afterAll(() => server.stop())

describe.each(['v1.json', 'raw.json', 'lite.json', 'xmlrpc.json', 'rest.json'])(
  'a double with rules that are for other calls answers %s byte for byte as recorded',
  (recording) => {
    test.each(readScenarios(recording))('$scenario', (scenario) => replay(scenario, server.url))
  },
)

test('no rule has answered', async () => {
  const rules = (await control(server.url, 'GET', '/rules')) as { hits: number }[]
  expect(rules.map(({ hits }) => hits)).toEqual(FOR_NO_RECORDING.map(() => 0))
})
