/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'API users, their roles and rules, and sessions'

/** API users, their roles and rules, and sessions; named after Magento's tables. */
export const up = `
  CREATE TABLE api_role (
    role_id serial PRIMARY KEY,
    role_name text NOT NULL CONSTRAINT api_role_role_name_unique UNIQUE
  );

  CREATE TABLE api_rule (
    role_id integer NOT NULL CONSTRAINT api_rule_role_id_foreign REFERENCES api_role ON DELETE CASCADE,
    resource_id text NOT NULL,
    PRIMARY KEY (role_id, resource_id)
  );

  CREATE TABLE api_user (
    user_id serial PRIMARY KEY,
    username text NOT NULL,
    username_key text NOT NULL CONSTRAINT api_user_username_key_unique UNIQUE,
    api_key_hash text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    role_id integer CONSTRAINT api_user_role_id_foreign REFERENCES api_role ON DELETE SET NULL
  );
  COMMENT ON COLUMN api_user.username_key IS 'the user name in lower case, by which it is found';
  COMMENT ON COLUMN api_user.api_key_hash IS 'scrypt, with its parameters and salt';
  CREATE INDEX api_user_role_id_index ON api_user (role_id);

  CREATE TABLE api_session (
    session_hash bytea PRIMARY KEY,
    user_id integer CONSTRAINT api_session_user_id_foreign REFERENCES api_user ON DELETE CASCADE,
    seen_at timestamptz NOT NULL,
    CONSTRAINT api_session_hash_length CHECK (octet_length(session_hash) = 32)
  );
  COMMENT ON COLUMN api_session.session_hash IS 'SHA-256 of the session id';
  CREATE INDEX api_session_user_id_index ON api_session (user_id);
  CREATE INDEX api_session_seen_at_index ON api_session (seen_at);
`

export const down = 'DROP TABLE api_session, api_user, api_rule, api_role'
