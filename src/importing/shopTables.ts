import type { SourceRows } from '../magento/sourceRows'
import { UnreadableShop } from '../magento/unreadableShop'

/** The tables with a row for each product or image, or more. Their rows are staged as they come. */
export const LARGE_TABLES = [
  'catalog_product_entity',
  'catalog_product_entity_varchar',
  'catalog_product_entity_media_gallery',
  'catalog_product_entity_media_gallery_value',
  'catalog_product_website',
  'catalog_product_entity_int',
] as const
export type LargeTable = (typeof LARGE_TABLES)[number]

/** The tables of which all rows are kept in memory. */
const SMALL_TABLES = [
  'core_website',
  'core_store_group',
  'core_store',
  'core_config_data',
  'eav_entity_type',
  'eav_attribute',
  'eav_attribute_set',
  'eav_attribute_group',
  'eav_entity_attribute',
  'catalog_eav_attribute',
  'api_user',
  'api_role',
  'api_rule',
  'oauth_consumer',
  'oauth_token',
  'admin_user',
  'api2_acl_role',
  'api2_acl_rule',
  'api2_acl_user',
  'api2_acl_attribute',
] as const
export type SmallTable = (typeof SMALL_TABLES)[number]

/** Without these there is no shop. */
const REQUIRED: readonly (LargeTable | SmallTable)[] = [
  'core_website',
  'core_store',
  'eav_entity_type',
  'eav_attribute',
  'eav_attribute_set',
  'eav_entity_attribute',
  'catalog_product_entity',
  'catalog_product_entity_media_gallery',
  'catalog_product_entity_media_gallery_value',
]

/** Tables that only Magento 2 has. */
const OF_MAGENTO_2 = ['setup_module', 'store_website', 'catalog_product_entity_media_gallery_value_to_entity']

/** A row by the names of its columns. */
export type NamedRow = Readonly<Record<string, string | null>>

/** Rows of a large table of the shop, with the positions of its columns. */
export interface LargeRows {
  readonly table: LargeTable
  /** Returns the values of a column in all rows; null in each for a column that the table does not have. */
  column(name: string): readonly (string | null)[]
}

/** Which shop of several is meant. */
export interface ShopChoice {
  /** What the names of its tables begin with; null to find out. */
  readonly prefix: string | null
  /** The name of its database; null for the only one. */
  readonly database: string | null
}

/** Whether the rows of a table may be of use. */
export function isWanted(table: string, prefix: string | null): boolean {
  const all = [...LARGE_TABLES, ...SMALL_TABLES]
  return all.some((name) => (prefix === null ? table.endsWith(name) : table === prefix + name))
}

/**
 * Tells the tables of one shop from all others of a dump: it has a prefix, and a database. The small ones may come before
 * it is known which shop it is, and are kept of all.
 */
export class ShopTables {
  /** The shop, as soon as one of its large tables has come. */
  #shop: { readonly database: string; readonly prefix: string } | null = null
  readonly #small = new Map<string, NamedRow[]>()
  readonly #databases = new Set<string>()

  constructor(private readonly choice: ShopChoice) {}

  /** Takes rows, and returns them if they are of a large table of the shop. @throws UnreadableShop for a second shop */
  take({ database, table, columns, rows }: SourceRows): LargeRows | null {
    if (this.choice.database !== null && database !== '' && database !== this.choice.database) return null
    this.#databases.add(database)
    const large = LARGE_TABLES.find((name) => this.#isNamed(table, name))
    if (large !== undefined) {
      this.#require(database, table.slice(0, table.length - large.length))
      const position = new Map(columns.map((column, index) => [column, index]))
      return {
        table: large,
        column(name) {
          const index = position.get(name)
          return rows.map((row) => (index === undefined ? null : (row[index] ?? null)))
        },
      }
    }
    const named = rows.map(
      (row): NamedRow => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])),
    )
    const key = keyOf(database, table)
    const known = this.#small.get(key) ?? []
    for (const row of named) known.push(row)
    this.#small.set(key, known)
    return null
  }

  /**
   * Returns the rows of a small table; none for one that is not there.
   *
   * @param tables all tables that the source has
   * @throws UnreadableShop when there is no shop
   */
  small(tables: ReadonlySet<string>): (table: SmallTable) => readonly NamedRow[] {
    const shop = this.#shop ?? { database: [...this.#databases][0] ?? '', prefix: this.#prefixIn(tables) }
    const missing = REQUIRED.filter((name) => !tables.has(shop.prefix + name))
    if (missing.length > 0) throw noShop(tables, this.choice.prefix, missing)
    return (table) => this.#small.get(keyOf(shop.database, shop.prefix + table)) ?? []
  }

  #isNamed(table: string, name: string): boolean {
    return this.choice.prefix === null ? table.endsWith(name) : table === this.choice.prefix + name
  }

  #require(database: string, prefix: string): void {
    this.#shop ??= { database, prefix }
    const { database: known, prefix: first } = this.#shop
    if (database !== known)
      throw new UnreadableShop(
        `there are shops in several databases: name one by --database, such as ${known} or ${database}`,
      )
    if (prefix !== first)
      throw new UnreadableShop(
        `there are several shops: name one by --table-prefix, such as "${first}" or "${prefix}"`,
      )
  }

  #prefixIn(tables: ReadonlySet<string>): string {
    return this.choice.prefix ?? prefixesIn(tables)[0] ?? ''
  }
}

/** Returns the prefixes of the shops that have tables of these names. */
function prefixesIn(tables: ReadonlySet<string>): readonly string[] {
  const [last] = REQUIRED.slice(-1)
  return [...tables]
    .filter((table) => table.endsWith(last ?? ''))
    .map((table) => table.slice(0, -(last ?? '').length))
}

function noShop(
  tables: ReadonlySet<string>,
  prefix: string | null,
  missing: readonly string[],
): UnreadableShop {
  if (tables.size === 0) return new UnreadableShop('there are no tables: this is no SQL dump of a shop')
  const isMagento2 = OF_MAGENTO_2.some((name) => [...tables].some((table) => table.endsWith(name)))
  if (isMagento2) return new UnreadableShop('this is a shop of Magento 2, and not of Magento 1')
  const prefixes = prefixesIn(tables)
  if (prefix !== null && !prefixes.includes(prefix)) {
    const known = prefixes.map((each) => `"${each}"`).join(', ')
    return new UnreadableShop(
      `no tables of a shop begin with "${prefix}": ${known === '' ? 'there is no shop' : `those that are there begin with ${known}`}`,
    )
  }
  return new UnreadableShop(`this is no shop of Magento 1: it has no table ${missing.slice(0, 3).join(', ')}`)
}

function keyOf(database: string, table: string): string {
  return `${database}\0${table}`
}
