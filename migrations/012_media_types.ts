/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'the media attributes of each attribute set where galleries are read'

/**
 * Repeats what `eav_entity_attribute` says of media attributes beside the set, so that reading a gallery needs no further
 * table. `rememberMediaTypes` (src/store/shop/mediaAttributeRows.ts) writes it. A server of the version before makes sets
 * with the built-in attributes, as the default says.
 */
export const up = `
  ALTER TABLE eav_attribute_set
    ADD COLUMN media_types text NOT NULL DEFAULT 'image:0,small_image:0,thumbnail:0';
  COMMENT ON COLUMN eav_attribute_set.media_types
    IS 'code:is_global of each media attribute of the set in its order, joined by commas';
`

export const down = 'ALTER TABLE eav_attribute_set DROP COLUMN media_types'
