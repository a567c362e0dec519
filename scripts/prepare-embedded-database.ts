import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { PREPARED_CLUSTER } from '../src/server/storage'
import { Database } from '../src/store/database/database'
import { startEmbedded } from '../src/store/database/embedded'
import { migrate } from '../src/store/database/migrate'

/** Makes the PostgreSQL cluster that each new embedded database starts from, so that a first start only copies it. */
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
 * Statements that make the cluster smaller, because each start of a server in memory copies it. It drops the template
 * databases: they serve to create databases, and an embedded cluster only ever has one.
 */
const SMALLER = [
  'UPDATE pg_database SET datistemplate = false',
  'DROP DATABASE template0',
  'DROP DATABASE template1',
  'CHECKPOINT',
]

/**
 * The size of a segment of the write-ahead log, in megabytes. PostgreSQL's default of 16 would be two fifths of the
 * cluster.
 */
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
