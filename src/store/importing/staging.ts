import { folded } from '../../contract/folded'
import type { LargeRows, LargeTable } from '../../importing/shopTables'
import type { Queryable } from '../database/database'

type ColumnType = 'bigint' | 'int' | 'text'

interface StagedTable {
  readonly into: string
  /** The columns to stage, by their names in the shop. */
  readonly columns: Readonly<Record<string, ColumnType>>
}

/**
 * The tables in which an import stages rows as the shop has them. They are unlogged, for a database that stops loses
 * nothing with them: the import stages them again. Their names begin with `importing_`, by which backups leave them out.
 */
const STAGED: Readonly<Record<LargeTable, StagedTable>> = {
  catalog_product_entity: {
    into: 'importing_product',
    columns: { entity_id: 'bigint', attribute_set_id: 'int', sku: 'text', sku_key: 'text' },
  },
  catalog_product_entity_varchar: {
    into: 'importing_varchar',
    columns: { attribute_id: 'int', store_id: 'int', entity_id: 'bigint', value: 'text' },
  },
  catalog_product_entity_int: {
    into: 'importing_int',
    columns: { attribute_id: 'int', store_id: 'int', entity_id: 'bigint', value: 'bigint' },
  },
  catalog_product_entity_media_gallery: {
    into: 'importing_gallery',
    columns: { value_id: 'bigint', attribute_id: 'int', entity_id: 'bigint', value: 'text' },
  },
  catalog_product_entity_media_gallery_value: {
    into: 'importing_gallery_value',
    columns: { value_id: 'bigint', store_id: 'int', label: 'text', position: 'bigint', disabled: 'bigint' },
  },
  catalog_product_website: {
    into: 'importing_product_website',
    columns: { product_id: 'bigint', website_id: 'int' },
  },
}

/** What is noted of each path while files are stored. */
const PATHS = 'importing_path'

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

/** PostgreSQL stores no NUL. */
const NUL = /\0/g
const REPLACEMENT = '\uFFFD'

/** Makes the tables, in place of those that an import left which was ended. */
export async function makeStaging(rows: Queryable): Promise<void> {
  const run = (text: string) => rows.query({ name: '', text })
  await dropStaging(rows)
  for (const { into, columns } of Object.values(STAGED)) {
    const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
    await run(`CREATE UNLOGGED TABLE ${into} (${definitions.join(', ')})`)
  }
  await run(`CREATE UNLOGGED TABLE ${PATHS} (path text, state text)`)
  await run(`CREATE INDEX ON ${PATHS} (path)`)
}

export async function dropStaging(rows: Queryable): Promise<void> {
  const names = [...Object.values(STAGED).map(({ into }) => into), PATHS, ...NORMALIZED].join(', ')
  await rows.query({ name: '', text: `DROP TABLE IF EXISTS ${names}` })
}

/** Stages rows of the shop. */
export async function stageRows(rows: Queryable, { table, column }: LargeRows): Promise<void> {
  const { into, columns } = STAGED[table]
  const types = Object.values(columns).map((type, index) => `$${index + 1}::${type}[]`)
  await rows.query(
    { name: `stage_${into}`, text: `INSERT INTO ${into} SELECT * FROM unnest(${types.join(', ')})` },
    Object.entries(columns).map(([name, type]) => {
      // The key of an SKU is the one column that the shop does not have.
      if (name === 'sku_key') return storableTexts(column('sku')).map((sku) => sku && folded(sku))
      return type === 'text' ? storableTexts(column(name)) : column(name)
    }),
  )
}

function storableTexts(texts: readonly (string | null)[]): readonly (string | null)[] {
  return texts.map((text) => (text?.includes('\0') ? text.replace(NUL, REPLACEMENT) : text))
}
