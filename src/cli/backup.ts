import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { type CopiedImages, copyImages } from '../backup/copiedImages'
import { makeDirectory, UNFINISHED } from '../backup/durableFiles'
import { imageRows } from '../backup/imageRows'
import { KeptImages } from '../backup/keptImages'
import { KeySet } from '../backup/keySet'
import { type Manifest, readManifest, type SavedTableFile, writeManifest } from '../backup/manifest'
import { rowFile, writeRows } from '../backup/rowFiles'
import { markOfKey } from '../backup/sealedKey'
import { flush } from '../contract/durableFile'
import type { Settings } from '../settings/settings'
import { foreignSecretsWarning } from '../store/access/foreignSecrets'
import { SecretBox } from '../store/access/secretBox'
import { withSavedRows } from '../store/backup/savedRows'
import type { Database } from '../store/database/database'
import { lockIn } from '../store/database/dataDirectoryLock'
import { version } from '../version'
import { type KeyFlags, keepKey } from './backupKey'
import { type BackupSource, withBackupSource } from './backupSource'
import { CommandError } from './commandError'
import { progressOf } from './progress'
import { print, printAside } from './terminal'

/** The names that a backup's directory may contain. */
const OURS = /^(?:manifest\.json|rows|images|secret\.key\.sealed|backup\.lock.*|.*\.tmp)$/

/**
 * Copies rows, images and the secret key into a directory. Exits with 1 when images were damaged, or when the
 * key does not open all secrets.
 */
export async function backup(settings: Settings, directory: string, flags: KeyFlags): Promise<void> {
  const root = path.resolve(directory)
  if (`${root}${path.sep}`.startsWith(`${path.resolve(settings.dataDir)}${path.sep}`))
    throw new CommandError(`${root} is in the data directory, which it is a backup of: name another place`)
  await requireOurs(root)
  await makeDirectory(root)
  const unlock = await lockOf(root)
  try {
    await withBackupSource(settings, (source) => backupInto(root, source, settings, flags))
  } finally {
    await unlock()
  }
}

async function backupInto(
  root: string,
  source: BackupSource,
  settings: Settings,
  flags: KeyFlags,
): Promise<void> {
  const earlier = await readManifest(root)
  const secretKeyMark = markOfKey(source.secretKey)
  if (earlier && earlier.secretKeyMark !== secretKeyMark)
    throw new CommandError(
      `${root} has the backup of a shop with another secret key: name another directory, or move that one away`,
    )
  const keyLine = await keepKey(source.secretKey, root, settings, flags)
  const kept = new KeptImages(root)
  const { manifest, copied } = await copySet(root, source, kept)
  await writeManifest(root, { ...manifest, secretKeyMark })
  await deleteOthers(root, manifest, kept)
  tell(root, manifest, copied)
  print(keyLine)
}

type RowsOfSet = Omit<Manifest, 'format' | 'images' | 'secretKeyMark'>
type SetOfFiles = RowsOfSet & Pick<Manifest, 'images'>

async function copySet(
  root: string,
  source: BackupSource,
  kept: KeptImages,
): Promise<{ manifest: SetOfFiles; copied: CopiedImages['copied'] }> {
  const rows = await source.withDatabase(async (database) => {
    await tellOfForeignSecrets(database, source.secretKey)
    return saveRows(root, database)
  })
  const named = imageRows(root, { ...rows, images: { count: 0, bytes: 0, damaged: [] } })
  const total = rows.tables.find(({ name }) => name === 'media_file')?.count ?? 0
  const { images, copied } = await withProgress(total, 'images', (onImage) =>
    copyImages(named, source.images, kept, onImage),
  )
  source.confirm()
  return { manifest: { ...rows, images }, copied }
}

/**
 * Warns, and lets the command exit with 1, when the key does not open all secrets, as when a server has its
 * key from a variable.
 */
async function tellOfForeignSecrets(database: Database, secretKey: Buffer): Promise<void> {
  const warning = await foreignSecretsWarning(database, new SecretBox(secretKey))
  if (warning === null) return
  printAside(`keepsake: ${warning}`)
  process.exitCode = 1
}

async function saveRows(root: string, database: Database): Promise<RowsOfSet> {
  const rows = randomBytes(6).toString('hex')
  const directory = path.join(root, 'rows', rows)
  await makeDirectory(directory)
  return withSavedRows(database, async (saved) => {
    const taken = new Date().toISOString()
    const tables: SavedTableFile[] = []
    const total = saved.tables.reduce((sum, { count }) => sum + count, 0)
    await withProgress(total, 'rows', async (onRow) => {
      for (const { name, rows: batches } of saved.tables)
        tables.push({ name, ...(await writeRows(rowFile(root, { rows }, name), batches(), onRow)) })
    })
    for (const flushed of [directory, path.dirname(directory)]) await flush(flushed)
    return {
      version: version(),
      taken,
      schema: [...saved.schema],
      rows,
      tables,
      counters: await saved.counters(),
    }
  })
}

/** Deletes the files that the new manifest, which is already in place, does not name. */
async function deleteOthers(root: string, manifest: SetOfFiles, kept: KeptImages): Promise<void> {
  const needed = new KeySet()
  for await (const batch of imageRows(root, manifest)) for (const { key } of batch) needed.add(key)
  await kept.deleteAllBut((key) => needed.has(key))
  for (const name of await readdir(path.join(root, 'rows')))
    if (name !== manifest.rows) await rm(path.join(root, 'rows', name), { recursive: true, force: true })
  for (const name of await readdir(root))
    if (name.endsWith(UNFINISHED)) await rm(path.join(root, name), { force: true })
}

function tell(root: string, { tables, images }: SetOfFiles, copied: CopiedImages['copied']): void {
  const rows = tables.reduce((sum, { count }) => sum + count, 0)
  for (const { key, reason } of images.damaged) print(`damaged ${key}: ${reason}`)
  if (images.damaged.length > 0) process.exitCode = 1
  print(
    `Backed up ${rows} rows and ${images.count} images of ${images.bytes} bytes to ${root}; ` +
      `${copied.count} images of ${copied.bytes} bytes were new.`,
  )
}

/** Runs work and shows the progress of its steps. */
export async function withProgress<T>(
  total: number,
  things: string,
  work: (onStep: () => void) => Promise<T>,
): Promise<T> {
  const progress = progressOf(total, things)
  try {
    return await work(() => progress.advance())
  } finally {
    progress.stop()
  }
}

/** Refuses a directory that contains anything else, because it was probably named by mistake. */
async function requireOurs(root: string): Promise<void> {
  const names = await readdir(root).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return []
    throw thrown
  })
  const other = names.find((name) => !OURS.test(name))
  if (other !== undefined)
    throw new CommandError(`${root} holds ${other}, which is not of a backup: name a new or empty directory`)
}

/**
 * Keeps other backups out of the directory until the returned function is called. The lock of a killed
 * process is taken over.
 */
async function lockOf(root: string): Promise<() => Promise<void>> {
  const lock = await lockIn(root, 'backup.lock', {
    onWait: (message) => print(message),
    onLost() {
      printAside(`keepsake: another process may write to ${root} as well`)
      process.exit(1)
    },
  })
  if (!lock) throw new CommandError(`another backup writes to ${root}: wait for it`)
  return () => lock.release()
}
