import { LARGEST_ID } from '../../contract/storable'
import { MOST_EXAMPLES, type Oddity } from '../../importing/oddity'
import type { Queryable } from '../database/database'

/** What may be odd: a query of one column, `example`, with a row for each case. */
interface OddityQuery {
  readonly kind: string
  readonly meaning: string
  readonly query: string
}

/** @param galleryAttribute the id that the attribute has in the shop */
function queries(galleryAttribute: number): readonly OddityQuery[] {
  return [
    {
      kind: 'image_without_product',
      meaning: 'images of products that are not there were left out',
      query: `SELECT value_id AS example FROM importing_gallery image WHERE attribute_id = ${galleryAttribute}
               AND NOT EXISTS (SELECT FROM importing_new_product product WHERE product.entity_id = image.entity_id)`,
    },
    {
      kind: 'image_of_other_attribute',
      meaning: 'gallery rows of another attribute were left out, for Magento did not show them',
      query: `SELECT value_id AS example FROM importing_gallery WHERE attribute_id <> ${galleryAttribute}`,
    },
    {
      kind: 'same_file_twice',
      meaning:
        'images were left out that had the file of another of the same product, as Magento deletes them',
      query: `SELECT image.value_id AS example FROM importing_gallery image
                JOIN importing_new_product product USING (entity_id)
               WHERE attribute_id = ${galleryAttribute}
                 AND NOT EXISTS (SELECT FROM importing_new_image kept WHERE kept.value_id = image.value_id)`,
    },
    {
      kind: 'values_without_image',
      meaning: 'rows of values had no image, and were left out',
      query: `SELECT DISTINCT value_id AS example FROM importing_gallery_value given
               WHERE NOT EXISTS (SELECT FROM importing_gallery image WHERE image.value_id = given.value_id)`,
    },
    {
      kind: 'values_of_unknown_store_view',
      meaning: 'rows of values were of store views that are gone, and were left out',
      query: `SELECT value_id || ' (' || store_id || ')' AS example FROM importing_gallery_value
               WHERE store_id NOT IN (SELECT id FROM importing_store)`,
    },
    {
      kind: 'image_without_values',
      meaning: 'images have no values in the default scope: they read as empty there',
      query: `SELECT value_id AS example FROM importing_new_image image
               WHERE NOT EXISTS (SELECT FROM importing_new_value given WHERE given.value_id = image.value_id AND given.store_id = 0)`,
    },
    {
      kind: 'image_without_file_name',
      meaning: 'images have no file name: they are listed as Magento lists them',
      query: `SELECT entity_id AS example FROM importing_new_image WHERE coalesce(value, '') = ''`,
    },
    {
      kind: 'type_outside_gallery',
      meaning: 'products have types whose file is not in their gallery: no image shows them',
      query: `SELECT DISTINCT given.entity_id AS example FROM importing_varchar given
                JOIN importing_attribute attribute ON attribute.id = given.attribute_id
                JOIN importing_new_product product USING (entity_id)
               WHERE coalesce(given.value, '') NOT IN ('', 'no_selection')
                 AND NOT EXISTS (SELECT FROM importing_new_image image
                                  WHERE image.entity_id = given.entity_id AND image.value = given.value)`,
    },
    {
      kind: 'file_missing',
      meaning: 'files are not in the media folder: their images stay, and an update with bytes heals each',
      query: `SELECT path AS example FROM importing_path WHERE state = 'missing'`,
    },
    {
      kind: 'path_unsafe',
      meaning: 'paths cannot be those of a file: their images are listed, and no file of theirs is opened',
      query: `SELECT path AS example FROM importing_path WHERE state = 'unsafe' AND path IN (SELECT value FROM importing_new_image)`,
    },
    {
      kind: 'file_no_image',
      meaning: 'files are no image of a known format: they are served as they are',
      query: `SELECT path AS example FROM import_file stored WHERE format = 'other'
                AND EXISTS (SELECT FROM importing_new_image image WHERE image.value = stored.path)`,
    },
    {
      kind: 'file_shared',
      meaning: 'files are in several galleries: new bytes for one of them change all of these',
      query: `SELECT value AS example FROM importing_new_image WHERE value IS NOT NULL GROUP BY value HAVING count(*) > 1`,
    },
    {
      kind: 'product_without_sku',
      meaning: 'products have no SKU: they are found by id alone',
      query: `SELECT entity_id AS example FROM importing_new_product WHERE coalesce(sku, '') = ''`,
    },
    {
      kind: 'sku_of_another',
      meaning:
        'products have an SKU that counts as that of another with a lower id: they are found by id alone',
      query: `SELECT product.entity_id AS example FROM catalog_product_entity product
                JOIN importing_new_product USING (entity_id)
               WHERE product.sku_key IS NULL AND coalesce(product.sku, '') <> ''`,
    },
    {
      kind: 'product_without_website',
      meaning: 'products are in no website: REST finds them in the default scope alone',
      query: `SELECT entity_id AS example FROM importing_new_product product
               WHERE NOT EXISTS (SELECT FROM importing_new_website link WHERE link.product_id = product.entity_id)`,
    },
    {
      kind: 'attribute_set_gone',
      meaning: 'products have an attribute set that is gone: their calls are fault 107',
      query: `SELECT entity_id AS example FROM importing_new_product product
                JOIN eav_attribute_set own USING (attribute_set_id)
               WHERE NOT EXISTS (SELECT FROM importing_set given WHERE given.id = product.attribute_set_id)`,
    },
    {
      kind: 'id_too_large',
      meaning: `products have ids above ${LARGEST_ID}, and were left out`,
      query: `SELECT entity_id AS example FROM importing_product WHERE entity_id > ${LARGEST_ID}`,
    },
    {
      kind: 'conflict',
      meaning:
        'products were changed here since the last import, or made here, and stay as they are: --prefer source replaces them',
      query: `SELECT entity_id AS example FROM importing_plan WHERE action = 'conflict'`,
    },
    {
      kind: 'file_conflict',
      meaning: 'files have got other bytes here, and stay as they are: --prefer source replaces them',
      query: `SELECT own.path AS example FROM media_file own JOIN import_file stored USING (path)
               WHERE stored.is_pending AND own.storage_key <> stored.storage_key`,
    },
    {
      kind: 'product_gone',
      meaning: 'products of the last import are no more in the shop: --delete deletes them here',
      query: `SELECT known.entity_id AS example FROM import_product known
               WHERE NOT EXISTS (SELECT FROM importing_new_product staged WHERE staged.entity_id = known.entity_id)`,
    },
  ]
}

/** Looks for what is odd in the staged rows, once they have been moved, and before the import of files is settled. */
export async function odditiesOf(rows: Queryable, galleryAttribute: number): Promise<readonly Oddity[]> {
  const found: Oddity[] = []
  for (const { kind, meaning, query } of queries(galleryAttribute)) {
    const [row] = await rows.query<{ count: number; examples: string[] }>({
      name: '',
      text: `
        WITH odd AS MATERIALIZED (${query})
        SELECT count(*)::int AS count,
               ARRAY(SELECT example::text FROM odd ORDER BY example LIMIT ${MOST_EXAMPLES}) AS examples
          FROM odd`,
    })
    if (row && row.count > 0) found.push({ kind, meaning, count: row.count, examples: row.examples })
  }
  return found
}
