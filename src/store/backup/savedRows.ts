import type { Database, Queryable, Statement } from '../database/database'
import { onlyRow } from '../database/database'
import { countersOf, type Table, tablesOf } from '../database/tables'

/**
 * What no backup has. Variants are made again. Released bytes are not in the set, so neither is their note. A session that was
 * ended after the backup must not come back with it.
 */
const LEFT_OUT: ReadonlySet<string> = new Set(['media_variant', 'media_released', 'api_session'])

/** How many rows are in memory at once. */
const BATCH = 1000

/** The rows of one moment. It is of use while the work that was given it runs. */
export interface SavedRows {
  /** The names of the migrations that have made the tables, in order. */
  readonly schema: readonly string[]
  /** Each behind all that it refers to. */
  readonly tables: readonly SavedTable[]
  /** Where ids go on, by the names of their sequences: not before any id of the rows. */
  counters(): Promise<Readonly<Record<string, SavedCounter>>>
}

export interface SavedTable {
  readonly name: string
  readonly count: number
  /** Each row as one line of JSON, a batch at a time. */
  rows(): AsyncGenerator<readonly string[]>
}

export interface SavedCounter {
  /** A bigint in decimal digits. */
  readonly value: string
  readonly isCalled: boolean
}

/** The tables that a backup has, each behind all that it refers to. */
export async function savedTablesOf(rows: Queryable): Promise<readonly Table[]> {
  return (await tablesOf(rows)).filter(({ name }) => !LEFT_OUT.has(name))
}

/**
 * Gives `work` the rows as they are at one moment, however long it takes: one transaction (REPEATABLE READ), which reads
 * by cursors. Others go on writing, but for a migration, which waits.
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

/** The locks come before the first read, so that no migration comes in between. */
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
