import { Client } from 'pg'
import { type Migration, migrations } from '../../../migrations/index'
import type { DatabaseOptions } from './database'

/** The library that ran the migrations of the first databases named the table, and made it in this form. */
const makeMemory = `
  CREATE TABLE IF NOT EXISTS knex_migrations (
    id serial PRIMARY KEY,
    name varchar(255),
    batch integer,
    migration_time timestamptz
  )`

const CONNECT_MS = 60_000

/** Changes the schema. Who uses it holds MIGRATION_LOCK. */
export class Migrator {
  constructor(private readonly client: Client) {}

  /** Which migrations the database has, in the order in which they ran. */
  async done(): Promise<readonly string[]> {
    await this.client.query(makeMemory)
    const { rows } = await this.client.query<{ name: string }>('SELECT name FROM knex_migrations ORDER BY id')
    return rows.map(({ name }) => name)
  }

  /** Runs a migration and remembers it: both, or neither when it fails. */
  async apply(name: string): Promise<void> {
    // PostgreSQL runs the statements of one message in one transaction.
    await this.client.query(`
      ${migrationOf(name).up};
      INSERT INTO knex_migrations (name, batch, migration_time)
      SELECT ${this.client.escapeLiteral(name)}, coalesce(max(batch), 0) + 1, now() FROM knex_migrations`)
  }

  /** Undoes a migration, with all rows in its tables, and forgets it. */
  async undo(name: string): Promise<void> {
    await this.client.query(`
      ${migrationOf(name).down};
      DELETE FROM knex_migrations WHERE name = ${this.client.escapeLiteral(name)}`)
  }
}

/** Runs `work` on a connection of its own: a migration may take longer than a statement of the server's is given. */
export async function withMigrator(
  connection: DatabaseOptions['connection'],
  work: (migrator: Migrator) => Promise<void>,
): Promise<void> {
  const client = new Client({
    ...('connectionString' in connection
      ? connection
      : { ...connection, user: 'postgres', database: 'postgres' }),
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  })
  // A connection that is lost fails its statement; unheard, it would end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    await work(new Migrator(client))
  } finally {
    await client.end()
  }
}

function migrationOf(name: string): Migration {
  const migration = migrations.get(name)
  if (!migration) throw new Error(`there is no migration ${name}`)
  return migration
}
