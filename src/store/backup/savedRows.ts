import type { Database, Queryable, Statement } from '../database/database'
import { onlyRow } from '../database/database'
import { countersOf, type Table, tablesOf } from '../database/tables'

/**
 * The tables that a backup leaves out. Variants are made again. Released bytes are not backed up, so neither
 * is the record of their release. A session that ended after the backup must not become valid again.
 */
const LEFT_OUT: ReadonlySet<string> = new Set(['media_variant', 'media_released', 'api_session'])

/** How many rows are read into memory at once. */
const BATCH = 1000

/** The rows of one moment. They can be read only while the work that received them runs. */
export interface SavedRows {
  /** The names of the migrations that the database has, in order. */
  readonly schema: readonly string[]
  /** The tables, each after all tables that it refers to. */
  readonly tables: readonly SavedTable[]
  /**
   * Returns the states of the sequences, by their names. The ids that they give next belong to no row yet.
   */
  counters(): Promise<Readonly<Record<string, SavedCounter>>>
}

export interface SavedTable {
  readonly name: string
  readonly count: number
  /** Yields the rows in batches, each row as one line of JSON. */
  rows(): AsyncGenerator<readonly string[]>
}

export interface SavedCounter {
  /** A bigint in decimal digits. */
  readonly value: string
  readonly isCalled: boolean
}

/** Returns the tables that a backup contains, each after all tables that it refers to. */
export async function savedTablesOf(rows: Queryable): Promise<readonly Table[]> {
  return (await tablesOf(rows)).filter(({ name }) => !LEFT_OUT.has(name))
}

/**
 * Gives `work` the rows of one moment, however long it takes, by cursors in one transaction (REPEATABLE
 * READ). Other processes can write meanwhile; only a migration waits.
 */
export async function withSavedRows<T>(
  database: Database,
  work: (saved: SavedRows) => Promise<T>,
): Promise<T> {
  const tables = await savedTablesOf(database)
  const counters = await countersOf(database)
  return database.transactionOnce(async (rows) => {
    for (const text of transactionOf(tables)) await rows.query({ name: '', text })
    const saved: SavedTable[] = []
    for (const table of tables) saved.push(await savedTable(rows, table))
    return work({
      schema: (await rows.query<{ name: string }>(schema)).map(({ name }) => name),
      tables: saved,
      counters: () => valuesOf(rows, counters),
    })
  })
}

const schema: Statement = { name: 'saved_schema', text: 'SELECT name FROM knex_migrations ORDER BY id' }

/** Takes the locks before the first read, so that no migration can run in between. */
function transactionOf(tables: readonly Table[]): readonly string[] {
  return [
    'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY',
    'SET LOCAL idle_in_transaction_session_timeout = 0',
    `LOCK TABLE ${[...tables.map(({ name }) => name), 'knex_migrations'].join(', ')} IN ACCESS SHARE MODE`,
  ]
}

async function savedTable(rows: Queryable, { name }: Table): Promise<SavedTable> {
  const count = { name: '', text: `SELECT count(*)::float8 AS count FROM ${name}` }
  return {
    name,
    count: onlyRow(await rows.query<{ count: number }>(count)).count,
    rows: () => rowsOf(rows, name),
  }
}

async function* rowsOf(rows: Queryable, table: string): AsyncGenerator<readonly string[]> {
  const declare = `DECLARE saved_rows NO SCROLL CURSOR FOR SELECT row_to_json(saved)::text AS row FROM ${table} saved`
  await rows.query({ name: '', text: declare })
  for (;;) {
    const batch = await rows.query<{ row: string }>({ name: '', text: `FETCH ${BATCH} FROM saved_rows` })
    if (batch.length === 0) break
    yield batch.map(({ row }) => row)
  }
  await rows.query({ name: '', text: 'CLOSE saved_rows' })
}

async function valuesOf(
  rows: Queryable,
  counters: readonly string[],
): Promise<Readonly<Record<string, SavedCounter>>> {
  const values: Record<string, SavedCounter> = {}
  for (const counter of counters) {
    const text = `SELECT last_value::text AS value, is_called AS "isCalled" FROM ${counter}`
    values[counter] = onlyRow(await rows.query<SavedCounter>({ name: '', text }))
  }
  return values
}
