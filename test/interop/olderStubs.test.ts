/**
 * Clients whose stubs were made from a WSDL that another version of Magento served, in its shape and not in this server's,
 * against a server that answers as that version: docs/reference/profiles.md.
 */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer, temporaryDirectory } from '../support/server'
import { API_USER } from '../support/soap'
import { isInstalled, runClient, type StepResult } from './support/clientProcess'
import { CLIENTS, type Client } from './support/clients'
import { STEPS } from './support/clientTable'

const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

/** In milliseconds: what generating and compiling a client may take on a busy machine. */
const COMPILING = 300_000

/** What differs between the documents of each version. */
const VERSIONS = [
  {
    profile: '1.5',
    fields: {
      namespace: 'urn:Magento',
      name: 'Magento',
      changed: 'int',
      identifierType: 'productIdentifierType',
    },
  },
  {
    profile: 'lts20',
    fields: {
      namespace: 'urn:OpenMage',
      name: 'OpenMage',
      changed: 'boolean',
      identifierType: 'identifierType',
    },
  },
] as const

type Version = (typeof VERSIONS)[number]

const MAKERS = CLIENTS.filter(
  ({ name, protocols }) => ['Axis 1.4', 'Mono wsdl'].includes(name) && protocols.includes('v2'),
)

const ROWS = VERSIONS.flatMap((version) =>
  MAKERS.map((client) => ({ ...version, client, name: client.name })),
)

describe.each(ROWS)('$name with stubs of the profile $profile', ({ client, ...version }) => {
  if (!isInstalled(client)) {
    test(`not run: not all of ${client.packages.join(', ')} are installed`, () => {
      expect(process.env.KEEPSAKE_REQUIRE_ALL).not.toBe('1')
    })
    return
  }

  let server: TestServer
  let results: readonly StepResult[]

  beforeAll(async () => {
    server = await startTestServer({
      seed: SMALL_SHOP,
      environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_PROFILE: version.profile },
    })
    results = await resultsOf(client, version, server.url)
  }, COMPILING)

  afterAll(() => server.stop())

  test.each(STEPS)('%s', (step) => {
    expect(results.find((each) => each.step === step)).toEqual({ step, ok: true, detail: '' })
  })
})

test(
  'A server of the profile 1.9 answers such stubs of 1.5 with what they do not take',
  async () => {
    const client = MAKERS.find((maker) => maker.name === 'Axis 1.4' && isInstalled(maker))
    if (!client) return expect(process.env.KEEPSAKE_REQUIRE_ALL).not.toBe('1')
    const server = await startTestServer({ seed: SMALL_SHOP })
    const results = await resultsOf(client, VERSIONS[0], server.url)
    expect(results.filter(({ ok }) => !ok).map(({ step }) => step)).toEqual(['updateInStore', 'remove'])
    await server.stop()
  },
  COMPILING,
)

async function resultsOf(
  client: Client,
  { fields }: Pick<Version, 'fields'>,
  serverUrl: string,
): Promise<readonly StepResult[]> {
  const { directory, remove } = await temporaryDirectory()
  const document = path.join(directory, 'old.wsdl')
  const shape = await readFile(path.join(__dirname, 'clients', 'old-shape.wsdl'), 'utf8')
  const values: Readonly<Record<string, string>> = { ...fields, address: `${serverUrl}/api/v2_soap/` }
  await writeFile(
    document,
    shape.replaceAll(/\{\{(\w+)\}\}/g, (_, field: string) => values[field] ?? ''),
  )
  try {
    const args = [document, API_USER.username, API_USER.apiKey, 'Sku', GIF, 'v2']
    return await runClient(client, document, args, directory, fields.name)
  } finally {
    await remove()
  }
}
