import type { Knex } from 'knex'
import { migrations } from '../../../migrations/index'
import { PlainError } from '../../contract/plainError'
import { type Database, type DatabaseOptions, onlyRow } from './database'

/** Any number, the same in every process: who holds it migrates, the others wait. */
export const MIGRATION_LOCK = 0x6b656570
/** A migration of a large shop may take long, and a start that waits for it must not give up on the way. */
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

/** The migrations that the database lacks, in order. @throws DatabaseTooNew */
export async function pendingMigrations(database: Database): Promise<readonly string[]> {
  const { known } = onlyRow(await database.query<{ known: boolean }>(knowsMigrations))
  const rows = known ? await database.query<{ name: string }>(migrationsDone) : []
  const done = new Set(rows.map(({ name }) => name))
  requireKnown([...done])
  return [...migrations.keys()].filter((name) => !done.has(name))
}

/** @throws DatabaseTooNew */
function requireKnown(done: readonly string[]): void {
  const later = done.filter((name) => !migrations.has(name))
  if (later.length > 0)
    throw new DatabaseTooNew(
      `a later version of Keepsake has migrated the database (${later.join(', ')}): start that version, or restore a backup from before the upgrade`,
    )
}

/**
 * Brings the database to this version's schema; safe when several processes do it at once: one does, and the others wait,
 * for an hour at most. @throws DatabaseTooNew, LockNotGiven
 */
export async function migrate(database: Database, connection: DatabaseOptions['connection']): Promise<void> {
  // Knex takes a quarter of a second to load and look, which a start that has nothing to migrate need not wait for.
  if ((await pendingMigrations(database)).length === 0) return
  const work = async () => {
    const migrator = await migratorFor(connection)
    try {
      // A process that was killed while it migrated leaves knex's own lock behind; ours tells that it is gone.
      await migrator.migrate.forceFreeMigrationsLock()
      // A later version may have migrated while this one waited for it.
      if (await migrator.schema.hasTable('knex_migrations')) {
        requireKnown(await migrator('knex_migrations').pluck('name'))
      }
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

/** Migrations by name, not by file: the names stay when the files are compiled. */
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
