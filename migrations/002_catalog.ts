/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'websites, store views, attribute sets and products'

/** Websites, store views, attribute sets and products: what a gallery hangs on. */
export const up = `
  CREATE TABLE core_website (
    website_id serial PRIMARY KEY,
    code text NOT NULL CONSTRAINT core_website_code_unique UNIQUE
  );

  CREATE TABLE core_store (
    store_id serial PRIMARY KEY,
    code text NOT NULL CONSTRAINT core_store_code_unique UNIQUE,
    website_id integer NOT NULL CONSTRAINT core_store_website_id_foreign REFERENCES core_website,
    CONSTRAINT core_store_id_not_negative CHECK (store_id >= 0)
  );
  CREATE INDEX core_store_website_id_index ON core_store (website_id);

  INSERT INTO core_website (website_id, code) VALUES (0, 'admin');
  INSERT INTO core_store (store_id, code, website_id) VALUES (0, 'admin', 0);

  CREATE TABLE eav_attribute_set (
    attribute_set_id serial PRIMARY KEY,
    attribute_set_name text NOT NULL CONSTRAINT eav_attribute_set_attribute_set_name_unique UNIQUE,
    has_media_gallery boolean NOT NULL
  );

  CREATE TABLE catalog_product_entity (
    entity_id serial PRIMARY KEY,
    sku text NOT NULL,
    sku_key text NOT NULL CONSTRAINT catalog_product_entity_sku_key_unique UNIQUE,
    attribute_set_id integer NOT NULL
      CONSTRAINT catalog_product_entity_attribute_set_id_foreign REFERENCES eav_attribute_set,
    CONSTRAINT catalog_product_entity_sku_not_empty CHECK (sku <> ''),
    CONSTRAINT catalog_product_entity_id_positive CHECK (entity_id > 0)
  );
  COMMENT ON COLUMN catalog_product_entity.sku_key IS 'the SKU in lower case, by which it is found';
  CREATE INDEX catalog_product_entity_attribute_set_id_index ON catalog_product_entity (attribute_set_id);

  CREATE TABLE catalog_product_website (
    product_id integer NOT NULL
      CONSTRAINT catalog_product_website_product_id_foreign REFERENCES catalog_product_entity ON DELETE CASCADE,
    website_id integer NOT NULL CONSTRAINT catalog_product_website_website_id_foreign REFERENCES core_website,
    PRIMARY KEY (product_id, website_id)
  );
  CREATE INDEX catalog_product_website_website_id_index ON catalog_product_website (website_id);
`

export const down = `
  DROP TABLE catalog_product_website, catalog_product_entity, eav_attribute_set, core_store, core_website
`
