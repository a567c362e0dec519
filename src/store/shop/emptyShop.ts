import type { Queryable } from '../database/database'
import { tablesOf } from '../database/tables'

/** The default scope, which migrations/002_catalog.ts creates. */
const DEFAULT_SCOPE = [
  { name: 'add_admin_website', text: "INSERT INTO core_website (website_id, code) VALUES (0, 'admin')" },
  {
    name: 'add_admin_store',
    text: "INSERT INTO core_store (store_id, code, website_id) VALUES (0, 'admin', 0)",
  },
]

/** Empties the database to its state after the migrations: without other rows, and with ids from 1 on. */
export async function emptyShop(rows: Queryable): Promise<void> {
  const names = (await tablesOf(rows)).map(({ name }) => name)
  // Unlike setval, this is undone when the transaction is rolled back.
  await rows.query({ name: 'empty_tables', text: `TRUNCATE ${names.join(', ')} RESTART IDENTITY` })
  for (const statement of DEFAULT_SCOPE) await rows.query(statement)
}
