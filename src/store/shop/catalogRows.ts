import { folded } from '../../contract/folded'
import type { ListedAttributeSet, ListedProduct, ListedStoreView } from '../../control/ports'
import type { Queryable } from '../database/database'
import { mediaAttributesIn } from '../galleries/mediaTypes'
import { assignBuiltInAttributes, assignMediaAttributes } from './mediaAttributeRows'

export interface WebsiteDefinition {
  readonly id: number
  readonly code: string
  /** Whether guests of REST read its default store view. What is not given stays as it is; at first it is false. */
  readonly default?: boolean | undefined
  /** The id of its default store view. What is not given stays as it is; at first it is the lowest id. */
  readonly defaultStore?: number | undefined
}

export interface StoreViewDefinition {
  readonly id: number
  readonly code: string
  readonly website: number
}

export interface AttributeSetDefinition {
  readonly id: number
  readonly name: string
  /** Whether products of the set have a media gallery. */
  readonly gallery: boolean
  /** The codes of its media attributes in their order. What is not given stays as it is; at first they are the built-in ones. */
  readonly mediaAttributes?: readonly string[] | undefined
}

export interface ProductDefinition {
  /** The id to use; null uses the id of the existing SKU, or the next one. */
  readonly id: number | null
  readonly sku: string
  readonly attributeSet: number
  readonly websites: readonly number[]
}

const upsertWebsites = {
  name: 'upsert_websites',
  text: `
    INSERT INTO core_website (website_id, code) SELECT * FROM unnest($1::int[], $2::text[])
    ON CONFLICT (website_id) DO UPDATE SET code = excluded.code`,
}

/** At most one website is the default. */
const endOtherDefaults = {
  name: 'end_other_default_websites',
  text: 'UPDATE core_website SET is_default = false WHERE is_default AND website_id <> $1',
}

const setDefaults = {
  name: 'set_default_websites',
  text: `
    UPDATE core_website website
       SET is_default = coalesce(given.is_default, website.is_default),
           default_store_id = coalesce(given.default_store_id, website.default_store_id)
      FROM unnest($1::int[], $2::boolean[], $3::int[]) AS given (website_id, is_default, default_store_id)
     WHERE website.website_id = given.website_id`,
}

const upsertStoreViews = {
  name: 'upsert_store_views',
  text: `
    INSERT INTO core_store (store_id, code, website_id) SELECT * FROM unnest($1::int[], $2::text[], $3::int[])
    ON CONFLICT (store_id) DO UPDATE SET code = excluded.code, website_id = excluded.website_id`,
}

const upsertAttributeSets = {
  name: 'upsert_attribute_sets',
  text: `
    INSERT INTO eav_attribute_set (attribute_set_id, attribute_set_name, has_media_gallery)
    SELECT * FROM unnest($1::int[], $2::text[], $3::boolean[])
    ON CONFLICT (attribute_set_id) DO UPDATE
    SET attribute_set_name = excluded.attribute_set_name, has_media_gallery = excluded.has_media_gallery`,
}

/** Products with a given id are found by it, and others by their SKU. */
const upsertProductsById = {
  name: 'upsert_products_by_id',
  text: `
    INSERT INTO catalog_product_entity (entity_id, sku, sku_key, attribute_set_id)
    SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::int[])
    ON CONFLICT (entity_id) DO UPDATE
    SET sku = excluded.sku, sku_key = excluded.sku_key, attribute_set_id = excluded.attribute_set_id`,
}

const upsertProductsBySku = {
  name: 'upsert_products_by_sku',
  text: `
    INSERT INTO catalog_product_entity (sku, sku_key, attribute_set_id)
    SELECT * FROM unnest($1::text[], $2::text[], $3::int[])
    ON CONFLICT (sku_key) DO UPDATE SET sku = excluded.sku, attribute_set_id = excluded.attribute_set_id`,
}

const dropProductWebsites = {
  name: 'drop_product_websites',
  text: `
    DELETE FROM catalog_product_website link USING catalog_product_entity product
     WHERE link.product_id = product.entity_id AND product.sku_key = ANY ($1::text[])`,
}

const addProductWebsites = {
  name: 'add_product_websites',
  text: `
    INSERT INTO catalog_product_website (product_id, website_id)
    SELECT DISTINCT product.entity_id, given.website_id
      FROM unnest($1::text[], $2::int[]) AS given (sku_key, website_id)
      JOIN catalog_product_entity product ON product.sku_key = given.sku_key`,
}

const listStoreViews = {
  name: 'list_store_views',
  text: `
    SELECT store_id AS id, store.code, website.code AS website
      FROM core_store store JOIN core_website website USING (website_id) ORDER BY store_id`,
}

const listProducts = {
  name: 'list_products',
  text: `
    SELECT entity_id AS id, sku, attribute_set_name AS "attributeSet",
           ARRAY(SELECT code FROM catalog_product_website JOIN core_website USING (website_id)
                  WHERE product_id = entity_id ORDER BY website_id) AS websites,
           (SELECT count(*)::int FROM catalog_product_entity_media_gallery image
             WHERE image.entity_id = product.entity_id) AS images
      FROM catalog_product_entity product JOIN eav_attribute_set USING (attribute_set_id)
     WHERE entity_id > $1 AND ($3 = '' OR position($3 in sku_key) > 0) ORDER BY entity_id LIMIT $2`,
}

const listWebsites = { name: 'list_websites', text: 'SELECT website_id AS id, code FROM core_website' }

const listAttributeSets = {
  name: 'list_attribute_sets',
  text: `
    SELECT attribute_set_id AS id, attribute_set_name AS name, has_media_gallery AS gallery, media_types AS "mediaTypes"
      FROM eav_attribute_set ORDER BY attribute_set_id`,
}

const productsLike = {
  name: 'products_like',
  text: `
    SELECT entity_id AS id, sku, sku_key AS "skuKey" FROM catalog_product_entity
     WHERE entity_id = ANY ($1::int[]) OR sku_key = ANY ($2::text[]) ORDER BY entity_id`,
}

/** The sequences that must skip ids that were given explicitly. */
export const ID_COUNTERS: readonly (readonly [table: string, column: string])[] = [
  ['core_website', 'website_id'],
  ['core_store', 'store_id'],
  ['eav_attribute_set', 'attribute_set_id'],
  ['catalog_product_entity', 'entity_id'],
]

export async function saveWebsites(rows: Queryable, websites: readonly WebsiteDefinition[]): Promise<void> {
  const ids = websites.map(({ id }) => id)
  await rows.query(upsertWebsites, [ids, websites.map(({ code }) => code)])
  const chosen = websites.find((website) => website.default)
  if (chosen) await rows.query(endOtherDefaults, [chosen.id])
  const defaults = [
    websites.map((website) => website.default),
    websites.map(({ defaultStore }) => defaultStore),
  ]
  if (defaults.flat().some((given) => given !== undefined)) await rows.query(setDefaults, [ids, ...defaults])
}

export async function saveStoreViews(rows: Queryable, stores: readonly StoreViewDefinition[]): Promise<void> {
  const columns = [
    stores.map(({ id }) => id),
    stores.map(({ code }) => code),
    stores.map(({ website }) => website),
  ]
  await rows.query(upsertStoreViews, columns)
}

/** Creates the attribute sets, or changes those with these ids. @throws UnknownName for a media attribute */
export async function saveAttributeSets(
  rows: Queryable,
  sets: readonly AttributeSetDefinition[],
): Promise<void> {
  const columns = [sets.map(({ id }) => id), sets.map(({ name }) => name), sets.map(({ gallery }) => gallery)]
  await rows.query(upsertAttributeSets, columns)
  await assignMediaAttributes(
    rows,
    sets.flatMap(({ id, mediaAttributes }) => (mediaAttributes ? [{ id, mediaAttributes }] : [])),
  )
  await assignBuiltInAttributes(
    rows,
    sets.flatMap(({ id, mediaAttributes }) => (mediaAttributes ? [] : [id])),
  )
}

/** Creates the products, or gives existing ones this attribute set and exactly these websites. */
export async function saveProducts(rows: Queryable, products: readonly ProductDefinition[]): Promise<void> {
  const withId = products.filter(({ id }) => id !== null)
  const withoutId = products.filter(({ id }) => id === null)
  await rows.query(upsertProductsById, [withId.map(({ id }) => id), ...productColumns(withId)])
  // Advance the sequence before any product takes the next id, which may just have been given explicitly.
  if (withId.length > 0) await advanceCounter(rows, 'catalog_product_entity', 'entity_id')
  await rows.query(upsertProductsBySku, productColumns(withoutId))
  const links = products.flatMap(({ sku, websites }) =>
    websites.map((website) => [folded(sku), website] as const),
  )
  await rows.query(dropProductWebsites, [products.map(({ sku }) => folded(sku))])
  await rows.query(addProductWebsites, [links.map(([key]) => key), links.map(([, website]) => website)])
}

function productColumns(products: readonly ProductDefinition[]): readonly unknown[] {
  return [
    products.map(({ sku }) => sku),
    products.map(({ sku }) => folded(sku)),
    products.map(({ attributeSet }) => attributeSet),
  ]
}

/** Sets the next ids after the highest ones, after ids were given explicitly. */
export async function advanceCounters(rows: Queryable): Promise<void> {
  for (const [table, column] of ID_COUNTERS) await advanceCounter(rows, table, column)
}

async function advanceCounter(rows: Queryable, table: string, column: string): Promise<void> {
  await rows.query({
    name: `advance_${table}`,
    text: `SELECT setval(pg_get_serial_sequence('${table}', '${column}'),
                         greatest((SELECT max(${column}) FROM ${table}), 0) + 1, false)`,
  })
}

export async function storeViewsOf(rows: Queryable): Promise<readonly ListedStoreView[]> {
  return rows.query<ListedStoreView>(listStoreViews)
}

/**
 * Returns at most `limit` products with ids above `after`, in the order of their ids. With a search, only
 * those that have it in their SKU.
 */
export async function productsOf(
  rows: Queryable,
  after: number,
  limit: number,
  search = '',
): Promise<readonly ListedProduct[]> {
  return rows.query<ListedProduct>(listProducts, [after, limit, folded(search)])
}

export async function websiteIds(rows: Queryable): Promise<ReadonlyMap<string, number>> {
  const websites = await rows.query<WebsiteDefinition>(listWebsites)
  return new Map(websites.map(({ id, code }) => [code, id]))
}

/** Returns the attribute sets in the order of their ids. */
export async function attributeSetsOf(rows: Queryable): Promise<readonly ListedAttributeSet[]> {
  const sets = await rows.query<Omit<ListedAttributeSet, 'mediaAttributes'> & { mediaTypes: string }>(
    listAttributeSets,
  )
  return sets.map(({ mediaTypes, ...set }) => ({
    ...set,
    mediaAttributes: mediaAttributesIn(mediaTypes).map(({ code }) => code),
  }))
}

/** Returns the ids of attribute sets by their names, in the order of the ids. */
export async function attributeSetIds(rows: Queryable): Promise<ReadonlyMap<string, number>> {
  const sets = await attributeSetsOf(rows)
  return new Map(sets.map(({ id, name }) => [name, id]))
}

/** How a product is named. */
export interface ProductName {
  readonly id: number
  /** Null or empty for a product without one. */
  readonly sku: string | null
  /** The SKU as it is compared; null for a product that is found by its id alone. */
  readonly skuKey: string | null
}

/** Returns the products that have one of these ids or SKUs, in the order of their ids. */
export async function productsNamed(
  rows: Queryable,
  ids: readonly number[],
  skus: readonly string[],
): Promise<readonly ProductName[]> {
  return rows.query(productsLike, [ids, skus.map(folded)])
}
