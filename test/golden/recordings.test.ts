import { startTestServer, type TestServer } from '../support/server'
import {
  type Bindings,
  filledAnswer,
  filledRequest,
  learned,
  readFixture,
  readScenarios,
  type Scenario,
  send,
} from './player'

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
  test.each(readScenarios(recording))('$scenario', replay)
})

async function replay({ steps }: Scenario): Promise<void> {
  let bindings: Bindings = new Map([['base', server.url]])
  for (const { request, response } of steps) {
    const answer = await send(server.url, filledRequest(request, bindings))
    bindings = learned(response.body, answer.body, bindings)
    expect(answer).toEqual(filledAnswer(response, bindings))
  }
}
