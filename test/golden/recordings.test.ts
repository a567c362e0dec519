import { startTestServer, type TestServer } from '../support/server'
import { readFixture, readScenarios, replay } from './player'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ seed: readFixture() })
})

afterAll(() => server.stop())

describe.each([
  ['SOAP v1 from PHP', 'v1.json'],
  ['SOAP v1 written by hand', 'raw.json'],
  ['SOAP v1 from SOAP::Lite', 'lite.json'],
  ['XML-RPC from Python', 'xmlrpc.json'],
])('%s is answered byte for byte as recorded', (_client, recording) => {
  test.each(readScenarios(recording))('$scenario', (scenario) => replay(scenario, server.url))
})
