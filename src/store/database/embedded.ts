import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { hasCluster, makeCluster, unopenable, unpacked } from './clusterFiles'
import type { DatabaseOptions } from './database'

/** The embedded PostgreSQL, listening on a socket. */
export interface EmbeddedDatabase {
  readonly connection: DatabaseOptions['connection']
  close(): Promise<void>
}

export interface EmbeddedOptions {
  /** The directory of the cluster; null keeps it in memory. */
  readonly directory: string | null
  /** The archive of a cluster to begin with, which saves 4 s and 0.8 GB. Without it, a cluster is created. */
  readonly preparedCluster: string
}

const PORT = 5432

/**
 * Starts PostgreSQL (PGlite) in this process, behind a socket in a directory that only this user can enter.
 * The caller must hold the directory's lock: two processes on one cluster lose rows.
 */
export async function startEmbedded({
  directory,
  preparedCluster,
}: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const pglite = await openCluster(directory, preparedCluster)
  const { connection, listen, remove } = await privateSocket(directory)
  // One connection is for the pool and one for migrations. PGlite runs their statements one after the other.
  const server = new PGLiteSocketServer({ db: pglite, maxConnections: 4, ...listen })
  await server.start()
  return {
    connection,
    async close() {
      await server.stop()
      await pglite.close()
      await remove()
    },
  }
}

async function openCluster(directory: string | null, preparedCluster: string): Promise<PGlite> {
  if (directory === null) return openInMemory(preparedCluster)
  if (!hasCluster(directory)) await makeCluster(directory, preparedCluster)
  try {
    return await PGlite.create({ dataDir: directory })
  } catch (thrown) {
    throw await unopenable(directory, thrown)
  }
}

async function openInMemory(preparedCluster: string): Promise<PGlite> {
  const dataDir = 'memory://'
  if (!existsSync(preparedCluster)) return PGlite.create({ dataDir })
  // Unpack it first: PGlite would unpack it as a stream, which takes three times as long.
  return PGlite.create({ dataDir, loadDataDir: new Blob([await unpacked(preparedCluster)]) })
}

/**
 * The longest path of a Unix socket that every system accepts is 103 bytes; this leaves room for the file's
 * name.
 */
const LONGEST_SOCKET_DIRECTORY = 85

/**
 * Returns a Unix socket in the cluster's own directory, or in a new private directory if that path is too
 * long; on Windows a loopback port.
 */
async function privateSocket(cluster: string | null) {
  if (process.platform === 'win32') {
    const port = 20_000 + Math.floor(Math.random() * 40_000)
    return {
      connection: { host: '127.0.0.1', port },
      listen: { host: '127.0.0.1', port },
      remove: async () => {},
    }
  }
  const fits = cluster !== null && Buffer.byteLength(cluster) <= LONGEST_SOCKET_DIRECTORY
  const directory = fits ? cluster : await mkdtemp(path.join(os.tmpdir(), 'keepsake-'))
  const socket = path.join(directory, `.s.PGSQL.${PORT}`)
  // A killed process leaves its socket behind. The caller holds the lock of the directory, so that process
  // has ended.
  await rm(socket, { force: true })
  return {
    connection: { host: directory, port: PORT },
    listen: { path: socket },
    remove: () => rm(fits ? socket : directory, { recursive: true, force: true }),
  }
}
