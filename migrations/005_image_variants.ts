/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'resized variants of images'

/** The resized variants of images. */
export const up = `
  CREATE TABLE media_variant (
    storage_key text PRIMARY KEY,
    original_key text
      CONSTRAINT media_variant_original_key_foreign
      REFERENCES media_file (storage_key) ON UPDATE SET NULL ON DELETE SET NULL,
    recipe text NOT NULL,
    format text NOT NULL,
    size bigint NOT NULL,
    sha256 bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT media_variant_original_key_recipe_format_unique UNIQUE (original_key, recipe, format),
    CONSTRAINT media_variant_format_known CHECK (format IN ('jpeg', 'png', 'gif', 'webp', 'avif')),
    CONSTRAINT media_variant_not_empty CHECK (size > 0),
    CONSTRAINT media_variant_sha256_length CHECK (octet_length(sha256) = 32)
  );
  COMMENT ON COLUMN media_variant.storage_key IS 'where its bytes are';
  COMMENT ON COLUMN media_variant.original_key
    IS 'the bytes that it was made of; null once they are replaced, until the variant is dropped';
  COMMENT ON COLUMN media_variant.recipe IS 'size, fit and all else that its pixels follow from';
  CREATE INDEX media_variant_outdated ON media_variant (storage_key) WHERE original_key IS NULL;
`

export const down = 'DROP TABLE media_variant'
