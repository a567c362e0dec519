import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { type Finding, StoreCheck } from '../../src/catalog/upkeep/storeCheck'
import { DiskImages } from '../../src/images/diskImages'
import { Database } from '../../src/store/database/database'
import { PostgresStoredRows } from '../../src/store/galleries/storedRows'
import { type Environment, keepsake, type Serving, serving } from '../support/cli'
import { picture } from '../support/pictures'
import { shopWith } from '../support/seed'
import { silent, temporaryDatabase, temporaryDirectory } from '../support/server'
import { login } from '../support/soap'
import { browse, Shopper } from './support/shopper'

const KILLS = Number(process.env.KEEPSAKE_KILLS ?? 60)
const SHOPPERS = 6
/** Long enough for a decoder to start and images to be created; most lives end in the midst of it. */
const LONGEST_LIFE_MS = 1500
/** All files are hashed after every so many kills; the galleries are compared after each. */
const FULL_CHECK_EVERY = 10
const PRESET = 'thumbnail'

const serverUrl = process.env.TEST_DATABASE_URL
const tally = { kills: 0, acknowledged: 0, doneUnheard: 0, lost: 0, hashed: 0 }

if (serverUrl === undefined) {
  test('kills on PostgreSQL: not run, TEST_DATABASE_URL is not set', () => {
    expect(process.env.KEEPSAKE_REQUIRE_ALL).not.toBe('1')
  })
} else {
  describe('a server that is killed again and again while clients write', () => {
    let environment: Environment
    let databaseUrl: string
    let images: DiskImages
    let shoppers: readonly Shopper[]
    const closers: (() => Promise<void>)[] = []

    beforeAll(async () => {
      const { directory, remove } = await temporaryDirectory()
      const { url, drop } = await temporaryDatabase(serverUrl)
      const dataDirectory = path.join(directory, 'data')
      environment = {
        KEEPSAKE_DATA_DIR: dataDirectory,
        DATABASE_URL: url,
        KEEPSAKE_IMAGE_PRESETS: path.join(directory, 'presets.json'),
        KEEPSAKE_LOG_LEVEL: 'error',
      }
      await writeFile(environment.KEEPSAKE_IMAGE_PRESETS ?? '', JSON.stringify({ [PRESET]: { width: 20 } }))
      await writeFile(path.join(directory, 'seed.json'), seed())
      expect((await keepsake(['seed', path.join(directory, 'seed.json')], environment)).code).toBe(0)
      databaseUrl = url
      images = new DiskImages(path.join(dataDirectory, 'images'))
      const pictures = await allPictures()
      const server = await serving(environment)
      // The sessions have to outlive the kills as well.
      shoppers = await Promise.all(
        skus().map(async (sku) => new Shopper(sku, (await login(server.url)).session, pictures)),
      )
      await server.stop('SIGKILL')
      closers.push(drop, remove)
    })

    afterAll(async () => {
      for (const close of closers) await close()
      tally.acknowledged = shoppers.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
      tally.doneUnheard = shoppers.reduce((sum, { doneUnheard }) => sum + doneUnheard, 0)
      process.stdout.write(
        `${tally.kills} kills survived, ${tally.acknowledged} changes acknowledged, ` +
          `${tally.doneUnheard} done but not acknowledged, ${tally.hashed} files hashed, ${tally.lost} images lost\n`,
      )
    })

    it(
      `has lost nothing after any of ${KILLS} kills, and shows no gallery half changed`,
      async () => {
        for (let kill = 1; kill <= KILLS; kill++) {
          await killAtRandom(await restarted())
          tally.kills = kill
          if (kill % FULL_CHECK_EVERY === 0) expect(await spoiltRows()).toEqual([])
        }
        await (await restarted()).stop('SIGTERM')
        expect(await spoiltRows()).toEqual([])
      },
      60_000 + KILLS * 10_000,
    )

    it('has given every path once', () => {
      const paths = shoppers.flatMap(({ created }) => created)
      expect(new Set(paths).size).toBe(paths.length)
    })

    it('keeps gc from deleting what may be an upload under way', async () => {
      const server = await restarted()
      const { code, stderr } = await keepsake(['gc', '--delete', '--grace', '0'], environment)
      expect([code, stderr]).toEqual([1, expect.stringContaining('could delete an upload under way')])
      expect((await keepsake(['gc', '--delete', '--grace', '1'], environment)).code).toBe(0)
      await server.stop('SIGTERM')
    })

    it('is found clean by fsck, once gc has deleted what broken-off uploads left', async () => {
      expect((await keepsake(['gc', '--delete', '--grace', '0'], environment)).code).toBe(0)
      expect(await keepsake(['fsck'], environment)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^Checked \d+ rows and their files: nothing is wrong\.\n$/),
      })
    })

    it('shows after that what it showed before, and has kept every name taken', async () => {
      const server = await restarted()
      await server.stop('SIGTERM')
      const rows = await withDatabase((database) =>
        database.query<{ path: string }>({ name: 'all_paths', text: 'SELECT path FROM media_file' }),
      )
      const taken = new Set(rows.map(({ path: taken }) => taken))
      for (const { created } of shoppers) for (const file of created) expect(taken).toContain(file)
    })

    it('has recorded each image that was created once, and none that was not', async () => {
      const rows = await withDatabase((database) =>
        database.query<{ path: string }>({
          name: 'recorded_paths',
          text: "SELECT path FROM media_audit WHERE action = 'create'",
        }),
      )
      const created = shoppers.flatMap((shopper) => shopper.created)
      expect(rows.map(({ path: recorded }) => recorded).sort()).toEqual([...created].sort())
    })

    /** A new server, once it shows every client what that expects. */
    async function restarted(): Promise<Serving> {
      const server = await serving(environment)
      try {
        await Promise.all(shoppers.map((shopper) => shopper.settle(server.url)))
      } catch (thrown) {
        tally.lost++
        await server.stop('SIGKILL')
        throw thrown
      }
      return server
    }

    async function killAtRandom(server: Serving): Promise<void> {
      const work = Promise.all([
        ...shoppers.map((shopper) => shopper.work(server.url)),
        browse(server.url, shoppers, PRESET),
      ])
      try {
        await Promise.race([sleep(Math.random() * LONGEST_LIFE_MS), work])
      } finally {
        await server.stop('SIGKILL')
        await work
      }
    }

    /** What is wrong with rows; files without rows are what every kill may leave. */
    async function spoiltRows(): Promise<readonly Finding[]> {
      const found: Finding[] = []
      await withDatabase(async (database) => {
        const rows = new PostgresStoredRows(database)
        const check = new StoreCheck({ images, rows, now: () => new Date(), settle: async () => {} })
        const onRow = () => {
          tally.hashed++
        }
        for await (const finding of check.findings({ graceMs: 0, onRow })) {
          if ('path' in finding) found.push(finding)
        }
      })
      tally.lost += found.length
      return found
    }

    async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
      const connection = { connectionString: databaseUrl }
      const database = new Database({ connection, poolSize: 1, sharedSession: false }, silent)
      return work(database).finally(() => database.close())
    }
  })
}

function skus(): readonly string[] {
  return Array.from({ length: SHOPPERS }, (_, index) => `Product-${index}`)
}

function seed(): string {
  return shopWith(skus().map((sku, index) => ({ id: index + 1, sku })))
}

/** Mostly small ones, for many calls, and some whose writing takes a while, for kills in the midst of it. */
async function allPictures(): Promise<readonly Buffer[]> {
  const small = Array.from({ length: 12 }, (_, shade) => picture('jpeg', shade))
  const large = Array.from({ length: 3 }, () =>
    sharp(randomBytes(500 * 400 * 3), { raw: { width: 500, height: 400, channels: 3 } })
      .png()
      .toBuffer(),
  )
  return Promise.all([...small, ...large])
}
