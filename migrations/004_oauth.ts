/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'OAuth consumers, tokens and nonces'

/** OAuth consumers, their tokens, and the nonces that were used; named after Magento's tables. */
export const up = `
  CREATE TABLE oauth_consumer (
    entity_id serial PRIMARY KEY,
    name text NOT NULL,
    key text NOT NULL CONSTRAINT oauth_consumer_key_unique UNIQUE,
    secret bytea,
    rsa_public_key text,
    callback_url text,
    created_at timestamptz NOT NULL,
    CONSTRAINT oauth_consumer_key_length CHECK (octet_length(key) = 32),
    CONSTRAINT oauth_consumer_signs_with_one_key CHECK ((secret IS NULL) <> (rsa_public_key IS NULL))
  );
  COMMENT ON COLUMN oauth_consumer.secret IS 'AES-256-GCM; null for a consumer with an RSA key';
  COMMENT ON COLUMN oauth_consumer.rsa_public_key IS 'PEM; null for a consumer with a secret';

  CREATE TABLE oauth_token (
    entity_id serial PRIMARY KEY,
    consumer_id integer NOT NULL
      CONSTRAINT oauth_token_consumer_id_foreign REFERENCES oauth_consumer ON DELETE CASCADE,
    type text NOT NULL,
    token text NOT NULL CONSTRAINT oauth_token_token_unique UNIQUE,
    secret bytea NOT NULL,
    verifier_hash bytea,
    callback_url text,
    user_type text,
    user_id integer CONSTRAINT oauth_token_user_id_foreign REFERENCES api_user ON DELETE CASCADE,
    revoked boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    CONSTRAINT oauth_token_type_known CHECK (type IN ('request', 'access')),
    CONSTRAINT oauth_token_user_type_known CHECK (user_type IN ('admin', 'customer')),
    CONSTRAINT oauth_token_access_has_user CHECK (type = 'request' OR user_type IS NOT NULL),
    CONSTRAINT oauth_token_length CHECK (octet_length(token) = 32),
    CONSTRAINT oauth_token_verifier_hash_length CHECK (octet_length(verifier_hash) = 32)
  );
  COMMENT ON COLUMN oauth_token.secret IS 'AES-256-GCM';
  COMMENT ON COLUMN oauth_token.verifier_hash IS 'SHA-256 of the verifier';
  COMMENT ON COLUMN oauth_token.callback_url
    IS 'oob or a URL; null for a token that was issued without the flow';
  COMMENT ON COLUMN oauth_token.user_type IS 'null until an operator has authorized the token';
  COMMENT ON COLUMN oauth_token.user_id
    IS 'the operator who authorized it; null for one that was issued without';
  CREATE INDEX oauth_token_consumer_id_index ON oauth_token (consumer_id);
  CREATE INDEX oauth_token_user_id_index ON oauth_token (user_id);
  CREATE INDEX oauth_token_type_created_at_index ON oauth_token (type, created_at);

  CREATE TABLE oauth_nonce (
    timestamp bigint NOT NULL,
    consumer_id integer NOT NULL
      CONSTRAINT oauth_nonce_consumer_id_foreign REFERENCES oauth_consumer ON DELETE CASCADE,
    nonce_hash bytea NOT NULL,
    PRIMARY KEY (timestamp, consumer_id, nonce_hash),
    CONSTRAINT oauth_nonce_hash_length CHECK (octet_length(nonce_hash) = 32)
  );
  COMMENT ON COLUMN oauth_nonce.timestamp IS 'seconds since 1970, as the consumer signed them';
  COMMENT ON COLUMN oauth_nonce.nonce_hash IS 'SHA-256 of the nonce';
  CREATE INDEX oauth_nonce_consumer_id_index ON oauth_nonce (consumer_id);
`

export const down = 'DROP TABLE oauth_nonce, oauth_token, oauth_consumer'
