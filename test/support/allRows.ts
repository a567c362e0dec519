import type { Database } from '../../src/store/database/database'
import { countersOf, tablesOf } from '../../src/store/database/tables'
import { sql } from './databases'

/** Every row of every table of ours as PostgreSQL writes it, and where each counter stands. */
export async function everything(database: Database): Promise<Readonly<Record<string, readonly string[]>>> {
  const rowsByName: Record<string, readonly string[]> = {}
  for (const { name } of await tablesOf(database)) {
    const rows = await database.query<{ row: string }>(
      sql(`SELECT ${name}::text AS row FROM ${name} ORDER BY 1`),
    )
    rowsByName[name] = rows.map(({ row }) => row)
  }
  for (const name of await countersOf(database)) {
    const values = sql(`SELECT last_value || ' ' || is_called AS row FROM ${name}`)
    rowsByName[name] = (await database.query<{ row: string }>(values)).map(({ row }) => row)
  }
  return rowsByName
}
