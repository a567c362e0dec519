import { existsSync } from 'node:fs'
import path from 'node:path'
import type { ImageStore } from '../catalog/ports'
import type { Log, ServerLog } from '../contract/log'
import { PlainError } from '../contract/plainError'
import { DiskImages } from '../images/diskImages'
import { MemoryImages } from '../images/memoryImages'
import { S3Bucket } from '../images/s3/s3Bucket'
import { CredentialsFile, type S3Credentials } from '../images/s3/s3Credentials'
import { S3Images } from '../images/s3/s3Images'
import { packageRoot } from '../packageRoot'
import type { Settings } from '../settings/settings'
import { SecretBox } from '../store/access/secretBox'
import { passingSecretKey, secretKeyOf } from '../store/access/secretKey'
import { Database, type DatabaseOptions } from '../store/database/database'
import { type LockEvents, lockDataDirectory } from '../store/database/dataDirectoryLock'
import { DataDirectoryUnusable, isRefusedWrite } from '../store/database/dataDirectoryUnusable'
import { type EmbeddedDatabase, startEmbedded } from '../store/database/embedded'
import { migrate, pendingMigrations } from '../store/database/migrate'

/** The database and the image store that the settings name, ready for use. */
export interface Storage {
  readonly database: Database
  /** The address of the database, for code that connects by itself. */
  readonly connection: DatabaseOptions['connection']
  readonly images: ImageStore
  /** Encrypts secrets that are stored in the database. */
  readonly secretBox: SecretBox
  close(): Promise<void>
}

export type StorageSettings = Pick<
  Settings,
  | 'dataDir'
  | 'memory'
  | 'databaseUrl'
  | 'poolSize'
  | 'poolQueue'
  | 'connectTimeout'
  | 'statementTimeout'
  | 'statements'
  | 'migrate'
  | 'secretKey'
  | S3Setting
>

type S3Setting =
  | 'store'
  | 's3Endpoint'
  | 's3Region'
  | 's3AccessKeyId'
  | 's3SecretAccessKey'
  | 's3SessionToken'
  | 's3CredentialsFile'

/** The cluster with this version's schema, which `npm run build` creates. */
export const PREPARED_CLUSTER = path.join(packageRoot, 'dist', 'embedded-database.tar.gz')

/** The database lacks migrations, and the settings do not allow to run them. */
export class MigrationsPending extends PlainError {
  override readonly name = 'MigrationsPending'
}

/** The database does not answer or refuses the connection. The message is one line that says why. */
export class DatabaseUnreachable extends PlainError {
  override readonly name = 'DatabaseUnreachable'
}

/**
 * Opens the storage, and brings its schema up to date unless told otherwise. If a later part fails, the
 * earlier ones are closed again. Connections that fail later are logged.
 *
 * @throws DataDirectoryInUse, DataDirectoryUnusable, DatabaseUnreachable, MigrationsPending,
 * UnreadableSecretKey, UnreadableCredentials, or what the database throws
 */
export async function openStorage(
  settings: StorageSettings,
  log: ServerLog,
  onLockLost: (error: Error) => void,
): Promise<Storage> {
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    const results = await inTurn(closers.splice(0).reverse())
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }
  try {
    const options = await databaseOptions(settings, closers, lockEvents(log, onLockLost))
    const database = new Database(options, log)
    closers.push(() => database.close())
    await reach(database)
    await prepareSchema(database, options.connection, settings.migrate)
    const secretBox = new SecretBox(await secretKey(settings))
    const images = await openImages(settings, log)
    return { database, connection: options.connection, images, secretBox, close }
  } catch (thrown) {
    await close().catch(() => undefined)
    throw thrown
  }
}

/** Does work in a directory. If the system refuses to write there, the error says what a person can do. */
async function writing<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    if (!isRefusedWrite(thrown)) throw thrown
    throw new DataDirectoryUnusable(`the data directory ${directory} cannot be used`, thrown)
  }
}

/**
 * The migrations that the database lacks, in order; nothing is migrated. Null for an embedded database that is not there
 * yet, and is not made.
 *
 * @throws DataDirectoryInUse, DatabaseUnreachable, DatabaseTooNew, or what the database throws
 */
export async function plannedMigrations(
  settings: StorageSettings,
  log: ServerLog,
  onLockLost: (error: Error) => void,
): Promise<readonly string[] | null> {
  const isMissing = settings.databaseUrl === null && !existsSync(clusterOf(settings))
  if (isMissing) return null
  const closers: (() => Promise<void>)[] = []
  try {
    const options = await databaseOptions(settings, closers, lockEvents(log, onLockLost))
    const database = new Database(options, log)
    closers.push(() => database.close())
    await reach(database)
    return await pendingMigrations(database)
  } finally {
    await inTurn(closers.reverse())
  }
}

function lockEvents(log: ServerLog, onLost: (error: Error) => void): LockEvents {
  return { onWait: (message) => log.warn(message), onLost }
}

function clusterOf({ dataDir }: Pick<Settings, 'dataDir'>): string {
  return path.join(path.resolve(dataDir), 'database')
}

/** Runs all, one after the other, also when one fails: what is behind it must be closed all the same. */
async function inTurn(
  works: readonly (() => Promise<void>)[],
): Promise<readonly PromiseSettledResult<void>[]> {
  const results: PromiseSettledResult<void>[] = []
  for (const work of works) results.push(...(await Promise.allSettled([work()])))
  return results
}

/** @throws DatabaseUnreachable */
async function reach(database: Database): Promise<void> {
  try {
    await database.reach()
  } catch (thrown) {
    throw new DatabaseUnreachable(`the database cannot be reached: ${reasonOf(thrown)}`, { cause: thrown })
  }
}

/**
 * Returns the message of a failure. A host with several addresses fails at each of them, and that error has
 * no message of its own.
 */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError) return thrown.errors.map(reasonOf).join('; ')
  return thrown instanceof Error ? thrown.message : String(thrown)
}

async function databaseOptions(
  settings: StorageSettings,
  closers: (() => Promise<void>)[],
  events: LockEvents,
): Promise<DatabaseOptions> {
  const { databaseUrl, memory, dataDir, poolSize } = settings
  const patience = {
    statement: settings.statementTimeout,
    connection: settings.connectTimeout,
    queue: settings.poolQueue,
  }
  if (databaseUrl !== null) {
    const isPooled = settings.statements === 'unnamed'
    return {
      connection: { connectionString: databaseUrl },
      poolSize,
      sharedSession: false,
      isPooled,
      patience,
    }
  }
  const lock = memory ? null : await lockDataDirectory(path.resolve(dataDir), events)
  const confirmOwnership = async () => lock?.confirm()
  if (lock) closers.push(() => lock.release())
  const embedded: EmbeddedDatabase = await startEmbedded({
    directory: memory ? null : clusterOf(settings),
    preparedCluster: PREPARED_CLUSTER,
  })
  closers.push(async () => {
    // Closing the database writes to its files, which is not allowed if another process has them now.
    await confirmOwnership()
    await embedded.close()
  })
  return { connection: embedded.connection, poolSize: 1, sharedSession: true, patience, confirmOwnership }
}

async function prepareSchema(
  database: Database,
  connection: DatabaseOptions['connection'],
  mayMigrate: boolean,
): Promise<void> {
  if (mayMigrate) {
    await migrate(database, connection)
    return
  }
  const pending = await pendingMigrations(database)
  if (pending.length === 0) return
  throw new MigrationsPending(`the database lacks ${pending.join(', ')}: run keepsake migrate`)
}

/** Opens only the image store. @throws UnreadableCredentials, or what the store throws */
export async function openImages(settings: StorageSettings, log: Log): Promise<ImageStore> {
  const images = imagesOf(settings, log)
  const check = () => images.check()
  await (images instanceof DiskImages ? writing(path.resolve(settings.dataDir), check) : check())
  return images
}

function imagesOf(settings: StorageSettings, log: Log): ImageStore {
  if (settings.memory) return new MemoryImages()
  if (settings.store !== null)
    return new S3Images(bucketOf(settings, settings.store.bucket, log), settings.store.prefix)
  return new DiskImages(path.join(path.resolve(settings.dataDir), 'images'))
}

function bucketOf(settings: StorageSettings, name: string, log: Log): S3Bucket {
  const { s3Endpoint: endpoint, s3Region: region } = settings
  return new S3Bucket({ name, endpoint, region, credentials: credentialsOf(settings, log) })
}

function credentialsOf(settings: StorageSettings, log: Log): () => Promise<S3Credentials> {
  if (settings.s3CredentialsFile !== null) {
    const file = new CredentialsFile(settings.s3CredentialsFile, log)
    return () => file.current()
  }
  const credentials = {
    accessKeyId: settings.s3AccessKeyId ?? '',
    secretAccessKey: settings.s3SecretAccessKey ?? '',
    sessionToken: settings.s3SessionToken,
  }
  return async () => credentials
}

async function secretKey({ secretKey, memory, dataDir }: StorageSettings): Promise<Buffer> {
  if (secretKey !== null) return secretKey
  if (memory) return passingSecretKey()
  const directory = path.resolve(dataDir)
  return writing(directory, () => secretKeyOf(directory))
}
