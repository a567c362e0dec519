import { ImportRefused } from '../../importing/importRefused'
import type { MoveCounts, MoveOptions } from '../../importing/ports'
import { onlyRow, type Queryable } from '../database/database'
import { ID_COUNTERS } from '../shop/catalogRows'
import { digests, OWN_TABLES, STAGED_TABLES } from './normalizing'

/** The products that are written: new ones, and changed ones. */
const WRITTEN = "SELECT entity_id FROM importing_plan WHERE action IN ('add', 'change')"
const CHANGED = "SELECT entity_id FROM importing_plan WHERE action = 'change'"

/** The ids of this shop are as they were; those that were made here meanwhile are told by the digest of their rows. */
const PLAN = `
  CREATE UNLOGGED TABLE importing_plan AS
    SELECT staged.entity_id, staged.digest,
           CASE WHEN own.entity_id IS NULL THEN 'add'
                WHEN known.source_digest = staged.digest THEN 'same'
                ELSE 'differs' END AS action
      FROM (${digests(STAGED_TABLES)}) staged
      LEFT JOIN catalog_product_entity own ON own.entity_id = staged.entity_id
      LEFT JOIN import_product known ON known.entity_id = staged.entity_id`

const PLAN_INDEX = 'ALTER TABLE importing_plan ADD PRIMARY KEY (entity_id)'

const DIFFERING = "SELECT entity_id FROM importing_plan WHERE action = 'differs'"

/** A product that differs is changed only if its rows here are still what the last import made of it. */
function decide(conflicts: MoveOptions['conflicts']): string {
  return `
  UPDATE importing_plan plan
     SET action = CASE WHEN ${conflicts === 'replace'} OR known.result_digest = own.digest THEN 'change' ELSE 'conflict' END
    FROM (${digests(OWN_TABLES, `product.entity_id IN (${DIFFERING})`)}) own
    LEFT JOIN import_product known ON known.entity_id = own.entity_id
   WHERE plan.entity_id = own.entity_id AND plan.action = 'differs'`
}

/** Products that the last import had and this shop has no more. */
const GONE = `
  import_product known
   WHERE NOT EXISTS (SELECT FROM importing_new_product staged WHERE staged.entity_id = known.entity_id)
     AND EXISTS (SELECT FROM catalog_product_entity own WHERE own.entity_id = known.entity_id)`

/** @param deletes whether those of products that are gone are among them */
function oldImages(deletes: boolean): string {
  const gone = deletes ? `OR image.entity_id IN (SELECT known.entity_id FROM ${GONE})` : ''
  return `
  CREATE UNLOGGED TABLE importing_old_image AS
    SELECT image.value_id, image.entity_id, image.value
      FROM catalog_product_entity_media_gallery image
     WHERE image.entity_id IN (${CHANGED}) ${gone}`
}

const CLEARING = [
  `DELETE FROM catalog_product_entity_media_type WHERE entity_id IN (${CHANGED})`,
  `DELETE FROM catalog_product_entity_media_gallery WHERE entity_id IN (${CHANGED})`,
  `DELETE FROM catalog_product_visibility WHERE entity_id IN (${CHANGED})`,
  `DELETE FROM catalog_product_website WHERE product_id IN (${CHANGED})`,
  `UPDATE catalog_product_entity SET sku_key = NULL WHERE entity_id IN (${CHANGED})`,
]

/** An SKU that another product has here stays with that one. */
const PRODUCTS = `
  INSERT INTO catalog_product_entity (entity_id, sku, sku_key, attribute_set_id)
  SELECT staged.entity_id, staged.sku,
         CASE WHEN EXISTS (SELECT FROM catalog_product_entity other
                            WHERE other.sku_key = staged.sku_key AND other.entity_id <> staged.entity_id) THEN NULL
              ELSE staged.sku_key END,
         staged.attribute_set_id
    FROM importing_new_product staged WHERE staged.entity_id IN (${WRITTEN})
  ON CONFLICT (entity_id) DO UPDATE
  SET sku = excluded.sku, sku_key = excluded.sku_key, attribute_set_id = excluded.attribute_set_id`

const WEBSITES = `
  INSERT INTO catalog_product_website (product_id, website_id)
  SELECT product_id, website_id FROM importing_new_website WHERE product_id IN (${WRITTEN})`

const VISIBILITIES = `
  INSERT INTO catalog_product_visibility (entity_id, store_id, status, visibility)
  SELECT entity_id, store_id, status, visibility FROM importing_new_visibility WHERE entity_id IN (${WRITTEN})`

/** Bytes replace those of an earlier import, and none; those that came here by a call stay, unless told otherwise. */
function replaces(conflicts: MoveOptions['conflicts']): string {
  return `(${conflicts === 'replace'} OR own.storage_key IS NULL OR own.storage_key = stored.replaced_key)`
}

function releasing(conflicts: MoveOptions['conflicts']): string {
  return `
  INSERT INTO media_released (storage_key, released_at)
  SELECT own.storage_key, clock_timestamp() FROM media_file own JOIN import_file stored USING (path)
   WHERE stored.is_pending AND own.storage_key IS NOT NULL AND own.storage_key <> stored.storage_key
     AND ${replaces(conflicts)}
  ON CONFLICT DO NOTHING`
}

function replacing(conflicts: MoveOptions['conflicts']): string {
  return `
  UPDATE media_file own
     SET storage_key = stored.storage_key, format = stored.format, width = stored.width, height = stored.height,
         size = stored.source_size, sha256 = stored.sha256, md5 = stored.md5, md5_key = stored.storage_key, absence = NULL,
         freed_at = NULL, modified_at = greatest(clock_timestamp(), own.modified_at + interval '1 second')
    FROM import_file stored
   WHERE stored.path = own.path AND stored.is_pending AND own.storage_key IS DISTINCT FROM stored.storage_key
     AND ${replaces(conflicts)}`
}

/** The time of a file is that of the media folder, for it is what the old shop told browsers. */
const FILES = `
  INSERT INTO media_file (path, storage_key, format, width, height, size, sha256, md5, md5_key, modified_at, absence)
  SELECT named.path, stored.storage_key, stored.format, stored.width, stored.height,
         CASE WHEN stored.path IS NOT NULL THEN stored.source_size END, stored.sha256, stored.md5, stored.storage_key,
         coalesce(to_timestamp(stored.source_modified / 1000), now()),
         CASE WHEN stored.path IS NULL THEN CASE state.state WHEN 'unsafe' THEN 'unsafe' ELSE 'missing' END END
    FROM (SELECT DISTINCT value AS path FROM importing_new_image WHERE value IS NOT NULL) named
    LEFT JOIN import_file stored USING (path)
    LEFT JOIN importing_path state USING (path)
  ON CONFLICT (path) DO NOTHING`

const SETTLED = 'UPDATE import_file SET is_pending = false, replaced_key = NULL WHERE is_pending'

const ANY_REMOVED = 'SELECT 1 FROM media_file WHERE removed_at IS NOT NULL LIMIT 1'

const IN_USE = `
  UPDATE media_file SET removed_at = NULL
   WHERE removed_at IS NOT NULL AND EXISTS (
         SELECT FROM importing_new_image image WHERE image.value = media_file.path AND image.entity_id IN (${WRITTEN}))`

const OUT_OF_USE = `
  UPDATE media_file SET removed_at = clock_timestamp()
   WHERE path IN (SELECT value FROM importing_old_image)
     AND NOT EXISTS (SELECT FROM catalog_product_entity_media_gallery image WHERE image.value = media_file.path)`

/** Images that were made here have their ids for good: those of the shop that have the same one get another. */
const TAKEN_IDS = `
  FROM importing_new_image staged
  JOIN catalog_product_entity_media_gallery own ON own.value_id = staged.value_id
 WHERE staged.entity_id IN (${WRITTEN})`

const NEW_IDS = [
  `CREATE TEMPORARY TABLE importing_id ON COMMIT DROP AS
     SELECT staged.value_id AS old_id, nextval(pg_get_serial_sequence('catalog_product_entity_media_gallery', 'value_id'))::int AS new_id
     ${TAKEN_IDS}`,
  'UPDATE importing_new_value SET value_id = new_id FROM importing_id WHERE value_id = old_id',
  'UPDATE importing_new_type SET value_id = new_id FROM importing_id WHERE value_id = old_id',
  'UPDATE importing_new_image SET value_id = new_id FROM importing_id WHERE value_id = old_id',
]

const GALLERIES = [
  `INSERT INTO catalog_product_entity_media_gallery (value_id, entity_id, value)
   SELECT value_id, entity_id, value FROM importing_new_image WHERE entity_id IN (${WRITTEN}) ORDER BY value_id`,
  `INSERT INTO catalog_product_entity_media_gallery_value (value_id, store_id, label, position, disabled)
   SELECT given.value_id, store_id, label, position, disabled
     FROM importing_new_value given JOIN importing_new_image image USING (value_id)
    WHERE image.entity_id IN (${WRITTEN}) ORDER BY given.value_id, store_id`,
  `INSERT INTO catalog_product_entity_media_type (entity_id, store_id, type_code, value_id)
   SELECT entity_id, store_id, type_code, value_id FROM importing_new_type
    WHERE entity_id IN (${WRITTEN}) ORDER BY entity_id`,
]

const AUDIT_COLUMNS = `changed_at, action, product_id, sku, sku_key, store_id, store_code, image_id, path, author_key, protocol,
           client_address, storage_key, sha256`

/** An image is known again by its file. */
const AUDIT = [
  `INSERT INTO media_audit (${AUDIT_COLUMNS})
   SELECT clock_timestamp(), CASE WHEN before.value_id IS NULL THEN 'create' ELSE 'update' END, product.entity_id, product.sku,
          product.sku_key, 0, 'admin', image.value_id, coalesce(image.value, ''), '', 'import', '', file.storage_key, file.sha256
     FROM importing_new_image image
     JOIN catalog_product_entity product USING (entity_id)
     LEFT JOIN media_file file ON file.path = image.value
     LEFT JOIN importing_old_image before
            ON before.entity_id = image.entity_id AND before.value IS NOT DISTINCT FROM image.value
    WHERE image.entity_id IN (${WRITTEN})`,
  `INSERT INTO media_audit (${AUDIT_COLUMNS})
   SELECT clock_timestamp(), 'remove', product.entity_id, product.sku, product.sku_key, 0, 'admin', before.value_id,
          coalesce(before.value, ''), '', 'import', '', NULL, NULL
     FROM importing_old_image before
     JOIN catalog_product_entity product USING (entity_id)
    WHERE NOT EXISTS (SELECT FROM importing_new_image image
                       WHERE image.entity_id = before.entity_id AND image.value IS NOT DISTINCT FROM before.value)`,
]

const REMEMBER = `
  INSERT INTO import_product (entity_id, source_digest, result_digest, imported_at)
  SELECT entity_id, digest, digest, clock_timestamp() FROM importing_plan WHERE action IN ('add', 'change')
  ON CONFLICT (entity_id) DO UPDATE
  SET source_digest = excluded.source_digest, result_digest = excluded.result_digest, imported_at = excluded.imported_at`

/** The products whose rows here are not quite those of the shop: an image got another id, or their SKU is another's. */
const ADAPTED = `
  SELECT image.entity_id FROM importing_id JOIN importing_new_image image ON image.value_id = new_id
  UNION
  SELECT own.entity_id FROM catalog_product_entity own JOIN importing_new_product staged USING (entity_id)
   WHERE own.sku_key IS DISTINCT FROM staged.sku_key AND own.entity_id IN (${WRITTEN})`

const REMEMBER_ADAPTED = `
  UPDATE import_product known SET result_digest = own.digest
    FROM (${digests(OWN_TABLES, `product.entity_id IN (${ADAPTED})`)}) own
   WHERE own.entity_id = known.entity_id`

const DELETING = [
  `DELETE FROM catalog_product_entity WHERE entity_id IN (SELECT known.entity_id FROM ${GONE})`,
  `DELETE FROM import_product known
    WHERE NOT EXISTS (SELECT FROM catalog_product_entity own WHERE own.entity_id = known.entity_id)`,
]

const COUNTERS = [...ID_COUNTERS, ['catalog_product_entity_media_gallery', 'value_id']] as const

/** The next ids come after all that are here and all that the shop has given, and never before those that were next. */
function counterAfter([table, column]: readonly [string, string]): string {
  const sequence = `pg_get_serial_sequence('${table}', '${column}')`
  const staged =
    table === 'catalog_product_entity_media_gallery'
      ? '(SELECT max(value_id) FROM importing_new_image), '
      : ''
  return `SELECT setval(${sequence}, greatest(${staged}(SELECT max(${column}) FROM ${table}), nextval(${sequence}) - 1, 1))`
}

const COUNT = `
  SELECT count(*)::int AS total, count(*) FILTER (WHERE action = 'add')::int AS added,
         count(*) FILTER (WHERE action = 'change')::int AS changed, count(*) FILTER (WHERE action = 'same')::int AS unchanged,
         count(*) FILTER (WHERE action = 'conflict')::int AS conflicts
    FROM importing_plan`

/** Products of the last import, and of these those that have another SKU in this shop. */
const RENAMED = `
  SELECT count(*)::int AS known, count(*) FILTER (WHERE own.sku IS DISTINCT FROM staged.sku)::int AS renamed
    FROM importing_new_product staged JOIN catalog_product_entity own USING (entity_id) JOIN import_product USING (entity_id)`

/** With fewer products, nothing is concluded from their SKUs. */
const FEW = 10

/** @throws ImportRefused for a shop that is not the one of the last import */
async function requireSameShop(rows: Queryable): Promise<void> {
  const { known, renamed } = onlyRow(
    await rows.query<{ known: number; renamed: number }>({ name: '', text: RENAMED }),
  )
  if (known >= FEW && renamed > known / 2)
    throw new ImportRefused(
      `this is another shop than that of the last import: ${renamed} of ${known} products have other SKUs; import it into an empty database`,
    )
}

/**
 * Moves the staged products with their galleries and files to their places. Websites, store views and attribute sets must be
 * there. Whoever calls it has a transaction without a limit of time.
 *
 * @throws ImportRefused
 */
export async function moveProducts(
  rows: Queryable,
  { conflicts, deletes }: MoveOptions,
): Promise<MoveCounts['products']> {
  const run = (text: string) => rows.query({ name: '', text })
  await requireSameShop(rows)
  for (const text of [PLAN, PLAN_INDEX]) await run(text)
  if ((await run(`${DIFFERING} LIMIT 1`)).length > 0) await run(decide(conflicts))
  await run(oldImages(deletes))
  const gone = onlyRow(
    await rows.query<{ count: number }>({ name: '', text: `SELECT count(*)::int AS count FROM ${GONE}` }),
  ).count
  for (const text of CLEARING) await run(text)
  await run(PRODUCTS)
  await run(WEBSITES)
  await run(VISIBILITIES)
  for (const text of [releasing(conflicts), replacing(conflicts), FILES]) await run(text)
  if ((await run(ANY_REMOVED)).length > 0) await run(IN_USE)
  for (const counter of COUNTERS) await run(counterAfter(counter))
  for (const text of [...NEW_IDS, ...GALLERIES, ...AUDIT]) await run(text)
  if (deletes) for (const text of DELETING) await run(text)
  for (const text of [OUT_OF_USE, REMEMBER]) await run(text)
  if ((await run(`${ADAPTED} LIMIT 1`)).length > 0) await run(REMEMBER_ADAPTED)
  const counts = onlyRow(
    await rows.query<Omit<MoveCounts['products'], 'deleted' | 'gone'>>({ name: '', text: COUNT }),
  )
  return { ...counts, deleted: deletes ? gone : 0, gone }
}

/** Notes that the bytes of this import have their rows. Those that no row has got are no more kept from `keepsake gc`. */
export async function settleFiles(rows: Queryable): Promise<void> {
  await rows.query({ name: '', text: SETTLED })
}
