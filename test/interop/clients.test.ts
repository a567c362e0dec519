/**
 * Real clients against one server. Each row of the table is a client on a protocol, with a product of its own; the
 * programs, and what each of their steps checks, are in clients/README.md.
 */
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer, temporaryDirectory } from '../support/server'
import { API_USER } from '../support/soap'
import { isInstalled, runClient, type StepResult } from './support/clientProcess'
import { CLIENTS, type Protocol } from './support/clients'
import { type Row, STEPS, tableOf } from './support/clientTable'

const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

/** In milliseconds: what generating and compiling a client may take on a busy machine. */
const COMPILING = 300_000

const PATHS: Readonly<Record<Protocol, string>> = {
  v1: '/api/soap/?wsdl',
  v2: '/api/v2_soap/?wsdl',
  'WS-I': '/api/v2_soap/?wsdl&wsi=1',
  'XML-RPC': '/api/xmlrpc/',
}

const rows: readonly Row[] = CLIENTS.flatMap((client) =>
  client.protocols.map((protocol) => ({ client, protocol })),
)
const results = new Map<string, readonly StepResult[]>()
let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ seed: shopWithAProductForEach(rows) })
})

afterAll(async () => {
  await server.stop()
  process.stdout.write(`\n${tableOf(rows, (row) => results.get(skuOf(row)))}\n`)
})

describe.each(rows.map((row) => ({ ...row, name: row.client.name })))('$name on $protocol', (row) => {
  if (!isInstalled(row.client)) {
    test(`not run: not all of ${row.client.packages.join(', ')} are installed`, () => {
      expect(process.env.KEEPSAKE_REQUIRE_ALL).not.toBe('1')
    })
    return
  }

  beforeAll(async () => {
    const { directory, remove } = await temporaryDirectory()
    const url = server.url + PATHS[row.protocol]
    const args = [url, API_USER.username, API_USER.apiKey, skuOf(row), GIF, row.protocol]
    try {
      results.set(skuOf(row), await runClient(row.client, url, args, directory))
    } finally {
      await remove()
    }
  }, COMPILING)

  test.each(STEPS)('%s', (step) => {
    const result = results.get(skuOf(row))?.find((each) => each.step === step)
    expect(result).toEqual({ step, ok: true, detail: '' })
  })
})

/** It also names the files: `axis-1.4-v2`. */
function skuOf({ client, protocol }: Row): string {
  return `${client.name}-${protocol}`.toLowerCase().replace(/[^a-z0-9.]+/g, '-')
}

function shopWithAProductForEach(each: readonly Row[]): string {
  const products = each.map((row, index) => ({
    id: index + 1,
    sku: skuOf(row),
    attributeSet: 4,
    websites: [1],
  }))
  return JSON.stringify({ ...JSON.parse(SMALL_SHOP), products })
}
