import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { PREPARED_CLUSTER } from '../src/server/storage'
import { Database } from '../src/store/database/database'
import { startEmbedded } from '../src/store/database/embedded'
import { migrate } from '../src/store/database/migrate'

/** Makes the cluster that a new embedded database begins with: made once here, not at each first start. */
async function main(): Promise<void> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'keepsake-cluster-'))
  try {
    await makeCluster(directory)
    const pglite = await PGlite.create({ dataDir: directory })
    for (const statement of SMALLER) await pglite.exec(statement)
    const dump = await pglite.dumpDataDir('gzip')
    await pglite.close()
    await writeFile(PREPARED_CLUSTER, Buffer.from(await dump.arrayBuffer()))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/**
 * Every byte and every file of it is copied at each start of a server in memory. The templates are for making databases,
 * of which an embedded cluster has one for ever.
 */
const SMALLER = [
  'UPDATE pg_database SET datistemplate = false',
  'DROP DATABASE template0',
  'DROP DATABASE template1',
  'CHECKPOINT',
]

/** In megabytes; PostgreSQL's own 16 are two fifths of a cluster that has little in it. */
const WAL_SEGMENT = 1

async function makeCluster(directory: string): Promise<void> {
  const empty = await PGlite.create({
    dataDir: directory,
    initDbStartParams: [`--wal-segsize=${WAL_SEGMENT}`],
  })
  await empty.close()
  const embedded = await startEmbedded({ directory, preparedCluster: '' })
  const database = new Database(
    { connection: embedded.connection, poolSize: 1, sharedSession: true },
    console,
  )
  await migrate(database, embedded.connection)
  await database.close()
  await embedded.close()
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
