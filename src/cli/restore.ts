import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { migrations } from '../../migrations/index'
import { checkSet } from '../backup/checkedSet'
import { makeDirectory, writeWhole } from '../backup/durableFiles'
import { imageRows } from '../backup/imageRows'
import { KeptImages } from '../backup/keptImages'
import type { KeySet } from '../backup/keySet'
import { type Manifest, readManifest } from '../backup/manifest'
import { imagesFrom, restoreImages } from '../backup/restoredImages'
import { readRows, rowFile } from '../backup/rowFiles'
import type { Storage } from '../server/storage'
import type { Settings } from '../settings/settings'
import { filledTable, loadRows } from '../store/backup/loadedRows'
import { migrate, remake } from '../store/database/migrate'
import { othersAtWork } from '../store/database/othersAtWork'
import { withProgress } from './backup'
import { type KeyFlags, keyOfBackup } from './backupKey'
import { CommandError } from './commandError'
import { print } from './terminal'
import { withStorage } from './withStorage'

export interface RestoreFlags extends KeyFlags {
  readonly check?: boolean
  readonly withoutSecretKey?: boolean
}

/** Restores a backup into an empty database and an empty image store, or only checks it. */
export async function restore(settings: Settings, directory: string, flags: RestoreFlags): Promise<void> {
  const root = path.resolve(directory)
  const manifest = await readManifest(root)
  if (!manifest) throw new CommandError(`there is no backup in ${root}: it has no manifest.json`)
  requireKnownSchema(manifest)
  const kept = new KeptImages(root)
  const key =
    flags.check || flags.withoutSecretKey
      ? null
      : await keyOfBackup(root, manifest.secretKeyMark, settings, flags)
  const dataDirectory = path.resolve(settings.dataDir)
  const keyFile = key && settings.secretKey === null ? path.join(dataDirectory, 'secret.key') : null
  if (key && keyFile) await requireNoOther(key, keyFile)
  const keys = await withProgress(manifest.images.count, 'images checked', (onImage) =>
    checkSet(root, manifest, kept, onImage),
  )
  const content = contentOf(manifest)
  if (flags.check) {
    print(`The backup of ${manifest.taken} is whole: ${content}.`)
    return
  }
  await withStorage(
    { ...settings, migrate: true, ...(key && { secretKey: Buffer.from(key) }) },
    async (storage) => {
      await requireEmpty(storage)
      await restoreInto(storage, root, manifest, kept, keys)
      if (key && keyFile) await putKey(key, keyFile)
      await restoreRows(storage, root, manifest)
    },
  )
  print(`Restored the backup of ${manifest.taken}: ${content}.`)
}

function contentOf({ tables, images }: Manifest): string {
  const rows = tables.reduce((sum, { count }) => sum + count, 0)
  const damaged =
    images.damaged.length === 0 ? '' : `; ${images.damaged.length} more were damaged when it was made`
  return `${rows} rows and ${images.count} images of ${images.bytes} bytes${damaged}`
}

/** @throws CommandError for a backup that neither this version nor an earlier one can have made */
function requireKnownSchema({ schema, version }: Manifest): void {
  const known = [...migrations.keys()]
  const later = schema.filter((name) => !migrations.has(name))
  if (later.length > 0)
    throw new CommandError(
      `the backup is of Keepsake ${version}, which has ${later.join(', ')}: restore it with that version or a later one`,
    )
  if (schema.some((name, index) => name !== known[index]))
    throw new CommandError(`the backup has a schema that no version has: ${schema.join(', ')}`)
}

/** Refuses to overwrite another key in the data directory. */
async function requireNoOther(key: Buffer, keyFile: string): Promise<void> {
  const present = await readFile(keyFile, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return null
    throw thrown
  })
  if (present === null || present.trim() === key.toString('hex')) return
  throw new CommandError(`the data directory is not empty: ${keyFile} holds another key than the backup's`)
}

async function putKey(key: Buffer, keyFile: string): Promise<void> {
  // The directory does not exist yet when rows and images are elsewhere.
  await makeDirectory(path.dirname(keyFile))
  await writeWhole(keyFile, [`${key.toString('hex')}\n`])
}

async function requireEmpty({ database }: Storage): Promise<void> {
  if (await othersAtWork(database))
    throw new CommandError('another process of Keepsake is connected to the database: stop the servers first')
  const table = await filledTable(database)
  if (table !== null) throw notEmpty(table)
}

function notEmpty(table: string): CommandError {
  return new CommandError(`the database is not empty: there are rows in ${table}. Name an empty one`)
}

async function restoreInto(
  { images }: Storage,
  root: string,
  manifest: Manifest,
  kept: KeptImages,
  keys: KeySet,
): Promise<void> {
  const present = await imagesFrom(images, keys)
  await withProgress(manifest.images.count, 'images', (onImage) =>
    restoreImages(imageRows(root, manifest), kept, images, present, onImage),
  )
}

/**
 * Restores the rows into the schema of the backup, and migrates them afterwards, like those of an older
 * database.
 */
async function restoreRows(
  { database, connection }: Storage,
  root: string,
  manifest: Manifest,
): Promise<void> {
  const isOlder = manifest.schema.length < migrations.size
  if (isOlder) await remake(database, connection, manifest.schema)
  const total = manifest.tables.reduce((sum, { count }) => sum + count, 0)
  await withProgress(total, 'rows', (onRow) => {
    async function* rowsOf(name: string) {
      const table = manifest.tables.find((saved) => saved.name === name)
      if (!table) return
      for await (const batch of readRows(rowFile(root, manifest, name), table)) {
        yield batch
        for (const _ of batch) onRow()
      }
    }
    return loadRows(database, { rowsOf, counters: manifest.counters }, notEmpty)
  })
  if (isOlder) await migrate(database, connection)
}
