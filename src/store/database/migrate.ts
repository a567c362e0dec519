import { migrations } from '../../../migrations/index'
import { PlainError } from '../../contract/plainError'
import { type Database, type DatabaseOptions, onlyRow } from './database'
import { withMigrator } from './migrator'

/** An arbitrary number, the same in every process. The process that holds this lock migrates; others wait. */
export const MIGRATION_LOCK = 0x6b656570
/** A migration of a large shop may take long, and a process that waits for it must not give up too early. */
const LONGEST_WAIT_MS = 3_600_000

const knowsMigrations = {
  name: 'knows_migrations',
  text: "SELECT to_regclass('knex_migrations') IS NOT NULL AS known",
}

const migrationsDone = { name: 'migrations_done', text: 'SELECT name FROM knex_migrations' }

/** The database was migrated by a later version than this one. */
export class DatabaseTooNew extends PlainError {
  override readonly name = 'DatabaseTooNew'
}

/** Returns the migrations that the database lacks, in order. @throws DatabaseTooNew */
export async function pendingMigrations(database: Database): Promise<readonly string[]> {
  const { known } = onlyRow(await database.query<{ known: boolean }>(knowsMigrations))
  const rows = known ? await database.query<{ name: string }>(migrationsDone) : []
  return lacking(rows.map(({ name }) => name))
}

/** The migrations that are not among these, in order. @throws DatabaseTooNew when one of these is of a later version */
function lacking(names: readonly string[]): readonly string[] {
  const done = new Set(names)
  const later = [...done].filter((name) => !migrations.has(name))
  if (later.length > 0)
    throw new DatabaseTooNew(
      `a later version of Keepsake has migrated the database (${later.join(', ')}): start that version, or restore a backup from before the upgrade`,
    )
  return [...migrations.keys()].filter((name) => !done.has(name))
}

/**
 * Migrates the database to this version's schema. Several processes may call it at the same time: one
 * migrates, and the others wait, for an hour at most.
 *
 * @throws DatabaseTooNew, LockNotGiven
 */
export async function migrate(database: Database, connection: DatabaseOptions['connection']): Promise<void> {
  if ((await pendingMigrations(database)).length === 0) return
  const work = () =>
    withMigrator(connection, async (migrator) => {
      // Another process may have migrated while this one waited.
      for (const name of lacking(await migrator.done())) await migrator.apply(name)
    })
  await database.exclusively(MIGRATION_LOCK, work, LONGEST_WAIT_MS)
}

/**
 * Creates the tables of a database again, with only the first of the migrations. All rows are deleted.
 *
 * @param names the first names of the list, in order
 */
export async function remake(
  database: Database,
  connection: DatabaseOptions['connection'],
  names: readonly string[],
): Promise<void> {
  await database.exclusively(
    MIGRATION_LOCK,
    () =>
      withMigrator(connection, async (migrator) => {
        for (const name of [...(await migrator.done())].reverse()) await migrator.undo(name)
        for (const name of names) await migrator.apply(name)
      }),
    LONGEST_WAIT_MS,
  )
}
