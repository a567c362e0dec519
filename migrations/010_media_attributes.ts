/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'the attributes whose values are types of images, and which attribute sets have them'

/**
 * Attributes, and which attribute sets have them in which order; named after Magento's tables. The three that every
 * shop had are there from the beginning, and all sets have them. A label '' becomes null, as Magento stores it
 * (magento.md §6.3).
 */
export const up = `
  CREATE TABLE eav_attribute (
    attribute_id serial PRIMARY KEY,
    attribute_code text NOT NULL CONSTRAINT eav_attribute_attribute_code_unique UNIQUE,
    frontend_label text,
    frontend_input text NOT NULL,
    is_global smallint NOT NULL DEFAULT 0,
    CONSTRAINT eav_attribute_id_positive CHECK (attribute_id > 0),
    CONSTRAINT eav_attribute_code_form CHECK (attribute_code <> '' AND attribute_code !~ '[,:]'),
    CONSTRAINT eav_attribute_is_global_known CHECK (is_global IN (0, 1, 2))
  );
  COMMENT ON COLUMN eav_attribute.frontend_input IS 'media_image for one whose values are types of images';
  COMMENT ON COLUMN eav_attribute.is_global IS 'whose values differ: 0 each store view''s, 2 each website''s, 1 nobody''s';

  INSERT INTO eav_attribute (attribute_code, frontend_label, frontend_input) VALUES
    ('image', 'Base Image', 'media_image'),
    ('small_image', 'Small Image', 'media_image'),
    ('thumbnail', 'Thumbnail', 'media_image');

  CREATE TABLE eav_entity_attribute (
    attribute_set_id integer NOT NULL
      CONSTRAINT eav_entity_attribute_attribute_set_id_foreign
      REFERENCES eav_attribute_set ON DELETE CASCADE,
    attribute_id integer NOT NULL
      CONSTRAINT eav_entity_attribute_attribute_id_foreign
      REFERENCES eav_attribute ON UPDATE CASCADE ON DELETE CASCADE,
    sort_order integer NOT NULL,
    PRIMARY KEY (attribute_set_id, attribute_id)
  );
  COMMENT ON COLUMN eav_entity_attribute.sort_order IS 'in the set; the lower id comes first of two that are equal';
  CREATE INDEX eav_entity_attribute_attribute_id_index ON eav_entity_attribute (attribute_id);

  INSERT INTO eav_entity_attribute (attribute_set_id, attribute_id, sort_order)
    SELECT attribute_set_id, attribute_id, attribute_id FROM eav_attribute_set CROSS JOIN eav_attribute;

  ALTER TABLE catalog_product_entity_media_type DROP CONSTRAINT media_type_code_known;

  UPDATE catalog_product_entity_media_gallery_value SET label = NULL WHERE label = '';
`

export const down = `
  DELETE FROM catalog_product_entity_media_type WHERE type_code NOT IN ('image', 'small_image', 'thumbnail');
  ALTER TABLE catalog_product_entity_media_type
    ADD CONSTRAINT media_type_code_known CHECK (type_code IN ('image', 'small_image', 'thumbnail'));
  DROP TABLE eav_entity_attribute, eav_attribute
`
