import type { AuditEntry, Replacement } from '../../catalog/auditEntry'
import type { StoredName } from '../../catalog/fileName'
import { storedPath } from '../../catalog/fileName'
import { DEFAULT_SCOPE, type Gallery, type GalleryImage, type TypeValues } from '../../catalog/gallery'
import type { MediaAttribute } from '../../catalog/mediaAttribute'
import type { Galleries, OpenGallery, Product, ProductReference, WrittenFile } from '../../catalog/ports'
import { folded } from '../../contract/folded'
import { isStorableId, isStorableText } from '../../contract/storable'
import { type Database, onlyRow, type Queryable } from '../database/database'
import { mediaAttributesIn } from './mediaTypes'

/** A product's row with one of its images. The image's columns are null for a product without images. */
interface ViewRow {
  readonly product_id: number
  readonly has_gallery: boolean
  /** The media attributes of the attribute set, as {@link mediaAttributesIn} reads them. */
  readonly media_types: string
  /**
   * `store view:type:image id` for each type of the store view and of the default scope, joined by commas. An
   * empty id is 'none'.
   */
  readonly types: string
  readonly image_id: number | null
  readonly file: string | null
  readonly label: string | null
  /** A bigint, which the driver returns as text. */
  readonly position: string | null
  readonly exclude: number | null
  /** Null for a file that was not read for it; missing where hashes are not read. */
  readonly md5?: string | null
  readonly sha256?: string | null
}

const HASH_COLUMNS =
  ", CASE bytes.md5_key WHEN bytes.storage_key THEN encode(bytes.md5, 'hex') END AS md5, encode(bytes.sha256, 'hex') AS sha256"
const HASH_ROWS = ' LEFT JOIN media_file bytes ON bytes.path = image.value'

/** @param hashes whether the hashes of the images' bytes are read as well */
function viewStatement(name: string, key: 'entity_id' | 'sku_key', hashes = false) {
  return {
    name,
    text: `
      SELECT product.entity_id AS product_id, attribute_set.has_media_gallery AS has_gallery,
             attribute_set.media_types, type.list AS types,
             image.value_id AS image_id, image.value AS file,
             coalesce(own.label, fallback.label) AS label,
             coalesce(own.position, fallback.position) AS position,
             coalesce(own.disabled, fallback.disabled) AS exclude${hashes ? HASH_COLUMNS : ''}
        FROM catalog_product_entity product
        JOIN eav_attribute_set attribute_set USING (attribute_set_id)
        CROSS JOIN LATERAL (
             SELECT array_to_string(ARRAY(
                    SELECT store_id || ':' || type_code || ':' || coalesce(value_id::text, '')
                      FROM catalog_product_entity_media_type
                     WHERE entity_id = product.entity_id AND store_id IN (0, $2)), ',') AS list) type
        LEFT JOIN catalog_product_entity_media_gallery image ON image.entity_id = product.entity_id
        LEFT JOIN catalog_product_entity_media_gallery_value own
               ON own.value_id = image.value_id AND own.store_id = $2
        LEFT JOIN catalog_product_entity_media_gallery_value fallback
               ON fallback.value_id = image.value_id AND fallback.store_id = 0${hashes ? HASH_ROWS : ''}
       WHERE product.${key} = $1
       ORDER BY coalesce(own.position, fallback.position) NULLS FIRST, image.value_id`,
  }
}

function productStatement(name: string, key: 'entity_id' | 'sku_key') {
  return {
    name,
    text: `
      SELECT entity_id AS id, has_media_gallery AS "hasGallery"
        FROM catalog_product_entity JOIN eav_attribute_set USING (attribute_set_id)
       WHERE ${key} = $1`,
  }
}

const views = {
  byId: viewStatement('view_by_id', 'entity_id'),
  bySku: viewStatement('view_by_sku', 'sku_key'),
}
const viewsWithHashes = {
  byId: viewStatement('view_with_hashes_by_id', 'entity_id', true),
  bySku: viewStatement('view_with_hashes_by_sku', 'sku_key', true),
}
const productById = productStatement('product_by_id', 'entity_id')
const productBySku = productStatement('product_by_sku', 'sku_key')

const mediaTypes = {
  name: 'media_types',
  text: 'SELECT media_types FROM eav_attribute_set WHERE attribute_set_id = $1',
}

const isOffered = {
  name: 'is_offered',
  text: `
    SELECT 1 FROM core_store JOIN catalog_product_website USING (website_id)
     WHERE product_id = $1 AND store_id = $2`,
}

/** Enabled is 1, and visible on its own is 2, 3 and 4 (importing.md). */
const isHidden = {
  name: 'is_hidden_from_guests',
  text: `
    SELECT 1 FROM catalog_product_visibility fallback
      LEFT JOIN catalog_product_visibility own ON own.entity_id = $1 AND own.store_id = $2
     WHERE fallback.entity_id = $1 AND fallback.store_id = 0
       AND NOT (coalesce(own.status, fallback.status, 0) = 1 AND coalesce(own.visibility, fallback.visibility, 0) IN (2, 3, 4))`,
}

const lockProduct = {
  name: 'lock_product',
  text: 'SELECT 1 FROM catalog_product_entity WHERE entity_id = $1 FOR UPDATE',
}

/** Locks a name until the transaction ends, and returns the first suffix that may be free. */
const lockName = {
  name: 'lock_name',
  text: `
    INSERT INTO media_file_name AS taken (name, next_suffix) VALUES ($1, 0)
    ON CONFLICT (name) DO UPDATE SET next_suffix = taken.next_suffix
    RETURNING next_suffix`,
}

const setNextSuffix = {
  name: 'set_next_suffix',
  text: 'UPDATE media_file_name SET next_suffix = $2 WHERE name = $1',
}

/** How many suffixes are looked at by one statement: an imported shop may have thousands of one name. */
const SUFFIXES_AT_ONCE = 1000

const freeSuffix = {
  name: 'free_suffix',
  text: `
    SELECT suffix FROM generate_series($3::int, $3::int + ${SUFFIXES_AT_ONCE - 1}) AS suffix
     WHERE NOT EXISTS (SELECT FROM media_file WHERE path = $1::text || '_' || suffix || $2::text)
     ORDER BY suffix LIMIT 1`,
}

const claimPath = {
  name: 'claim_path',
  text: `
    INSERT INTO media_file (path, storage_key, format, width, height, size, sha256, md5, md5_key, created_at, modified_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $2, $9, $9)
    ON CONFLICT (path) DO NOTHING RETURNING path`,
}

/**
 * Last-Modified has whole seconds, so the new file must be one second later than the old file and all its
 * variants. The old bytes, if there were any, are released now.
 */
const replaceFile = {
  name: 'replace_file',
  text: `
    WITH old AS (SELECT storage_key FROM media_file WHERE path = $1),
         released AS (
           INSERT INTO media_released (storage_key, released_at)
           SELECT storage_key, clock_timestamp() FROM old WHERE storage_key IS NOT NULL)
    UPDATE media_file SET absence = NULL, storage_key = $2, format = $3, width = $4, height = $5, size = $6, sha256 = $7,
           md5 = $8, md5_key = $2, modified_at = greatest($9, interval '1 second' + greatest(modified_at, (
             SELECT max(created_at) FROM media_variant WHERE original_key = media_file.storage_key)))
     WHERE path = $1
    RETURNING (SELECT storage_key FROM old) AS "replacedKey"`,
}

const imageWithBytes = {
  name: 'image_with_bytes',
  text: `
    SELECT value_id AS id, value AS file
      FROM catalog_product_entity_media_gallery JOIN media_file ON path = value
     WHERE entity_id = $1 AND sha256 = $2 ORDER BY value_id LIMIT 1`,
}

const addImage = {
  name: 'add_image',
  text: 'INSERT INTO catalog_product_entity_media_gallery (entity_id, value) VALUES ($1, $2) RETURNING value_id AS id',
}

const writeValues = {
  name: 'write_values',
  text: `
    INSERT INTO catalog_product_entity_media_gallery_value AS own (value_id, store_id, label, position, disabled)
    SELECT value_id, $1, label, position, disabled
      FROM unnest($2::int[], $3::text[], $4::bigint[], $5::int[]) AS image (value_id, label, position, disabled)
    ON CONFLICT (value_id, store_id)
    DO UPDATE SET label = excluded.label, position = excluded.position, disabled = excluded.disabled
     WHERE (own.label, own.position, own.disabled)
           IS DISTINCT FROM (excluded.label, excluded.position, excluded.disabled)`,
}

const writeTypes = {
  name: 'write_types',
  text: `
    INSERT INTO catalog_product_entity_media_type (entity_id, store_id, type_code, value_id)
    SELECT $1, store.store_id, type_code, value_id
      FROM unnest($3::text[], $4::int[], $5::text[]) AS type (type_code, value_id, scope)
      JOIN core_store store
        ON CASE
           WHEN $2 = 0 OR scope = 'global' THEN store.store_id = 0
           WHEN scope = 'website'
           THEN store.website_id = (SELECT website_id FROM core_store WHERE store_id = $2)
           ELSE store.store_id = $2 END
    ON CONFLICT (entity_id, store_id, type_code) DO UPDATE SET value_id = excluded.value_id`,
}

const isUsedBeyond = {
  name: 'is_used_beyond',
  text: `
    SELECT 1 FROM catalog_product_entity_media_type type
      JOIN catalog_product_entity product ON product.entity_id = type.entity_id
      JOIN eav_entity_attribute of_set ON of_set.attribute_set_id = product.attribute_set_id
      JOIN eav_attribute attribute
        ON attribute.attribute_id = of_set.attribute_id AND attribute.attribute_code = type.type_code
     WHERE type.entity_id = $1 AND type.value_id = $2 AND type.store_id <> $3
       AND (type.store_id = 0 OR EXISTS (
            SELECT 1 FROM core_store store
              JOIN catalog_product_website website ON website.website_id = store.website_id
             WHERE store.store_id = type.store_id AND website.product_id = type.entity_id))
     LIMIT 1`,
}

const clearTypesOf = {
  name: 'clear_types_of',
  text: 'UPDATE catalog_product_entity_media_type SET value_id = NULL WHERE entity_id = $1 AND value_id = $2',
}

const deleteImage = {
  name: 'delete_image',
  text: `
    WITH gone AS (DELETE FROM catalog_product_entity_media_gallery WHERE value_id = $1 RETURNING value)
    UPDATE media_file SET removed_at = clock_timestamp() FROM gone
     WHERE path = gone.value AND NOT EXISTS (
           SELECT FROM catalog_product_entity_media_gallery other WHERE other.value = gone.value AND other.value_id <> $1)`,
}

/**
 * The time of the clock, and not of the transaction's beginning, so that a change that waited for the product
 * is later.
 */
const recordChange = {
  name: 'record_change',
  text: `
    INSERT INTO media_audit (changed_at, action, product_id, sku, sku_key, store_id, store_code, image_id, path,
           username, consumer, author_key, token, protocol, client_address,
           label, position, disabled, types, storage_key, sha256, replaced_key)
    SELECT clock_timestamp(), $3, product.entity_id, product.sku, product.sku_key, store.store_id, store.code, $4, $5,
           $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18
      FROM catalog_product_entity product CROSS JOIN core_store store
     WHERE product.entity_id = $1 AND store.store_id = $2
    RETURNING change_id`,
}

/** Each product is recorded with its own SKU. */
const recordReplacedElsewhere = {
  name: 'record_replaced_elsewhere',
  text: `
    INSERT INTO media_audit (changed_at, action, product_id, sku, sku_key, store_id, store_code, image_id, path,
           username, consumer, author_key, token, protocol, client_address, storage_key, sha256, replaced_key)
    SELECT clock_timestamp(), 'update', product.entity_id, product.sku, product.sku_key, store.store_id, store.code,
           image.value_id, image.value, $4, $5, $6, $7, $8, $9, $10, $11, $12
      FROM catalog_product_entity_media_gallery image
      JOIN catalog_product_entity product USING (entity_id) CROSS JOIN core_store store
     WHERE image.value = $1 AND image.value_id <> $2 AND store.store_id = $3`,
}

/** Stores galleries in PostgreSQL. */
export class PostgresGalleries implements Galleries {
  readonly #views: typeof views

  /**
   * @param now returns the time that files are dated with
   * @param readsHashes whether a view has the hashes of its images' bytes
   */
  constructor(
    private readonly database: Database,
    private readonly now: () => Date = () => new Date(),
    readsHashes = false,
  ) {
    this.#views = readsHashes ? viewsWithHashes : views
  }

  async product(reference: ProductReference): Promise<Product | null> {
    if (!isStorable(reference)) return null
    const [row] = await ('id' in reference
      ? this.database.query<Product>(productById, [reference.id])
      : this.database.query<Product>(productBySku, [folded(reference.sku)]))
    return row ?? null
  }

  async view(
    reference: ProductReference,
    storeId: number,
  ): Promise<{ product: Product; gallery: Gallery } | null> {
    if (!isStorable(reference)) return null
    const rows = await ('id' in reference
      ? this.database.query<ViewRow>(this.#views.byId, [reference.id, storeId])
      : this.database.query<ViewRow>(this.#views.bySku, [folded(reference.sku), storeId]))
    const [first] = rows
    if (!first) return null
    return { product: { id: first.product_id, hasGallery: first.has_gallery }, gallery: galleryOf(rows) }
  }

  async change<T>(productId: number, work: (gallery: OpenGallery) => Promise<T>): Promise<T> {
    return this.database.transaction(async (transaction) => {
      await transaction.query(lockProduct, [productId])
      return work(new LockedGallery(transaction, productId, this.now))
    })
  }

  async isOffered(productId: number, storeId: number): Promise<boolean> {
    if (!isStorableId(productId) || !isStorableId(storeId)) return false
    return (await this.database.query(isOffered, [productId, storeId])).length > 0
  }

  async isSeenByGuests(productId: number, storeId: number): Promise<boolean> {
    return (await this.database.query(isHidden, [productId, storeId])).length === 0
  }

  async mediaAttributes(attributeSetId: number): Promise<readonly MediaAttribute[]> {
    if (!isStorableId(attributeSetId)) return []
    const [row] = await this.database.query<Pick<ViewRow, 'media_types'>>(mediaTypes, [attributeSetId])
    return mediaAttributesIn(row?.media_types ?? '')
  }
}

class LockedGallery implements OpenGallery {
  constructor(
    private readonly transaction: Queryable,
    private readonly productId: number,
    private readonly now: () => Date,
  ) {}

  async view(storeId: number): Promise<Gallery> {
    return galleryOf(await this.transaction.query<ViewRow>(views.byId, [this.productId, storeId]))
  }

  async claim(name: StoredName, file: WrittenFile): Promise<string | null> {
    const key = `${name.stem}${name.extension}`
    const { next_suffix } = onlyRow(await this.transaction.query<{ next_suffix: number }>(lockName, [key]))
    for (let suffix = next_suffix; ; suffix = await this.#freeSuffix(name, suffix + 1)) {
      const path = storedPath(name, suffix)
      if (path === null) return null
      const claimed = await this.transaction.query(claimPath, [path, ...columnsOf(file), this.now()])
      if (claimed.length === 0) continue
      await this.transaction.query(setNextSuffix, [key, suffix + 1])
      return path
    }
  }

  /** Returns the first suffix from this one on that no path has yet. */
  async #freeSuffix({ stem, extension }: StoredName, first: number): Promise<number> {
    const [free] = await this.transaction.query<{ suffix: number }>(freeSuffix, [stem, extension, first])
    return free?.suffix ?? first + SUFFIXES_AT_ONCE
  }

  async replaceFile(path: string, file: WrittenFile): Promise<string | null> {
    const values = [path, ...columnsOf(file), this.now()]
    return onlyRow(await this.transaction.query<{ replacedKey: string | null }>(replaceFile, values))
      .replacedKey
  }

  async imageWithBytes(sha256: Buffer): Promise<{ readonly id: number; readonly file: string } | null> {
    const [found] = await this.transaction.query<{ id: number; file: string }>(imageWithBytes, [
      this.productId,
      sha256,
    ])
    return found ?? null
  }

  async addImage(path: string): Promise<number> {
    return onlyRow(await this.transaction.query<{ id: number }>(addImage, [this.productId, path])).id
  }

  async write(storeId: number, { images, types, mediaAttributes }: Gallery): Promise<void> {
    await this.transaction.query(writeValues, [
      storeId,
      images.map(({ id }) => id),
      images.map(({ label }) => label || null),
      images.map(({ position }) => position ?? 0),
      images.map(({ exclude }) => exclude ?? 0),
    ])
    const given = mediaAttributes.filter(({ code }) => types.has(code))
    if (given.length > 0) {
      await this.transaction.query(writeTypes, [
        this.productId,
        storeId,
        given.map(({ code }) => code),
        given.map(({ code }) => types.get(code)),
        given.map(({ scope }) => scope),
      ])
    }
  }

  async isUsedBeyond(storeId: number, imageId: number): Promise<boolean> {
    return (await this.transaction.query(isUsedBeyond, [this.productId, imageId, storeId])).length > 0
  }

  async deleteImage(imageId: number): Promise<void> {
    await this.transaction.query(clearTypesOf, [this.productId, imageId])
    await this.transaction.query(deleteImage, [imageId])
  }

  async record({ action, author, storeId, image, file, replacedKey, ...values }: AuditEntry): Promise<void> {
    const { user, consumer, token, protocol, clientAddress } = author
    // `onlyRow` throws when nothing was recorded, which undoes the change.
    onlyRow(
      await this.transaction.query(recordChange, [
        this.productId,
        storeId,
        action,
        image.id,
        image.file ?? '',
        user,
        consumer,
        folded(user ?? consumer ?? ''),
        token,
        protocol,
        clientAddress,
        values.label,
        values.position,
        values.exclude,
        values.types,
        file?.storageKey,
        file?.sha256,
        replacedKey,
      ]),
    )
  }

  async recordReplacedElsewhere({ author, storeId, image, file, replacedKey }: Replacement): Promise<void> {
    const { user, consumer, token, protocol, clientAddress } = author
    await this.transaction.query(recordReplacedElsewhere, [
      image.file,
      image.id,
      storeId,
      user,
      consumer,
      folded(user ?? consumer ?? ''),
      token,
      protocol,
      clientAddress,
      file?.storageKey,
      file?.sha256,
      replacedKey,
    ])
  }
}

function columnsOf({
  storageKey,
  format,
  width,
  height,
  size,
  sha256,
  md5,
}: WrittenFile): readonly unknown[] {
  return [storageKey, format, width, height, size, sha256, md5]
}

function galleryOf(rows: readonly ViewRow[]): Gallery {
  const [first] = rows
  const mediaAttributes = mediaAttributesIn(first?.media_types ?? '')
  return {
    mediaAttributes,
    images: rows.flatMap(imageOf),
    types: typesOf(first?.types ?? '', mediaAttributes),
  }
}

function imageOf({
  image_id,
  file,
  label,
  position,
  exclude,
  md5,
  sha256,
}: ViewRow): readonly GalleryImage[] {
  if (image_id === null) return []
  const image = { id: image_id, file, label, position: position === null ? null : Number(position), exclude }
  return [sha256 === undefined ? image : { ...image, hashes: { md5: md5 ?? '', sha256: sha256 ?? '' } }]
}

/** Returns the store view's own types over those of the default scope, and none that the attribute set has not. */
function typesOf(list: string, mediaAttributes: readonly MediaAttribute[]): TypeValues {
  if (list === '') return new Map()
  const codes = new Set(mediaAttributes.map(({ code }) => code))
  const entries = list
    .split(',')
    .map((entry) => entry.split(':'))
    .filter(([, code]) => codes.has(code ?? ''))
  const own = entries.filter(([storeId]) => storeId !== String(DEFAULT_SCOPE))
  const inherited = entries.filter(([storeId]) => storeId === String(DEFAULT_SCOPE))
  return new Map([...inherited, ...own].map(([, code = '', id]) => [code, id ? Number(id) : null]))
}

function isStorable(reference: ProductReference): boolean {
  return 'id' in reference ? isStorableId(reference.id) : isStorableText(reference.sku)
}
