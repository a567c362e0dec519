import { existsSync } from 'node:fs'
import path from 'node:path'
import type { ImageStore } from '../catalog/ports'
import { MigrationsPending, openImages } from '../server/storage'
import type { Settings } from '../settings/settings'
import { secretKeyOf } from '../store/access/secretKey'
import { inTurnWithBackups } from '../store/backup/backupLock'
import type { Database } from '../store/database/database'
import { requestClusterCopy } from './clusterCopy'
import { CommandError } from './commandError'
import { createLogger } from './logger'
import { printAside } from './terminal'
import { withStorage } from './withStorage'

/** The data that a backup reads. */
export interface BackupSource {
  readonly images: ImageStore
  readonly secretKey: Buffer
  /** Opens a database with the rows, and closes it after the work. It can be called once. */
  withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T>
  /** Throws when bytes may have been deleted since. */
  confirm(): void
}

/** Opens what the settings name, whether a server uses it or not. */
export async function withBackupSource<T>(
  settings: Settings,
  work: (source: BackupSource) => Promise<T>,
): Promise<T> {
  const dataDirectory = path.resolve(settings.dataDir)
  const isEmbedded = settings.databaseUrl === null && !settings.memory
  // Without this check, a mistyped directory would be backed up as a new, empty shop.
  if (isEmbedded && !existsSync(path.join(dataDirectory, 'database')))
    throw new CommandError(
      `there is no database in ${dataDirectory}: name another --data-dir, or DATABASE_URL`,
    )
  const copy = isEmbedded ? await requestClusterCopy(dataDirectory) : null
  const keyOf = async () => settings.secretKey ?? secretKeyOf(dataDirectory)
  if (!copy) {
    return withUnchangedStorage(settings, ({ database, images }) =>
      inTurnWithBackups(database, tellOfWait, async () =>
        work({ images, secretKey: await keyOf(), withDatabase: (read) => read(database), confirm() {} }),
      ),
    )
  }
  try {
    const secretKey = await keyOf()
    return await work({
      images: await openImages(settings, createLogger(settings)),
      secretKey,
      async withDatabase(read) {
        const ofCopy = { ...settings, dataDir: copy.directory, secretKey: Buffer.from(secretKey) }
        try {
          return await withStorage(ofCopy, ({ database }) => read(database))
        } catch (thrown) {
          copy.confirmServerRuns()
          throw thrown
        } finally {
          await copy.remove()
        }
      },
      confirm: () => copy.confirmServerRuns(),
    })
  } finally {
    copy.release()
  }
}

async function withUnchangedStorage<T>(
  settings: Settings,
  work: Parameters<typeof withStorage<T>>[1],
): Promise<T> {
  try {
    return await withStorage({ ...settings, migrate: false }, work)
  } catch (thrown) {
    if (!(thrown instanceof MigrationsPending)) throw thrown
    throw new CommandError(
      'the database has an older schema: back it up with the version that serves it, or run keepsake migrate first',
    )
  }
}

function tellOfWait(): void {
  printAside('keepsake: waits for another backup, or for gc, to end')
}
