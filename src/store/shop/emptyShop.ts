import type { Queryable } from '../database/database'
import { tablesOf } from '../database/tables'

/** The default scope, which migrations/002_catalog.ts creates, and the attributes of migrations/010_media_attributes.ts. */
const ROWS_OF_MIGRATIONS = [
  { name: 'add_admin_website', text: "INSERT INTO core_website (website_id, code) VALUES (0, 'admin')" },
  {
    name: 'add_admin_store',
    text: "INSERT INTO core_store (store_id, code, website_id) VALUES (0, 'admin', 0)",
  },
  {
    name: 'add_built_in_attributes',
    text: `
      INSERT INTO eav_attribute (attribute_code, frontend_label, frontend_input) VALUES
        ('image', 'Base Image', 'media_image'),
        ('small_image', 'Small Image', 'media_image'),
        ('thumbnail', 'Thumbnail', 'media_image')`,
  },
]

/** Empties the database to its state after the migrations: without other rows, and with ids from 1 on. */
export async function emptyShop(rows: Queryable): Promise<void> {
  const names = (await tablesOf(rows)).map(({ name }) => name)
  // Unlike setval, this is undone when the transaction is rolled back.
  await rows.query({ name: 'empty_tables', text: `TRUNCATE ${names.join(', ')} RESTART IDENTITY` })
  for (const statement of ROWS_OF_MIGRATIONS) await rows.query(statement)
}
