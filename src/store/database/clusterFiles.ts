import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'
import { parseTar } from 'nanotar'
import pLimit from 'p-limit'
import { flush } from '../../contract/durableFile'
import { DataDirectoryUnusable, isRefusedWrite } from './dataDirectoryUnusable'

/** How many files are written or flushed at the same time. */
const AT_ONCE = 32

/** Whether a complete cluster exists there. A cluster gets its name only when it is complete. */
export function hasCluster(directory: string): boolean {
  return existsSync(path.join(directory, 'PG_VERSION'))
}

/**
 * Creates a cluster under another name, flushes it, and then renames it, so that it is complete and durable,
 * or absent. A half-made cluster of a killed process is made again. The caller must hold the lock of the data
 * directory.
 *
 * @param preparedCluster the archive to begin with; without it, PGlite creates the cluster
 * @throws DataDirectoryUnusable
 */
export async function makeCluster(directory: string, preparedCluster: string): Promise<void> {
  const unfinished = `${directory}.unfinished`
  try {
    await rm(unfinished, { recursive: true, force: true })
    if (existsSync(preparedCluster)) await unpackInto(unfinished, await unpacked(preparedCluster))
    else await initialise(unfinished)
    // Check for space first: a database that cannot store its first rows is of no use.
    const refusal = await refusalToWrite(unfinished)
    if (refusal !== null) throw refusal
    await flushTree(unfinished)
    await rmdir(directory).catch(unlessAbsent)
    await rename(unfinished, directory)
    await flush(path.dirname(directory))
  } catch (thrown) {
    // Ignore a failure to remove it: the next start removes it, and the first failure is the one that says
    // what went wrong.
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined)
    throw notMade(directory, thrown)
  }
}

/** Returns the bytes of a cluster's archive, decompressed. */
export async function unpacked(preparedCluster: string): Promise<Buffer> {
  return promisify(gunzip)(await readFile(preparedCluster), { chunkSize: UNPACKED_AT_ONCE })
}

/** In bytes: larger than the archive, so that it is decompressed as one chunk. */
const UNPACKED_AT_ONCE = 64 * 1024 * 1024

/**
 * Explains why an existing cluster cannot be opened. PGlite does not say when the system refuses to write.
 */
export async function unopenable(directory: string, thrown: unknown): Promise<DataDirectoryUnusable> {
  const what = `the database in ${directory} cannot be opened`
  const refusal = await refusalToWrite(directory)
  if (refusal !== null) return new DataDirectoryUnusable(what, refusal)
  const cause = thrown instanceof Error ? thrown : new Error('its files are damaged', { cause: thrown })
  return new DataDirectoryUnusable(what, cause, 'put back a backup of it')
}

async function unpackInto(directory: string, archive: Buffer): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  // The parser would read all memory behind a view, so it gets an array of its own.
  const entries = parseTar(new Uint8Array(archive))
  const write = pLimit(AT_ONCE)
  for (const { name } of entries.filter(({ type }) => type === 'directory')) {
    await mkdir(path.join(directory, name), { recursive: true, mode: 0o700 })
  }
  await allDone(
    entries
      .filter(({ type }) => type === 'file')
      .map(({ name, data = NOTHING }) =>
        write(() => writeFile(path.join(directory, name), data, { mode: 0o600 })),
      ),
  )
}

const NOTHING = new Uint8Array()

async function initialise(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const pglite = await PGlite.create({ dataDir: directory })
  await pglite.close()
}

async function flushTree(directory: string): Promise<void> {
  const inTurn = pLimit(AT_ONCE)
  const names = await readdir(directory, { recursive: true })
  await allDone(['', ...names].map((name) => inTurn(() => flush(path.join(directory, name)))))
}

/** Waits for all works even when one fails, so that no work writes into a directory while it is removed. */
async function allDone(works: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(works)) {
    if (result.status === 'rejected') throw result.reason
  }
}

function unlessAbsent(thrown: NodeJS.ErrnoException): void {
  if (thrown.code !== 'ENOENT') throw thrown
}

function notMade(directory: string, thrown: unknown): DataDirectoryUnusable {
  const what = `the database cannot be made in ${directory}`
  const { code } = thrown as { code?: unknown }
  if (code !== 'ENOTEMPTY' && code !== 'EEXIST') return new DataDirectoryUnusable(what, thrown)
  return new DataDirectoryUnusable(
    what,
    new Error('that directory has files, and no whole database'),
    'put back a backup of it, or remove it',
  )
}

/** How much PostgreSQL allocates at once for its write-ahead log, in bytes. */
const WRITE_TRIED = 1024 * 1024

/** Returns the system's error when a file is written there; null when writing succeeds. */
async function refusalToWrite(directory: string): Promise<unknown> {
  const file = path.join(directory, `tried.${randomBytes(4).toString('hex')}.tmp`)
  try {
    await writeFile(file, Buffer.alloc(WRITE_TRIED))
    return null
  } catch (thrown) {
    return isRefusedWrite(thrown) ? thrown : null
  } finally {
    await rm(file, { force: true }).catch(() => undefined)
  }
}
