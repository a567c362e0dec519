import { createHash } from 'node:crypto'
import { PREPARED_CLUSTER } from '../../src/server/storage'
import { Database, type DatabaseOptions, type Statement } from '../../src/store/database/database'
import { startEmbedded } from '../../src/store/database/embedded'
import { migrate } from '../../src/store/database/migrate'
import { silent, temporaryDatabase } from './server'

/** A database of its own with this version's schema. */
export interface OpenDatabase {
  readonly database: Database
  readonly connection: DatabaseOptions['connection']
  /** The same database as another process has it open; the embedded one has no other, and so is itself. */
  elsewhere(): Database
  close(): Promise<void>
}

/** A statement of a test's own, under a name that no other statement has. */
export function sql(text: string): Statement {
  return { name: `test_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`, text }
}

/** Opens PostgreSQL in this process, in memory. */
export async function openEmbedded(): Promise<OpenDatabase> {
  const embedded = await startEmbedded({ directory: null, preparedCluster: PREPARED_CLUSTER })
  const { connection } = embedded
  const database = new Database({ connection, poolSize: 1, sharedSession: true }, silent)
  await migrate(database, connection)
  return {
    database,
    connection,
    elsewhere: () => database,
    async close() {
      await database.close()
      await embedded.close()
    },
  }
}

/** Makes a database on a real server, which is dropped when it is closed. */
async function openOnServer(serverUrl: string): Promise<OpenDatabase> {
  const { url, drop } = await temporaryDatabase(serverUrl)
  const connection = { connectionString: url }
  const opened: Database[] = []
  const open = () => {
    const database = new Database({ connection, poolSize: 10, sharedSession: false }, silent)
    opened.push(database)
    return database
  }
  const database = open()
  await migrate(database, connection)
  return {
    database,
    connection,
    elsewhere: open,
    async close() {
      for (const each of opened) await each.close()
      await drop()
    },
  }
}

/**
 * Runs a suite on the embedded database, and on a real PostgreSQL when TEST_DATABASE_URL names one. Without it, the
 * report says so; with KEEPSAKE_REQUIRE_ALL=1 that is a failure.
 */
export function describeOnEachDatabase(title: string, suite: (opened: () => OpenDatabase) => void): void {
  describeOn(`${title}, on the embedded database`, openEmbedded, suite)
  const serverUrl = process.env.TEST_DATABASE_URL
  if (serverUrl) {
    describeOn(`${title}, on PostgreSQL`, () => openOnServer(serverUrl), suite)
    return
  }
  test(`${title}, on PostgreSQL: not run, TEST_DATABASE_URL is not set`, () => {
    expect(process.env.KEEPSAKE_REQUIRE_ALL).not.toBe('1')
  })
}

function describeOn(
  title: string,
  open: () => Promise<OpenDatabase>,
  suite: (opened: () => OpenDatabase) => void,
): void {
  describe(title, () => {
    let current: OpenDatabase

    beforeAll(async () => {
      current = await open()
    })

    afterAll(() => current.close())

    suite(() => current)
  })
}
