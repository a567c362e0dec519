/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'galleries with their values and types, and a row for each stored file'

/** Galleries with their values and types per store view, and a row for each stored file. */
export const up = `
  CREATE TABLE media_file (
    path text PRIMARY KEY,
    storage_key text NOT NULL CONSTRAINT media_file_storage_key_unique UNIQUE,
    format text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    modified_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT media_file_path_form CHECK (path ~ '^/[A-Za-z0-9_-]/[A-Za-z0-9_-]/[A-Za-z0-9_.-]+$'),
    CONSTRAINT media_file_format_known CHECK (format IN ('jpeg', 'png', 'gif')),
    CONSTRAINT media_file_not_empty CHECK (width > 0 AND height > 0 AND size > 0),
    CONSTRAINT media_file_sha256_length CHECK (octet_length(sha256) = 32)
  );
  COMMENT ON COLUMN media_file.path IS 'where the file is served; taken for good';
  COMMENT ON COLUMN media_file.storage_key IS 'where its bytes are';

  CREATE TABLE media_file_name (
    name text PRIMARY KEY,
    next_suffix integer NOT NULL
  );
  COMMENT ON COLUMN media_file_name.name
    IS 'a path without suffix; the row is locked while one of its paths is claimed';
  COMMENT ON COLUMN media_file_name.next_suffix IS 'every suffix below is taken';

  CREATE TABLE catalog_product_entity_media_gallery (
    value_id serial PRIMARY KEY,
    entity_id integer NOT NULL
      CONSTRAINT catalog_product_entity_media_gallery_entity_id_foreign
      REFERENCES catalog_product_entity ON DELETE CASCADE,
    value text NOT NULL
      CONSTRAINT catalog_product_entity_media_gallery_value_unique UNIQUE
      CONSTRAINT catalog_product_entity_media_gallery_value_foreign REFERENCES media_file,
    CONSTRAINT catalog_product_entity_media_gallery_entity_id_value_id_unique UNIQUE (entity_id, value_id)
  );

  CREATE TABLE catalog_product_entity_media_gallery_value (
    value_id integer NOT NULL
      CONSTRAINT catalog_product_entity_media_gallery_value_value_id_foreign
      REFERENCES catalog_product_entity_media_gallery ON DELETE CASCADE,
    store_id integer NOT NULL
      CONSTRAINT catalog_product_entity_media_gallery_value_store_id_foreign
      REFERENCES core_store ON DELETE CASCADE,
    label text,
    position bigint NOT NULL,
    disabled integer NOT NULL,
    PRIMARY KEY (value_id, store_id),
    CONSTRAINT media_gallery_value_position_range CHECK (position BETWEEN 0 AND 4294967295),
    CONSTRAINT media_gallery_value_disabled_range CHECK (disabled BETWEEN 0 AND 65535)
  );
  CREATE INDEX catalog_product_entity_media_gallery_value_store_id_index
    ON catalog_product_entity_media_gallery_value (store_id);

  CREATE TABLE catalog_product_entity_media_type (
    entity_id integer NOT NULL
      CONSTRAINT catalog_product_entity_media_type_entity_id_foreign
      REFERENCES catalog_product_entity ON DELETE CASCADE,
    store_id integer NOT NULL
      CONSTRAINT catalog_product_entity_media_type_store_id_foreign REFERENCES core_store ON DELETE CASCADE,
    type_code text NOT NULL,
    value_id integer,
    PRIMARY KEY (entity_id, store_id, type_code),
    CONSTRAINT catalog_product_entity_media_type_entity_id_value_id_foreign
      FOREIGN KEY (entity_id, value_id)
      REFERENCES catalog_product_entity_media_gallery (entity_id, value_id),
    CONSTRAINT media_type_code_known CHECK (type_code IN ('image', 'small_image', 'thumbnail'))
  );
  COMMENT ON COLUMN catalog_product_entity_media_type.value_id
    IS 'an image of the same product; null is Magento''s no_selection';
  CREATE INDEX catalog_product_entity_media_type_entity_id_value_id_index
    ON catalog_product_entity_media_type (entity_id, value_id);
  CREATE INDEX catalog_product_entity_media_type_store_id_index
    ON catalog_product_entity_media_type (store_id);
`

export const down = `
  DROP TABLE
    catalog_product_entity_media_type,
    catalog_product_entity_media_gallery_value,
    catalog_product_entity_media_gallery,
    media_file_name,
    media_file
`
