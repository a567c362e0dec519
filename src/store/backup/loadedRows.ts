import type { Database, Queryable } from '../database/database'
import { onlyRow } from '../database/database'
import { tablesOf } from '../database/tables'
import { type SavedCounter, savedTablesOf } from './savedRows'

/** The rows that migrations/002_catalog.ts and 010_media_attributes.ts create. A database with only these counts as empty. */
const OF_MIGRATIONS: Readonly<Record<string, string>> = {
  core_website: 'website_id <> 0',
  core_store: 'store_id <> 0',
  eav_attribute: "attribute_code NOT IN ('image', 'small_image', 'thumbnail')",
}

export interface RowsToLoad {
  /**
   * Yields the rows of a table in batches, each row as one line of JSON; nothing for a table that the backup
   * does not know.
   */
  rowsOf(table: string): AsyncIterable<readonly string[]>
  readonly counters: Readonly<Record<string, SavedCounter>>
}

/** Returns a table that has rows beside those of the migrations; null when there is none. */
export async function filledTable(rows: Queryable): Promise<string | null> {
  for (const { name } of await tablesOf(rows)) {
    const condition = OF_MIGRATIONS[name] ?? 'true'
    const text = `SELECT EXISTS (SELECT 1 FROM ${name} WHERE ${condition}) AS found`
    if (onlyRow(await rows.query<{ found: boolean }>({ name: '', text })).found) return name
  }
  return null
}

/**
 * Loads all rows or none into a database that has only the rows of the migrations. Its schema must be that of
 * the backup.
 *
 * @param onFilled makes the error for a database in which a table has rows
 */
export async function loadRows(
  database: Database,
  { rowsOf, counters }: RowsToLoad,
  onFilled: (table: string) => Error,
): Promise<void> {
  await database.transactionOnce(async (rows) => {
    const all = (await tablesOf(rows)).map(({ name }) => name).join(', ')
    const run = (text: string) => rows.query({ name: '', text })
    // Reading a file may take longer than a transaction is normally allowed to pause.
    await run('SET LOCAL idle_in_transaction_session_timeout = 0')
    await run(`LOCK TABLE ${all} IN ACCESS EXCLUSIVE MODE`)
    const filled = await filledTable(rows)
    if (filled !== null) throw onFilled(filled)
    await run(`TRUNCATE ${all}`)
    for (const { name } of await savedTablesOf(rows)) {
      const insert = { name: '', text: insertInto(name) }
      for await (const batch of rowsOf(name)) await rows.query(insert, [batch])
    }
    for (const [counter, { value, isCalled }] of Object.entries(counters))
      await rows.query({ name: '', text: 'SELECT setval($1::regclass, $2::bigint, $3)' }, [
        counter,
        value,
        isCalled,
      ])
  })
  await database.query({ name: '', text: 'ANALYZE' })
}

function insertInto(table: string): string {
  return `
    INSERT INTO ${table} SELECT loaded.*
      FROM unnest($1::text[]) AS line, json_populate_record(NULL::${table}, line::json) AS loaded`
}
