import { LARGEST_ID } from '../../contract/storable'
import type { ShopFacts } from '../../importing/shopFacts'
import type { Queryable } from '../database/database'

/** What a product's rows are compared by: the tables that hold them, as staged or as they are here. */
export interface ProductTables {
  readonly products: string
  readonly websites: string
  readonly images: string
  readonly values: string
  readonly types: string
  readonly visibilities: string
}

export const STAGED_TABLES: ProductTables = {
  products: 'importing_new_product',
  websites: 'importing_new_website',
  images: 'importing_new_image',
  values: 'importing_new_value',
  types: 'importing_new_type',
  visibilities: 'importing_new_visibility',
}

export const OWN_TABLES: ProductTables = {
  products: 'catalog_product_entity',
  websites: 'catalog_product_website',
  images: 'catalog_product_entity_media_gallery',
  values: 'catalog_product_entity_media_gallery_value',
  types: 'catalog_product_entity_media_type',
  visibilities: 'catalog_product_visibility',
}

/** The facts that the statements join with: store views, websites, media attributes, sets, and which set has which. */
const FACTS = `
  CREATE UNLOGGED TABLE importing_store (id int PRIMARY KEY);
  CREATE UNLOGGED TABLE importing_website (id int PRIMARY KEY);
  CREATE UNLOGGED TABLE importing_attribute (id int PRIMARY KEY, code text);
  CREATE UNLOGGED TABLE importing_set (id int PRIMARY KEY);
  CREATE UNLOGGED TABLE importing_set_attribute (attribute_set_id int, code text)`

/** Ties for an SKU are won by the lowest id, as in Magento. */
const PRODUCTS = `
  CREATE UNLOGGED TABLE importing_new_product AS
    SELECT entity_id::int AS entity_id, attribute_set_id, sku,
           CASE row_number() OVER (PARTITION BY sku_key ORDER BY entity_id) WHEN 1 THEN sku_key END AS sku_key
      FROM (SELECT DISTINCT ON (entity_id) * FROM importing_product
             WHERE entity_id BETWEEN 1 AND ${LARGEST_ID} ORDER BY entity_id) product;
  ALTER TABLE importing_new_product ADD PRIMARY KEY (entity_id);
  ANALYZE importing_new_product`

const WEBSITES = `
  CREATE UNLOGGED TABLE importing_new_website AS
    SELECT DISTINCT product.entity_id AS product_id, website.id AS website_id
      FROM importing_product_website link
      JOIN importing_new_product product ON product.entity_id = link.product_id
      JOIN importing_website website ON website.id = link.website_id;
  CREATE INDEX ON importing_new_website (product_id);
  ANALYZE importing_new_website`

/** A product without any such value is hidden in Magento. A dump without the table says nothing of any product. */
function visibilities({ statusAttribute, visibilityAttribute }: ShopFacts): string {
  return `
  CREATE UNLOGGED TABLE importing_new_visibility AS
    SELECT product.entity_id, scope.store_id, given.status::int AS status, given.visibility::int AS visibility
      FROM importing_new_product product
      CROSS JOIN LATERAL (
           SELECT 0 AS store_id WHERE EXISTS (SELECT FROM importing_int)
           UNION SELECT store_id FROM importing_int value JOIN importing_store store ON store.id = value.store_id
                  WHERE value.entity_id = product.entity_id AND value.attribute_id IN (${statusAttribute}, ${visibilityAttribute})) scope
      LEFT JOIN LATERAL (
           SELECT max(value) FILTER (WHERE attribute_id = ${statusAttribute}) AS status,
                  max(value) FILTER (WHERE attribute_id = ${visibilityAttribute}) AS visibility
             FROM importing_int value WHERE value.entity_id = product.entity_id AND value.store_id = scope.store_id) given ON true;
  CREATE INDEX ON importing_new_visibility (entity_id);
  ANALYZE importing_new_visibility`
}

/** Of equal files in one product, the first by position stays (importing.md). */
function images(galleryAttribute: number): string {
  return `
  CREATE INDEX ON importing_gallery_value (value_id, store_id);
  ANALYZE importing_gallery_value;
  CREATE UNLOGGED TABLE importing_new_image AS
    SELECT value_id, entity_id, value
      FROM (SELECT image.value_id::int AS value_id, product.entity_id, image.value,
                   row_number() OVER (PARTITION BY product.entity_id, coalesce(image.value, '')
                                      ORDER BY fallback.position NULLS FIRST, image.value_id) AS place
              FROM (SELECT DISTINCT ON (value_id) * FROM importing_gallery
                     WHERE attribute_id = ${galleryAttribute} AND value_id BETWEEN 1 AND ${LARGEST_ID}
                     ORDER BY value_id) image
              JOIN importing_new_product product ON product.entity_id = image.entity_id
              LEFT JOIN importing_gallery_value fallback
                     ON fallback.value_id = image.value_id AND fallback.store_id = 0) ranked
     WHERE place = 1;
  ALTER TABLE importing_new_image ADD PRIMARY KEY (value_id);
  CREATE INDEX ON importing_new_image (entity_id);
  CREATE INDEX ON importing_new_image (value);
  ANALYZE importing_new_image`
}

const VALUES = `
  CREATE UNLOGGED TABLE importing_new_value AS
    SELECT DISTINCT ON (image.value_id, given.store_id)
           image.value_id, given.store_id, given.label,
           CASE WHEN given.position IS NOT NULL THEN least(greatest(given.position, 0), 4294967295) END AS position,
           CASE WHEN given.disabled IS NOT NULL THEN least(greatest(given.disabled, 0), 65535)::int END AS disabled
      FROM importing_gallery_value given
      JOIN importing_new_image image ON image.value_id = given.value_id
      JOIN importing_store store ON store.id = given.store_id
     ORDER BY image.value_id, given.store_id;
  CREATE INDEX ON importing_new_value (value_id);
  ANALYZE importing_new_value`

/**
 * A value shows the image of the product that has this file; none and '' are equal, as in PHP. An image without a file also
 * has the types of which the default scope has no value.
 */
const TYPES = `
  CREATE UNLOGGED TABLE importing_new_type AS
    WITH given AS (
      SELECT DISTINCT ON (product.entity_id, value.store_id, attribute.code)
             product.entity_id, value.store_id, attribute.code, value.value
        FROM importing_varchar value
        JOIN importing_attribute attribute ON attribute.id = value.attribute_id
        JOIN importing_store store ON store.id = value.store_id
        JOIN importing_new_product product ON product.entity_id = value.entity_id
       ORDER BY product.entity_id, value.store_id, attribute.code)
    SELECT given.entity_id, given.store_id, given.code AS type_code, image.value_id
      FROM given
      LEFT JOIN importing_new_image image
             ON image.entity_id = given.entity_id AND coalesce(image.value, '') = coalesce(given.value, '')
    UNION ALL
    SELECT product.entity_id, 0, own.code, image.value_id
      FROM importing_new_image image
      JOIN importing_new_product product USING (entity_id)
      JOIN importing_set_attribute own ON own.attribute_set_id = product.attribute_set_id
     WHERE coalesce(image.value, '') = '' AND NOT EXISTS (
           SELECT FROM given WHERE given.entity_id = product.entity_id AND given.store_id = 0 AND given.code = own.code);
  CREATE INDEX ON importing_new_type (entity_id);
  ANALYZE importing_new_type`

/** Makes of the staged rows what this database can hold, in tables of their own. */
export async function normalize(rows: Queryable, facts: ShopFacts): Promise<void> {
  const run = (text: string) => rows.query({ name: '', text })
  for (const statement of FACTS.split(';')) await run(statement)
  await rows.query(
    { name: '', text: 'INSERT INTO importing_store SELECT 0 UNION SELECT unnest($1::int[])' },
    [facts.storeViews.map(({ id }) => id)],
  )
  await rows.query({ name: '', text: 'INSERT INTO importing_website SELECT unnest($1::int[])' }, [
    facts.websites.map(({ id }) => id),
  ])
  await rows.query(
    { name: '', text: 'INSERT INTO importing_attribute SELECT * FROM unnest($1::int[], $2::text[])' },
    [facts.mediaAttributes.map(({ id }) => id), facts.mediaAttributes.map(({ code }) => code)],
  )
  await rows.query({ name: '', text: 'INSERT INTO importing_set SELECT unnest($1::int[])' }, [
    facts.attributeSets.map(({ id }) => id),
  ])
  const ofSets = facts.attributeSets.flatMap(({ id, mediaAttributes }) =>
    mediaAttributes.map((code) => ({ id, code })),
  )
  await rows.query(
    { name: '', text: 'INSERT INTO importing_set_attribute SELECT * FROM unnest($1::int[], $2::text[])' },
    [ofSets.map(({ id }) => id), ofSets.map(({ code }) => code)],
  )
  await run('CREATE INDEX ON importing_int (entity_id, store_id)')
  for (const step of [PRODUCTS, WEBSITES, visibilities(facts), images(facts.galleryAttribute), VALUES, TYPES])
    for (const statement of step.split(';')) await run(statement)
}

/**
 * The digest of each product's rows, as a query of the columns entity_id and digest. Two products with the same digest have
 * the same rows.
 *
 * @param condition which products, in terms of `product`
 */
export function digests(
  { products, websites, images, values, types, visibilities }: ProductTables,
  condition = 'true',
): string {
  return `
    SELECT product.entity_id,
           decode(md5(concat_ws('|', coalesce(quote_literal(product.sku), '-'), product.sku_key IS NULL, product.attribute_set_id,
                      website.list, image.list, value.list, type.list, visibility.list)), 'hex') AS digest
      FROM ${products} product
      LEFT JOIN (SELECT product_id, string_agg(website_id::text, ',' ORDER BY website_id) AS list
                   FROM ${websites} GROUP BY product_id) website ON website.product_id = product.entity_id
      LEFT JOIN (SELECT entity_id, string_agg(value_id || '=' || coalesce(quote_literal(value), '-'), ',' ORDER BY value_id) AS list
                   FROM ${images} GROUP BY entity_id) image ON image.entity_id = product.entity_id
      LEFT JOIN (SELECT entity_id, string_agg(
                        concat_ws('=', value_id, store_id, coalesce(quote_literal(label), '-'), coalesce(position::text, '-'), coalesce(disabled::text, '-')),
                        ',' ORDER BY value_id, store_id) AS list
                   FROM ${values} JOIN ${images} USING (value_id) GROUP BY entity_id) value ON value.entity_id = product.entity_id
      LEFT JOIN (SELECT entity_id, string_agg(concat_ws('=', store_id, type_code, coalesce(value_id::text, '-')), ',' ORDER BY store_id, type_code) AS list
                   FROM ${types} GROUP BY entity_id) type ON type.entity_id = product.entity_id
      LEFT JOIN (SELECT entity_id, string_agg(concat_ws('=', store_id, coalesce(status::text, '-'), coalesce(visibility::text, '-')), ',' ORDER BY store_id) AS list
                   FROM ${visibilities} GROUP BY entity_id) visibility ON visibility.entity_id = product.entity_id
     WHERE ${condition}`
}
