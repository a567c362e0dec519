import { type Client, createClientAsync } from 'soap'
import { Directory } from '../../src/api/directory'
import { operationsOf } from '../../src/api/operations'
import { v1Endpoint } from '../../src/wire/soap/v1'
import { startTestServer, type TestServer } from '../support/server'

/** What node-soap makes of an operation: its parts by name, in the WSDL's order. */
type Described = Readonly<Record<string, { readonly input: object | null; readonly output: object | null }>>

describe('wsdl/v1.wsdl', () => {
  let server: TestServer
  let client: Client
  let operations: Described

  beforeAll(async () => {
    server = await startTestServer()
    client = await createClientAsync(`${server.url}/api/soap/?wsdl`)
    operations = client.describe().MagentoService.Port
  })

  afterAll(() => server.stop())

  test('describes the operations of the API, with their parts in order', () => {
    const described = Object.entries(operations).map(([name, { input }]) => [name, Object.keys(input ?? {})])
    const own = [...v1Endpoint(ownOperations).bindings.values()].map(({ operation, parts }) => [
      operation,
      parts.map(({ names: [first] }) => first),
    ])
    expect(described.sort()).toEqual(own.sort())
  })

  test('has each operation return one part, of its own name', () => {
    for (const [name, { output }] of Object.entries(operations)) {
      expect(Object.keys(output ?? {})).toEqual([`${name}Return`])
    }
  })

  test('has one SOAP action for all', () => {
    const methods = Object.values(client.wsdl.definitions.bindings).flatMap((binding) =>
      Object.values(binding.methods),
    )
    expect(new Set(methods.map(({ soapAction }) => soapAction))).toEqual(new Set(['urn:Action']))
  })
})

const unused = () => Promise.reject(new Error('no operation runs here'))

const ownOperations = operationsOf({
  sessions: { open: unused, newAnonymousId: unused, find: unused, close: unused },
  accounts: { authenticate: unused },
  directory: new Directory([]),
  log: { debug: unused, error: unused },
})
