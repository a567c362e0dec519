import { folded } from '../../contract/folded'
import type { LargeRows, LargeTable } from '../../importing/shopTables'
import type { Queryable } from '../database/database'

/**
 * The tables in which an import stages rows as the shop has them. They are unlogged, for a database that stops loses
 * nothing with them: the import stages them again. Their names begin with `importing_`, by which backups leave them out.
 */
const TABLES: Readonly<Record<string, string>> = {
  importing_product: 'entity_id bigint, attribute_set_id int, sku text, sku_key text',
  importing_int: 'attribute_id int, store_id int, entity_id bigint, value bigint',
  importing_varchar: 'attribute_id int, store_id int, entity_id bigint, value text',
  importing_gallery: 'value_id bigint, attribute_id int, entity_id bigint, value text',
  importing_gallery_value: 'value_id bigint, store_id int, label text, position bigint, disabled bigint',
  importing_product_website: 'product_id bigint, website_id int',
  importing_path: 'path text, state text',
}

/** The tables that are made of them (normalizing.ts, moving.ts). */
const NORMALIZED: readonly string[] = [
  'importing_store',
  'importing_website',
  'importing_attribute',
  'importing_set_attribute',
  'importing_set',
  'importing_new_product',
  'importing_new_website',
  'importing_new_visibility',
  'importing_new_image',
  'importing_new_value',
  'importing_new_type',
  'importing_plan',
  'importing_old_image',
]

/** A column to stage: its name in the shop, its type here, and how its texts are changed. */
interface StagedColumn {
  readonly from: string
  readonly type: 'bigint' | 'int' | 'text'
  readonly changed?: (text: string | null) => string | null
}

interface StagedTable {
  readonly into: string
  readonly columns: readonly StagedColumn[]
}

const STAGED: Readonly<Record<LargeTable, StagedTable>> = {
  catalog_product_entity: {
    into: 'importing_product',
    columns: [
      { from: 'entity_id', type: 'bigint' },
      { from: 'attribute_set_id', type: 'int' },
      { from: 'sku', type: 'text' },
      { from: 'sku', type: 'text', changed: (sku) => (sku === null ? null : folded(sku)) },
    ],
  },
  catalog_product_entity_varchar: {
    into: 'importing_varchar',
    columns: [
      { from: 'attribute_id', type: 'int' },
      { from: 'store_id', type: 'int' },
      { from: 'entity_id', type: 'bigint' },
      { from: 'value', type: 'text' },
    ],
  },
  catalog_product_entity_int: {
    into: 'importing_int',
    columns: [
      { from: 'attribute_id', type: 'int' },
      { from: 'store_id', type: 'int' },
      { from: 'entity_id', type: 'bigint' },
      { from: 'value', type: 'bigint' },
    ],
  },
  catalog_product_entity_media_gallery: {
    into: 'importing_gallery',
    columns: [
      { from: 'value_id', type: 'bigint' },
      { from: 'attribute_id', type: 'int' },
      { from: 'entity_id', type: 'bigint' },
      { from: 'value', type: 'text' },
    ],
  },
  catalog_product_entity_media_gallery_value: {
    into: 'importing_gallery_value',
    columns: [
      { from: 'value_id', type: 'bigint' },
      { from: 'store_id', type: 'int' },
      { from: 'label', type: 'text' },
      { from: 'position', type: 'bigint' },
      { from: 'disabled', type: 'bigint' },
    ],
  },
  catalog_product_website: {
    into: 'importing_product_website',
    columns: [
      { from: 'product_id', type: 'bigint' },
      { from: 'website_id', type: 'int' },
    ],
  },
}

/** PostgreSQL stores no NUL. */
const NUL = /\0/g
const REPLACEMENT = '\uFFFD'

/** Makes the tables, in place of those that an import left which was ended. */
export async function makeStaging(rows: Queryable): Promise<void> {
  await dropStaging(rows)
  for (const [name, columns] of Object.entries(TABLES))
    await rows.query({ name: '', text: `CREATE UNLOGGED TABLE ${name} (${columns})` })
  await rows.query({ name: '', text: 'CREATE INDEX ON importing_path (path)' })
}

export async function dropStaging(rows: Queryable): Promise<void> {
  const names = [...Object.keys(TABLES), ...NORMALIZED].join(', ')
  await rows.query({ name: '', text: `DROP TABLE IF EXISTS ${names}` })
}

/** Stages rows of the shop. */
export async function stageRows(rows: Queryable, { table, column }: LargeRows): Promise<void> {
  const { into, columns } = STAGED[table]
  const types = columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ')
  await rows.query(
    { name: `stage_${into}`, text: `INSERT INTO ${into} SELECT * FROM unnest(${types})` },
    columns.map(({ from, type, changed }) => {
      const values = column(from)
      if (type !== 'text') return values
      const texts = values.map((text) => (text?.includes('\0') ? text.replace(NUL, REPLACEMENT) : text))
      return changed ? texts.map(changed) : texts
    }),
  )
}
