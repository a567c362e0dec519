import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Serving, serving } from '../support/cli'
import { send } from '../support/http'
import { picture } from '../support/pictures'
import { S3_CREDENTIALS, startS3, type TestS3 } from '../support/s3'
import { SMALL_SHOP } from '../support/seed'
import { temporaryDatabase, temporaryDirectory } from '../support/server'
import {
  callEnvelope,
  element,
  envelope,
  faultOf,
  login,
  postSoap,
  returned,
  type SoapClient,
} from '../support/soap'

const SERVERS = 3
const CREATES = 60

interface Cluster {
  readonly servers: readonly Serving[]
  stop(): Promise<void>
}

const serverUrl = process.env.TEST_DATABASE_URL

if (serverUrl) {
  describe('servers on one PostgreSQL and one S3 store', () => cases(serverUrl))
} else {
  test('servers on one PostgreSQL and one S3 store: not run, TEST_DATABASE_URL is not set', () => {
    expect(process.env.KEEPSAKE_REQUIRE_ALL).not.toBe('1')
  })
}

function cases(databaseServer: string): void {
  let cluster: Cluster

  beforeEach(async () => {
    cluster = await startCluster(databaseServer)
  })

  afterEach(() => cluster.stop())

  test('start together on an empty database, and know one session', async () => {
    const [first, ...others] = cluster.servers as [Serving, ...Serving[]]
    const { session } = await login(first.url)
    for (const { url } of others) {
      const answer = await postSoap(
        url,
        callEnvelope(session, 'product_media.list', element('args', ['Sku'])),
      )
      expect(returned(answer)).toEqual([])
    }
    const logout = `<m:endSession>${element('sessionId', session)}</m:endSession>`
    await postSoap(first.url, envelope(logout))
    for (const { url } of others) {
      const answer = await postSoap(
        url,
        callEnvelope(session, 'product_media.list', element('args', ['Sku'])),
      )
      expect(faultOf(answer)?.code).toBe('5')
    }
  })

  test(`give ${CREATES} creates of one name, at all of them at once, ${CREATES} names without a gap`, async () => {
    const bytes = await pictures()
    const clients = await clientsOf(cluster.servers)
    const files = await Promise.all(
      bytes.map((each, index) => create(clients[index % SERVERS] as SoapClient, each)),
    )
    expect(sorted(files)).toEqual(sorted(consecutiveNames(CREATES)))
    for (const server of cluster.servers) await expectToServe(server, files, bytes)
  })

  test('lose nothing that was acknowledged when one of them is killed on the way', async () => {
    const bytes = await pictures()
    const clients = await clientsOf(cluster.servers)
    const [victim, ...survivors] = cluster.servers as [Serving, ...Serving[]]
    let acknowledged = 0
    let killing: Promise<unknown> | null = null
    const outcomes = await Promise.allSettled(
      bytes.map(async (each, index) => {
        const file = await create(clients[index % SERVERS] as SoapClient, each)
        if (++acknowledged === CREATES / 4) killing = victim.stop('SIGKILL')
        return file
      }),
    )
    await killing
    expect(killing).not.toBeNull()

    const created = outcomes.flatMap((outcome, index) =>
      outcome.status === 'fulfilled' ? [{ file: outcome.value, bytes: bytes[index] as Buffer }] : [],
    )
    const isOfVictim = (index: number) => index % SERVERS === 0
    expect(outcomes.filter(({ status }, index) => status === 'rejected' && !isOfVictim(index))).toEqual([])
    expect(outcomes.filter(({ status }) => status === 'rejected')).not.toEqual([])
    expect(new Set(created.map(({ file }) => file)).size).toBe(created.length)
    for (const server of survivors) {
      await expectToServe(
        server,
        created.map(({ file }) => file),
        created.map((each) => each.bytes),
      )
    }
    const next = await create(clients[1] as SoapClient, bytes[0] as Buffer)
    expect(await listed(survivors[1] as Serving)).toContain(next)
  })
}

async function startCluster(databaseServer: string): Promise<Cluster> {
  const [database, s3, { directory, remove }] = await Promise.all([
    temporaryDatabase(databaseServer),
    startS3(),
    temporaryDirectory(),
  ])
  const seed = path.join(directory, 'shop.json')
  await writeFile(seed, SMALL_SHOP)
  const servers = await Promise.all(
    Array.from({ length: SERVERS }, (_, index) =>
      serving(environmentOf(database.url, s3, path.join(directory, String(index))), [
        '--port',
        '0',
        '--seed',
        seed,
      ]),
    ),
  )
  return {
    servers,
    async stop() {
      await Promise.all(servers.map((server) => server.stop('SIGKILL')))
      await s3.stop()
      await Promise.all([database.drop(), remove()])
    },
  }
}

/** As on a machine of its own: nothing but the database and the store is shared. */
function environmentOf(databaseUrl: string, s3: TestS3, dataDirectory: string) {
  return {
    DATABASE_URL: databaseUrl,
    KEEPSAKE_STORE: `s3://${s3.bucketName}/shop`,
    KEEPSAKE_S3_ENDPOINT: s3.url,
    KEEPSAKE_S3_ACCESS_KEY_ID: S3_CREDENTIALS.accessKeyId,
    KEEPSAKE_S3_SECRET_ACCESS_KEY: S3_CREDENTIALS.secretAccessKey,
    KEEPSAKE_SECRET_KEY: 'ab'.repeat(32),
    KEEPSAKE_DATA_DIR: dataDirectory,
    KEEPSAKE_DECODE_CONCURRENCY: '1',
  }
}

function clientsOf(servers: readonly Serving[]): Promise<readonly SoapClient[]> {
  return Promise.all(servers.map(({ url }) => login(url)))
}

/** Every one of them another picture. */
function pictures(): Promise<readonly Buffer[]> {
  return Promise.all(Array.from({ length: CREATES }, (_, shade) => picture('jpeg', shade)))
}

async function create(client: SoapClient, bytes: Buffer): Promise<string> {
  const file = { content: bytes.toString('base64'), mime: 'image/jpeg', name: 'image' }
  return String(await client.call('product_media.create', 'Sku', { file }))
}

function consecutiveNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `/i/m/image${index === 0 ? '' : `_${index}`}.jpg`)
}

/** The server lists these files among its own, and serves each with its bytes. */
async function expectToServe(
  { url }: Serving,
  files: readonly string[],
  bytes: readonly Buffer[],
): Promise<void> {
  expect(await listed({ url })).toEqual(expect.arrayContaining([...files]))
  for (const [index, file] of files.entries()) {
    const { status, body } = await send(url, { path: `/media/catalog/product${file}` })
    expect({ file, status, sha256: sha256(body) }).toEqual({
      file,
      status: 200,
      sha256: sha256(bytes[index] as Buffer),
    })
  }
}

async function listed({ url }: Pick<Serving, 'url'>): Promise<readonly string[]> {
  const images = await (await login(url)).call('product_media.list', 'Sku')
  return (images as readonly { file: string }[]).map(({ file }) => file)
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...texts].sort()
}
