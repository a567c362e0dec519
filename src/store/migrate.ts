import knex, { type Knex } from 'knex'
import { migrations } from '../../migrations'
import type { Database, DatabaseOptions } from './database'

/** Any number, the same in every process: who holds it migrates, the others wait. */
const MIGRATION_LOCK = 0x6b656570

/** Brings the database to this version's schema; safe when several processes do it at once. Answers what it ran. */
export async function migrate(
  database: Database,
  connection: DatabaseOptions['connection'],
): Promise<readonly string[]> {
  return database.exclusively(MIGRATION_LOCK, async () => {
    const migrator = migratorFor(connection)
    try {
      // A process that was killed while it migrated leaves knex's own lock behind; ours tells that it is gone.
      await migrator.migrate.forceFreeMigrationsLock()
      const [, ran] = (await migrator.migrate.latest()) as [number, string[]]
      return ran
    } finally {
      await migrator.destroy()
    }
  })
}

/** The migrations that the database lacks, in order. */
export async function pendingMigrations(
  connection: DatabaseOptions['connection'],
): Promise<readonly string[]> {
  const migrator = migratorFor(connection)
  try {
    const [, pending] = (await migrator.migrate.list()) as [unknown, string[]]
    return pending
  } finally {
    await migrator.destroy()
  }
}

function migratorFor(connection: DatabaseOptions['connection']): Knex {
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
