import { believeTokens } from '../support/oauth'
import { startTestServer, type TestServer } from '../support/server'
import { readFixture, readScenarios, replay } from './player'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ seed: readFixture(), authenticate: believeTokens })
})

afterAll(() => server.stop())

/** Signatures are believed here: these conversations are about what comes behind them. */
const scenarios = readScenarios('rest.json').filter(({ scenario }) => !scenario.startsWith('rest/oauth-'))

describe('REST is answered byte for byte as recorded', () => {
  test.each(scenarios)('$scenario', (scenario) => replay(scenario, server.url))
})
