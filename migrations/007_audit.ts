/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'who changed which image when'

/** Who changed which image when. No row refers to another: what it says is to outlast what it is about. */
export const up = `
  CREATE TABLE media_audit (
    change_id bigserial PRIMARY KEY,
    changed_at timestamptz(3) NOT NULL,
    action text NOT NULL,
    product_id integer NOT NULL,
    sku text NOT NULL,
    sku_key text NOT NULL,
    store_id integer NOT NULL,
    store_code text NOT NULL,
    image_id integer NOT NULL,
    path text NOT NULL,
    username text,
    consumer text,
    author_key text NOT NULL,
    token text,
    protocol text NOT NULL,
    client_address text NOT NULL,
    label text,
    position bigint,
    disabled integer,
    types text[],
    storage_key text,
    sha256 bytea,
    replaced_key text,
    CONSTRAINT media_audit_action_known CHECK (action IN ('create', 'update', 'remove')),
    CONSTRAINT media_audit_sha256_length CHECK (octet_length(sha256) = 32)
  );
  COMMENT ON COLUMN media_audit.sku IS 'the SKU that the product had';
  COMMENT ON COLUMN media_audit.sku_key IS 'the SKU in lower case, by which changes are found';
  COMMENT ON COLUMN media_audit.username IS 'the API user, or the operator who authorized the token';
  COMMENT ON COLUMN media_audit.consumer IS 'the name of the OAuth consumer';
  COMMENT ON COLUMN media_audit.author_key
    IS 'the user or else the consumer in lower case, by which changes are found';
  COMMENT ON COLUMN media_audit.token IS 'the OAuth token, without its secret';
  COMMENT ON COLUMN media_audit.label IS 'null, as any value that follows, for what was left alone';
  COMMENT ON COLUMN media_audit.types IS 'all that the image has since';
  COMMENT ON COLUMN media_audit.storage_key IS 'where the bytes were put that it got';
  COMMENT ON COLUMN media_audit.sha256 IS 'of these bytes';
  COMMENT ON COLUMN media_audit.replaced_key IS 'where the bytes are that they replaced';
  CREATE INDEX media_audit_changed_at_change_id_index ON media_audit (changed_at, change_id);
  CREATE INDEX media_audit_sku_key_changed_at_change_id_index ON media_audit (sku_key, changed_at, change_id);
  CREATE INDEX media_audit_author_key_changed_at_change_id_index
    ON media_audit (author_key, changed_at, change_id);
`

export const down = 'DROP TABLE media_audit'
