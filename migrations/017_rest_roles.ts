/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'roles of REST, with what they may do and see, and the administrators who have them'

/**
 * Who may do what with images over REST; named after Magento's tables. Where there is no role at all, guests and customers
 * read, and administrators may do anything. A token without an administrator has all rights of its kind.
 */
export const up = `
  CREATE TABLE api2_acl_role (
    entity_id serial PRIMARY KEY,
    role_name text NOT NULL
  );
  COMMENT ON TABLE api2_acl_role IS '1 is that of guests, 2 that of customers';

  CREATE TABLE api2_acl_rule (
    entity_id serial PRIMARY KEY,
    role_id integer NOT NULL CONSTRAINT api2_acl_rule_role_id_foreign REFERENCES api2_acl_role ON DELETE CASCADE,
    resource_id text NOT NULL,
    privilege text
  );
  COMMENT ON COLUMN api2_acl_rule.privilege IS 'retrieve, create, update or delete; null for all of them';
  CREATE INDEX api2_acl_rule_role_id_index ON api2_acl_rule (role_id);

  CREATE TABLE api2_acl_attribute (
    user_type text NOT NULL,
    resource_id text NOT NULL,
    operation text NOT NULL,
    allowed_attributes text,
    PRIMARY KEY (user_type, resource_id, operation),
    CONSTRAINT api2_acl_attribute_user_type_known CHECK (user_type IN ('guest', 'customer', 'admin'))
  );
  COMMENT ON COLUMN api2_acl_attribute.operation IS 'read or write; '''' for both';
  COMMENT ON COLUMN api2_acl_attribute.allowed_attributes IS 'comma-separated names of fields; not looked at for the resource all';

  CREATE TABLE admin_user (
    user_id serial PRIMARY KEY,
    username text NOT NULL,
    is_active boolean NOT NULL
  );
  COMMENT ON TABLE admin_user IS 'the administrators of an imported shop; they cannot sign in here';

  CREATE TABLE api2_acl_user (
    admin_id integer PRIMARY KEY CONSTRAINT api2_acl_user_admin_id_foreign REFERENCES admin_user ON DELETE CASCADE,
    role_id integer NOT NULL CONSTRAINT api2_acl_user_role_id_foreign REFERENCES api2_acl_role ON DELETE CASCADE
  );
  CREATE INDEX api2_acl_user_role_id_index ON api2_acl_user (role_id);

  ALTER TABLE oauth_token
    ADD COLUMN admin_id integer CONSTRAINT oauth_token_admin_id_foreign REFERENCES admin_user ON DELETE CASCADE;
  COMMENT ON COLUMN oauth_token.admin_id IS 'the administrator of an imported shop for whom it stands; null for any other token';
  CREATE INDEX oauth_token_admin_id_index ON oauth_token (admin_id);
`

export const down = `
  ALTER TABLE oauth_token DROP COLUMN admin_id;
  DROP TABLE api2_acl_user, admin_user, api2_acl_attribute, api2_acl_rule, api2_acl_role
`
