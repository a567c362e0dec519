import { control, DOUBLE } from '../support/control'
import { startTestServer, type TestServer } from '../support/server'
import { readFixture, readScenarios, replay, type Scenario } from './player'

const KEY = 'apiKey123'
const RECORDINGS = ['v1.json', 'raw.json', 'lite.json', 'xmlrpc.json', 'rest.json', 'v2.json', 'wsi.json']
const ENVIRONMENT = { ...DOUBLE, KEEPSAKE_JOURNAL_SIZE: '10000', KEEPSAKE_LOGIN_FAILURES_PER_USER: '0' }

interface Exported extends Scenario {
  readonly keys: Readonly<Record<string, string>>
  readonly omitted: readonly { readonly why: string }[]
}

let double: TestServer
let fresh: TestServer

beforeAll(async () => {
  double = await startTestServer({ seed: readFixture(), environment: ENVIRONMENT })
  fresh = await startTestServer({ seed: readFixture(), environment: ENVIRONMENT })
})

afterAll(async () => {
  await double.stop()
  await fresh.stop()
})

/** Asks what the recordings ask, whatever is answered. */
async function ask(scenarios: readonly Scenario[]): Promise<void> {
  for (const scenario of scenarios) await replay(scenario, double.url).catch(() => undefined)
}

/** Each logs in, which takes its time by design: some of each recording are enough. */
const MOST_SCENARIOS = 30

function someOf(scenarios: readonly Scenario[]): readonly Scenario[] {
  const step = Math.ceil(scenarios.length / MOST_SCENARIOS)
  return scenarios.filter((_scenario, index) => index % step === 0)
}

describe.each(RECORDINGS)('what %s asks of a double', (recording) => {
  it('is exported as a recording that a fresh server answers alike, with no key in the journal', async () => {
    await control(double.url, 'DELETE', '/journal')
    await ask(someOf(readScenarios(recording)))
    const users = { apiUser: KEY, readonly: KEY, mediaonly: KEY }
    const [exported] = (await control(double.url, 'POST', '/journal/export', { keys: users })) as [Exported]
    expect(exported.keys).toEqual({})
    expect(exported.steps.length).toBeGreaterThan(0)
    await replay(exported, fresh.url)

    const shown = JSON.stringify(await control(double.url, 'GET', '/journal'))
    expect(shown).not.toContain(KEY)
    expect(JSON.stringify(await control(double.url, 'GET', '/journal/export'))).not.toContain(KEY)
  })
})
