/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'galleries as a Magento shop had them, and what an import remembers'

/**
 * Magento's galleries may hold what Keepsake makes by no call: one file in several galleries, paths of any form, rows
 * without a file, and values that are absent (importing.md). A file that a gallery names and that has no bytes keeps its
 * row, which says why. A file whose bytes are no image of a known format is of the format `other`.
 *
 * The tables `import_file` and `import_product` let an import go on after it was ended, and take the difference later.
 */
export const up = `
  ALTER TABLE media_file
    DROP CONSTRAINT media_file_path_form,
    DROP CONSTRAINT media_file_format_known,
    DROP CONSTRAINT media_file_not_empty,
    ALTER COLUMN storage_key DROP NOT NULL,
    ALTER COLUMN format DROP NOT NULL,
    ALTER COLUMN width DROP NOT NULL,
    ALTER COLUMN height DROP NOT NULL,
    ALTER COLUMN size DROP NOT NULL,
    ALTER COLUMN sha256 DROP NOT NULL,
    ADD COLUMN absence text,
    ADD CONSTRAINT media_file_format_known CHECK (format IN ('jpeg', 'png', 'gif', 'webp', 'other')),
    ADD CONSTRAINT media_file_absence_known CHECK (absence IN ('missing', 'unsafe')),
    ADD CONSTRAINT media_file_has_bytes CHECK (
      CASE WHEN absence IS NULL
           THEN storage_key IS NOT NULL AND format IS NOT NULL AND size IS NOT NULL AND size >= 0 AND sha256 IS NOT NULL
                AND (format = 'other' OR (width > 0 AND height > 0))
           ELSE storage_key IS NULL END);
  COMMENT ON COLUMN media_file.absence
    IS 'why it has no bytes since the import: they were missing, or no file can be under such a path; null for one that has';

  ALTER TABLE catalog_product_entity_media_gallery
    DROP CONSTRAINT catalog_product_entity_media_gallery_value_unique,
    ALTER COLUMN value DROP NOT NULL;
  CREATE INDEX catalog_product_entity_media_gallery_value_index ON catalog_product_entity_media_gallery (value);
  COMMENT ON COLUMN catalog_product_entity_media_gallery.value
    IS 'the path of its file, which other galleries may have, too; null for a row that never had one';

  ALTER TABLE catalog_product_entity_media_gallery_value
    ALTER COLUMN position DROP NOT NULL,
    ALTER COLUMN disabled DROP NOT NULL;

  ALTER TABLE catalog_product_entity
    DROP CONSTRAINT catalog_product_entity_sku_of_key,
    ADD CONSTRAINT catalog_product_entity_sku_of_key CHECK (sku_key IS NULL OR sku IS NOT NULL);

  CREATE TABLE catalog_product_visibility (
    entity_id integer NOT NULL
      CONSTRAINT catalog_product_visibility_entity_id_foreign REFERENCES catalog_product_entity ON DELETE CASCADE,
    store_id integer NOT NULL
      CONSTRAINT catalog_product_visibility_store_id_foreign REFERENCES core_store ON DELETE CASCADE,
    status integer,
    visibility integer,
    PRIMARY KEY (entity_id, store_id)
  );
  COMMENT ON TABLE catalog_product_visibility IS 'whether guests see an imported product; one without rows is seen';
  COMMENT ON COLUMN catalog_product_visibility.status IS '1 for an enabled product; null to inherit';
  COMMENT ON COLUMN catalog_product_visibility.visibility IS '2, 3 or 4 for one that is visible on its own; null to inherit';
  CREATE INDEX catalog_product_visibility_store_id_index ON catalog_product_visibility (store_id);

  CREATE TABLE import_file (
    path text PRIMARY KEY,
    source_size bigint NOT NULL,
    source_modified bigint NOT NULL,
    storage_key text NOT NULL,
    format text NOT NULL,
    width integer,
    height integer,
    sha256 bytea NOT NULL,
    md5 bytea NOT NULL,
    is_pending boolean NOT NULL,
    replaced_key text,
    CONSTRAINT import_file_sha256_length CHECK (octet_length(sha256) = 32),
    CONSTRAINT import_file_md5_length CHECK (octet_length(md5) = 16)
  );
  COMMENT ON COLUMN import_file.source_modified IS 'milliseconds since 1970, as the media folder says';
  COMMENT ON COLUMN import_file.storage_key IS 'where the import put its bytes';
  COMMENT ON COLUMN import_file.is_pending IS 'whether no row of media_file has had the bytes yet';
  COMMENT ON COLUMN import_file.replaced_key IS 'where the import before had put its bytes; null for the first';
  CREATE INDEX import_file_pending ON import_file (storage_key) WHERE is_pending;

  CREATE TABLE import_product (
    entity_id integer PRIMARY KEY,
    source_digest bytea NOT NULL,
    result_digest bytea NOT NULL,
    imported_at timestamptz NOT NULL
  );
  COMMENT ON COLUMN import_product.source_digest IS 'of the rows of the product in the shop it came from';
  COMMENT ON COLUMN import_product.result_digest IS 'of its rows here, right after the import';
`

/** What only an imported gallery has is dropped. */
export const down = `
  DROP TABLE import_file, import_product, catalog_product_visibility;
  UPDATE catalog_product_entity SET sku_key = NULL WHERE sku = '' OR sku_key = '';
  ALTER TABLE catalog_product_entity
    DROP CONSTRAINT catalog_product_entity_sku_of_key,
    ADD CONSTRAINT catalog_product_entity_sku_of_key
      CHECK (sku_key IS NULL OR (sku IS NOT NULL AND sku <> '' AND sku_key <> ''));
  UPDATE catalog_product_entity_media_type type SET value_id = NULL
    FROM catalog_product_entity_media_gallery image LEFT JOIN media_file file ON file.path = image.value
   WHERE type.value_id = image.value_id AND (image.value IS NULL OR file.absence IS NOT NULL OR file.format = 'other'
         OR file.path !~ '^/[A-Za-z0-9_-]/[A-Za-z0-9_-]/[A-Za-z0-9_.-]+$');
  DELETE FROM catalog_product_entity_media_gallery image
   WHERE value IS NULL OR EXISTS (
         SELECT FROM media_file file
          WHERE file.path = image.value AND (file.absence IS NOT NULL OR file.format = 'other'
                OR file.path !~ '^/[A-Za-z0-9_-]/[A-Za-z0-9_-]/[A-Za-z0-9_.-]+$'));
  UPDATE catalog_product_entity_media_type type SET value_id = NULL
    FROM catalog_product_entity_media_gallery image
   WHERE type.value_id = image.value_id AND EXISTS (
         SELECT FROM catalog_product_entity_media_gallery earlier
          WHERE earlier.value = image.value AND earlier.value_id < image.value_id);
  DELETE FROM catalog_product_entity_media_gallery image
   WHERE EXISTS (SELECT FROM catalog_product_entity_media_gallery earlier
                  WHERE earlier.value = image.value AND earlier.value_id < image.value_id);
  UPDATE catalog_product_entity_media_gallery_value
     SET position = coalesce(position, 0), disabled = coalesce(disabled, 0)
   WHERE position IS NULL OR disabled IS NULL;
  ALTER TABLE catalog_product_entity_media_gallery_value
    ALTER COLUMN position SET NOT NULL,
    ALTER COLUMN disabled SET NOT NULL;
  DROP INDEX catalog_product_entity_media_gallery_value_index;
  ALTER TABLE catalog_product_entity_media_gallery
    ALTER COLUMN value SET NOT NULL,
    ADD CONSTRAINT catalog_product_entity_media_gallery_value_unique UNIQUE (value);
  DELETE FROM media_file
   WHERE absence IS NOT NULL OR format = 'other' OR path !~ '^/[A-Za-z0-9_-]/[A-Za-z0-9_-]/[A-Za-z0-9_.-]+$' OR size = 0;
  ALTER TABLE media_file
    DROP CONSTRAINT media_file_has_bytes,
    DROP CONSTRAINT media_file_absence_known,
    DROP CONSTRAINT media_file_format_known,
    DROP COLUMN absence,
    ALTER COLUMN storage_key SET NOT NULL,
    ALTER COLUMN format SET NOT NULL,
    ALTER COLUMN width SET NOT NULL,
    ALTER COLUMN height SET NOT NULL,
    ALTER COLUMN size SET NOT NULL,
    ALTER COLUMN sha256 SET NOT NULL,
    ADD CONSTRAINT media_file_format_known CHECK (format IN ('jpeg', 'png', 'gif', 'webp')),
    ADD CONSTRAINT media_file_not_empty CHECK (width > 0 AND height > 0 AND size > 0),
    ADD CONSTRAINT media_file_path_form CHECK (path ~ '^/[A-Za-z0-9_-]/[A-Za-z0-9_-]/[A-Za-z0-9_.-]+$');
`
