import { createHash, randomBytes } from 'node:crypto'
import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { requestClusterCopy } from '../../src/cli/clusterCopy'
import { DiskImages } from '../../src/images/diskImages'
import { inTurnWithBackups } from '../../src/store/backup/backupLock'
import { Database } from '../../src/store/database/database'
import { type Environment, keepsake, type Serving, serving } from '../support/cli'
import { sql } from '../support/databases'
import { send } from '../support/http'
import { picture } from '../support/pictures'
import { S3_CREDENTIALS, startS3 } from '../support/s3'
import { shopOf } from '../support/seed'
import { silent, temporaryDatabase, temporaryDirectory } from '../support/server'
import { login } from '../support/soap'
import { peakMemoryOf } from './support/peakMemory'

const CLIENTS = 4
/** Images that are acknowledged before a backup begins, and while it runs at least one more. */
const BEFORE = 24
const MANY_ROWS = 1_000_000
const MOST_MEMORY = 300 * 1024 * 1024

const serverUrl = process.env.TEST_DATABASE_URL

/** A place for a shop: an empty database and an empty image store. */
type NewPlace = () => Promise<Environment>

const closers: (() => Promise<void>)[] = []
let root: string

beforeAll(async () => {
  const { directory, remove } = await temporaryDirectory()
  root = directory
  closers.push(remove)
})

afterAll(async () => {
  for (const close of closers.reverse()) await close()
})

const newDirectory = () => path.join(root, randomBytes(4).toString('hex'))

const embedded: NewPlace = async () => ({ KEEPSAKE_DATA_DIR: newDirectory() })

const onPostgres: NewPlace = async () => {
  const { url, drop } = await temporaryDatabase(serverUrl ?? '')
  closers.push(drop)
  return { KEEPSAKE_DATA_DIR: newDirectory(), DATABASE_URL: url }
}

const onPostgresAndS3: NewPlace = async () => {
  const s3 = await startS3()
  closers.push(() => s3.stop())
  return {
    ...(await onPostgres()),
    KEEPSAKE_STORE: `s3://${s3.bucketName}/shop`,
    KEEPSAKE_S3_ENDPOINT: s3.url,
    KEEPSAKE_S3_ACCESS_KEY_ID: S3_CREDENTIALS.accessKeyId,
    KEEPSAKE_S3_SECRET_ACCESS_KEY: S3_CREDENTIALS.secretAccessKey,
  }
}

const embeddedWithS3: NewPlace = async () => {
  const { DATABASE_URL: _, ...place } = await onPostgresAndS3()
  return place
}

/** Clients that create images without a pause, and remember what was acknowledged. */
class Load {
  readonly acknowledged: { readonly file: string; readonly sha256: string }[] = []
  readonly #work: Promise<unknown>
  #isStopped = false

  constructor(url: string) {
    this.#work = Promise.all(Array.from({ length: CLIENTS }, (_, index) => this.#create(url, index + 1)))
  }

  async until(count: number): Promise<void> {
    while (this.acknowledged.length < count) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#work
  }

  async #create(url: string, product: number): Promise<void> {
    const client = await login(url)
    for (let shade = product; !this.#isStopped; shade += CLIENTS) {
      const bytes = await picture('jpeg', shade)
      const file = { name: 'image', mime: 'image/jpeg', content: bytes.toString('base64') }
      const path = await client.call('product_media.create', `p${product}`, { file })
      this.acknowledged.push({ file: String(path), sha256: sha256(bytes) })
    }
  }
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function filled(place: Environment): Promise<Serving> {
  const seed = path.join(root, 'seed.json')
  await writeFile(seed, shopOf(CLIENTS))
  return serving(place, ['--port', '0', '--seed', seed])
}

const CASES: readonly (readonly [from: string, to: string, NewPlace, NewPlace])[] = [
  ['the embedded database and a disk', 'the same', embedded, embedded],
  ...(serverUrl === undefined
    ? []
    : ([
        ['PostgreSQL and a disk', 'the same', onPostgres, onPostgres],
        ['PostgreSQL and S3', 'the same', onPostgresAndS3, onPostgresAndS3],
        ['the embedded database and S3', 'PostgreSQL and a disk', embeddedWithS3, onPostgres],
        ['PostgreSQL and a disk', 'the embedded database and a disk', onPostgres, embedded],
      ] as const)),
]

describe('a backup that is made while clients write', () => {
  if (serverUrl === undefined) {
    test('on PostgreSQL: not run, TEST_DATABASE_URL is not set', () => {
      expect(process.env.KEEPSAKE_REQUIRE_ALL).not.toBe('1')
    })
  }

  test.each(CASES)(
    'of %s, restored into %s, has all that was acknowledged before it began',
    async (_from, _to, from, to) => {
      const place = await from()
      const set = newDirectory()
      const server = await filled(place)
      const load = new Load(server.url)
      await load.until(BEFORE)
      const before = [...load.acknowledged]
      const made = await keepsake(['backup', set], place)
      const during = load.acknowledged.length - before.length
      await load.stop()
      await server.stop('SIGKILL')
      expect(made).toMatchObject({ code: 0, stderr: '' })
      expect(during).toBeGreaterThan(0)

      const other = await to()
      expect(await keepsake(['restore', set], other)).toMatchObject({ code: 0, stderr: '' })
      expect(await keepsake(['fsck'], other)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('nothing is wrong'),
      })
      const restored = await serving(other)
      try {
        for (const { file, sha256: expected } of before) {
          const { status, body } = await send(restored.url, { path: `/media/catalog/product${file}` })
          expect([file, status, sha256(body)]).toEqual([file, 200, expected])
        }
        const client = await login(restored.url)
        const shown = await Promise.all(
          Array.from({ length: CLIENTS }, (_, index) => client.call('product_media.list', `p${index + 1}`)),
        )
        const files = (shown.flat() as unknown as { file: string }[]).map(({ file }) => file)
        expect(files).toEqual(expect.arrayContaining(before.map(({ file }) => file)))
        // Ids and names go on behind those that were restored.
        const content = (await picture('jpeg')).toString('base64')
        const added = await client.call('product_media.create', 'p1', {
          file: { name: 'image', mime: 'image/jpeg', content },
        })
        expect(files).not.toContain(added)
      } finally {
        await restored.stop('SIGTERM')
      }
    },
    600_000,
  )
})

describe('a copy of a running server’s embedded database', () => {
  it('goes with its server: the backup is told, and the next start removes what is left', async () => {
    const place = await embedded()
    const dataDirectory = place.KEEPSAKE_DATA_DIR ?? ''
    const server = await filled(place)
    const copy = await requestClusterCopy(dataDirectory)
    const copies = async () =>
      (await readdir(dataDirectory)).filter((name) => name.startsWith('backup-copy-'))
    expect(await copies()).toEqual([path.basename(copy?.directory ?? '')])
    copy?.confirmServerRuns()
    await server.stop('SIGKILL')
    expect(() => copy?.confirmServerRuns()).toThrow('the server ended while it was backed up')
    expect(await copies()).toHaveLength(1)
    expect(await requestClusterCopy(dataDirectory)).toBeNull()
    const next = await serving(place)
    expect(await copies()).toEqual([])
    const second = await requestClusterCopy(dataDirectory)
    expect(await copies()).toHaveLength(1)
    await next.stop('SIGTERM')
    expect(await copies()).toEqual([])
    expect(() => second?.confirmServerRuns()).toThrow('the server ended')
  }, 300_000)
})

if (serverUrl !== undefined) {
  describe('on PostgreSQL', () => {
    let place: Environment
    let database: Database

    beforeAll(async () => {
      place = await onPostgres()
      expect((await keepsake(['migrate'], place)).code).toBe(0)
      database = new Database(
        {
          connection: { connectionString: place.DATABASE_URL ?? '' },
          poolSize: 2,
          sharedSession: false,
          patience: { statement: 600, connection: 10, queue: 10 },
        },
        silent,
      )
      closers.push(() => database.close())
    }, 120_000)

    it('gc waits while a backup is made', async () => {
      let gc: ReturnType<typeof keepsake> | null = null
      const order: string[] = []
      await inTurnWithBackups(
        database,
        () => {},
        async () => {
          gc = keepsake(['gc', '--delete'], place).finally(() => void order.push('gc'))
          await untilSomebodyWaits(database)
          order.push('backup')
        },
      )
      expect(await gc).toMatchObject({
        code: 0,
        stderr: 'keepsake: waits for a backup, or for another gc, to end\n',
      })
      expect(order).toEqual(['backup', 'gc'])
    }, 120_000)

    it(`${MANY_ROWS.toLocaleString('en')} rows of galleries need no more than 300 MB, there and back`, async () => {
      await fillWithMany(database, new DiskImages(path.join(place.KEEPSAKE_DATA_DIR ?? '', 'images')))
      const set = newDirectory()
      const other = await onPostgres()
      const backup = await peakMemoryOf(['backup', set], place)
      const restore = await peakMemoryOf(['restore', set], other)
      process.stdout.write(
        `backup took ${megabytes(backup.peak)} MB at most, restore ${megabytes(restore.peak)} MB\n`,
      )
      expect([backup.code, restore.code]).toEqual([0, 0])
      expect(backup.peak).toBeLessThan(MOST_MEMORY)
      expect(restore.peak).toBeLessThan(MOST_MEMORY)
      expect(backup.peak).toBeGreaterThan(0)
    }, 900_000)
  })
}

const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024)

async function untilSomebodyWaits(database: Database): Promise<void> {
  const waiting = sql("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
  while ((await database.query(waiting)).length === 0) await new Promise((resolve) => setTimeout(resolve, 50))
}

/** 200 images, each with values of its own in 5,000 store views. */
async function fillWithMany(database: Database, images: DiskImages): Promise<void> {
  const bytes = await picture('jpeg')
  const keys = Array.from({ length: 200 }, (_, index) => `/m/a/many~${index + 1}.jpg`)
  for (const key of keys) await images.write(key, bytes)
  const statements: readonly (readonly [text: string, values?: readonly unknown[]])[] = [
    ["INSERT INTO core_website (website_id, code) VALUES (1, 'base')"],
    [
      `INSERT INTO core_store (store_id, code, website_id)
       SELECT id, 'store' || id, 1 FROM generate_series(1, ${MANY_ROWS / keys.length}) id`,
    ],
    ["INSERT INTO eav_attribute_set VALUES (4, 'Default', true)"],
    ["INSERT INTO catalog_product_entity VALUES (1, 'Sku', 'sku', 4)"],
    [
      `INSERT INTO media_file (path, storage_key, format, width, height, size, sha256)
       SELECT '/m/a/many_' || number || '.jpg', key, 'jpeg', 64, 48, $2, $3
         FROM unnest($1::text[]) WITH ORDINALITY AS keys (key, number)`,
      [keys, bytes.length, createHash('sha256').update(bytes).digest()],
    ],
    ['INSERT INTO catalog_product_entity_media_gallery (entity_id, value) SELECT 1, path FROM media_file'],
    [
      `INSERT INTO catalog_product_entity_media_gallery_value
       SELECT value_id, store_id, 'the label of ' || value_id || ' in ' || store_id, 1, 0
         FROM catalog_product_entity_media_gallery, core_store WHERE store_id > 0`,
    ],
  ]
  for (const [text, values] of statements) await database.query(sql(text), values)
}
