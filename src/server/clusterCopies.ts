import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { constants } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import pLimit from 'p-limit'
import type { Log } from '../contract/log'
import type { Settings } from '../settings/settings'
import type { Database } from '../store/database/database'

/** The socket in a data directory on which its server provides copies of the embedded database. */
export const COPY_SOCKET = 'backup.sock'

const COPY_PREFIX = 'backup-copy-'
/** The longest path of a Unix socket that every system accepts, in bytes. */
const LONGEST_SOCKET_PATH = 103

/** The server's answer to a connection, as one line of JSON. */
export type CopyAnswer =
  /** The name of a directory within the data directory. It exists as long as the connection. */
  | { readonly copy: string }
  /** The line for the person at the terminal. */
  | { readonly failure: string }

export interface ClusterCopies {
  /** Ends the connections, which also deletes the copies. */
  close(): Promise<void>
}

/**
 * Gives a copy of the embedded database to every process of the same user that connects: the files of one
 * moment, which that process opens as a database of its own. Other databases, databases in memory, and
 * Windows have no such service.
 */
export async function serveClusterCopies(
  { databaseUrl, memory, dataDir }: Pick<Settings, 'databaseUrl' | 'memory' | 'dataDir'>,
  database: Database,
  log: Log,
): Promise<ClusterCopies> {
  if (databaseUrl !== null || memory || process.platform === 'win32') return { close: async () => {} }
  const root = path.resolve(dataDir)
  await removeCopies(root)
  const inTurn = pLimit(1)
  const connections = new Set<Promise<void>>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    const work = giveCopy(socket, root, database, inTurn, log).finally(() => {
      sockets.delete(socket)
      connections.delete(work)
    })
    connections.add(work)
  })
  const remove = await listenPrivately(server, path.join(root, COPY_SOCKET)).catch((err: unknown) => {
    log.error({ err }, 'no backup can be made while this server runs')
    return null
  })
  if (!remove) return { close: async () => {} }
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await Promise.all([closed, ...connections])
      await remove()
    },
  }
}

async function giveCopy(
  socket: Socket,
  root: string,
  database: Database,
  inTurn: <T>(work: () => Promise<T>) => Promise<T>,
  log: Log,
): Promise<void> {
  const gone = new Promise((resolve) => socket.once('close', resolve))
  // A failed socket is also closed. Without this listener, the error would end the process.
  socket.on('error', () => undefined)
  socket.resume()
  const answer = (said: CopyAnswer) => socket.write(`${JSON.stringify(said)}\n`)
  const name = `${COPY_PREFIX}${randomBytes(6).toString('hex')}`
  const copy = path.join(root, name)
  try {
    await inTurn(() => copyCluster(database, path.join(root, 'database'), path.join(copy, 'database')))
    answer({ copy: name })
    await gone
  } catch (err) {
    log.error({ err }, 'the embedded database could not be copied for a backup')
    answer({
      failure: `the server could not copy its database: ${err instanceof Error ? err.message : String(err)}`,
    })
    socket.end()
  } finally {
    await rm(copy, { recursive: true, force: true }).catch((err: unknown) =>
      log.error({ err }, 'a copy of the embedded database was left behind: the next start removes it'),
    )
  }
}

/**
 * Copies the files while a transaction holds the only session, so that no file changes. After its checkpoint
 * nothing needs to be replayed.
 */
async function copyCluster(database: Database, from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 })
  await database.transactionOnce(async (rows) => {
    await rows.query({ name: '', text: 'CHECKPOINT' })
    await cp(from, to, {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (source) => !path.basename(source).startsWith('.s.PGSQL.'),
    })
  })
}

/** Removes copies that a killed server has left. */
async function removeCopies(root: string): Promise<void> {
  for (const name of await readdir(root))
    if (name.startsWith(COPY_PREFIX)) await rm(path.join(root, name), { recursive: true, force: true })
}

/**
 * Listens on a socket that only this user may use. If its path is too long, the socket is elsewhere, and a
 * link leads to it.
 */
async function listenPrivately(server: Server, socket: string): Promise<() => Promise<void>> {
  await rm(socket, { force: true })
  if (Buffer.byteLength(socket) <= LONGEST_SOCKET_PATH) {
    await listenAt(server, socket)
    return async () => {}
  }
  const directory = await mkdtemp(path.join(os.tmpdir(), 'keepsake-'))
  const elsewhere = path.join(directory, COPY_SOCKET)
  await listenAt(server, elsewhere)
  await symlink(elsewhere, socket)
  return async () => {
    await rm(socket, { force: true })
    await rm(directory, { recursive: true, force: true })
  }
}

/**
 * Listens with the umask set, so that the socket has its mode from the beginning: it is created before
 * `listen` returns.
 */
async function listenAt(server: Server, socket: string): Promise<void> {
  const listening = once(server, 'listening')
  const mask = process.umask(0o177)
  try {
    server.listen(socket)
  } finally {
    process.umask(mask)
  }
  await listening
}
