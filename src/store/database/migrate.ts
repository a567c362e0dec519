import type { Knex } from 'knex'
import { migrations } from '../../../migrations/index'
import { PlainError } from '../../contract/plainError'
import { type Database, type DatabaseOptions, onlyRow } from './database'

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
  const done = new Set(rows.map(({ name }) => name))
  const later = [...done].filter((name) => !migrations.has(name))
  if (later.length > 0)
    throw new DatabaseTooNew(`the database is of a later version: it has ${later.join(', ')}`)
  return [...migrations.keys()].filter((name) => !done.has(name))
}

/**
 * Migrates the database to this version's schema. Several processes may call it at the same time: one
 * migrates, and the others wait, for an hour at most.
 *
 * @throws DatabaseTooNew, LockNotGiven
 */
export async function migrate(database: Database, connection: DatabaseOptions['connection']): Promise<void> {
  // Loading Knex takes a quarter of a second, so it is not loaded when there is nothing to migrate.
  if ((await pendingMigrations(database)).length === 0) return
  const work = async () => {
    const migrator = await migratorFor(connection)
    try {
      // A process that was killed during a migration leaves Knex's own lock behind. This process holds our
      // lock, so that process has ended.
      await migrator.migrate.forceFreeMigrationsLock()
      await migrator.migrate.latest()
    } finally {
      await migrator.destroy()
    }
  }
  await database.exclusively(MIGRATION_LOCK, work, LONGEST_WAIT_MS)
}

async function migratorFor(connection: DatabaseOptions['connection']): Promise<Knex> {
  const { default: knex } = await import('knex')
  return knex({
    client: 'pg',
    connection:
      'connectionString' in connection
        ? connection
        : { ...connection, user: 'postgres', database: 'postgres' },
    pool: { min: 0, max: 1 },
    migrations: { migrationSource: new ListedMigrations() },
  })
}

/** Finds migrations by name and not by file, because names stay the same when files are compiled. */
class ListedMigrations implements Knex.MigrationSource<string> {
  async getMigrations(): Promise<string[]> {
    return [...migrations.keys()]
  }

  getMigrationName(name: string): string {
    return name
  }

  async getMigration(name: string): Promise<Knex.Migration> {
    const migration = migrations.get(name)
    if (!migration) throw new Error(`there is no migration ${name}`)
    return migration
  }
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
    async () => {
      const migrator = await migratorFor(connection)
      try {
        await migrator.migrate.rollback(undefined, true)
        for (const _ of names) await migrator.migrate.up()
      } finally {
        await migrator.destroy()
      }
    },
    LONGEST_WAIT_MS,
  )
}
