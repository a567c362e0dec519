import { STANDS_FOR } from '../src/contract/sameLetters'

/** What it adds, for `keepsake migrate --plan`. */
export const adds =
  'SKUs and user names as MySQL compares them, products without an SKU, and the default store view'

const LETTERS = [...STANDS_FOR.keys()].join('')
const STANDING_FOR_THEM = [...STANDS_FOR.values()].join('')

/** The expression of the form in which a name is compared: what `folded` returns (src/contract/folded.ts). */
function foldedIn(name: string): string {
  return `rtrim(translate(${name}, '${LETTERS}', '${STANDING_FOR_THEM}'), ' ')`
}

/**
 * SKUs and user names get the keys by which MySQL compares them.
 *
 * Products may get the same key. The one with the lowest id has it then, and the others are found by their ids alone:
 * their key is null, as it is for a product without an SKU.
 *
 * Users may get the same key, too. The one whose key was this already keeps it, or else the one with the lowest id gets
 * it. The others are disabled, and their sessions end. Their keys end with a space, which the key of no name does.
 */
export const up = `
  ALTER TABLE catalog_product_entity
    DROP CONSTRAINT catalog_product_entity_sku_key_unique,
    DROP CONSTRAINT catalog_product_entity_sku_not_empty,
    ALTER COLUMN sku DROP NOT NULL,
    ALTER COLUMN sku_key DROP NOT NULL;
  UPDATE catalog_product_entity product
     SET sku_key = kept.key
    FROM (SELECT entity_id,
                 CASE row_number() OVER (PARTITION BY key ORDER BY entity_id) WHEN 1 THEN nullif(key, '') END AS key
            FROM (SELECT entity_id, ${foldedIn('sku')} AS key FROM catalog_product_entity) folded) kept
   WHERE product.entity_id = kept.entity_id AND product.sku_key IS DISTINCT FROM kept.key;
  ALTER TABLE catalog_product_entity
    ADD CONSTRAINT catalog_product_entity_sku_key_unique UNIQUE (sku_key),
    ADD CONSTRAINT catalog_product_entity_sku_of_key
      CHECK (sku_key IS NULL OR (sku IS NOT NULL AND sku <> '' AND sku_key <> ''));
  COMMENT ON COLUMN catalog_product_entity.sku_key
    IS 'the SKU as it is compared, by which the product is found; null for one that is found by its id alone';

  ALTER TABLE media_audit ALTER COLUMN sku DROP NOT NULL, ALTER COLUMN sku_key DROP NOT NULL;
  UPDATE media_audit
     SET sku_key = ${foldedIn('sku')}, author_key = ${foldedIn("coalesce(username, consumer, '')")}
   WHERE sku_key <> ${foldedIn('sku')} OR author_key <> ${foldedIn("coalesce(username, consumer, '')")};
  COMMENT ON COLUMN media_audit.sku_key
    IS 'the SKU as it is compared, by which changes are found; null for a product that was found by its id alone';
  COMMENT ON COLUMN media_audit.author_key
    IS 'the user or else the consumer as names are compared, by which changes are found';

  ALTER TABLE api_user DROP CONSTRAINT api_user_username_key_unique;
  UPDATE api_user account
     SET username_key = CASE WHEN kept.is_taken THEN kept.key || ' ' || kept.user_id || ' ' ELSE kept.key END,
         is_active = account.is_active AND NOT kept.is_taken
    FROM (SELECT user_id, key,
                 row_number() OVER (PARTITION BY key ORDER BY username_key <> key, user_id) > 1 AS is_taken
            FROM (SELECT user_id, username_key, ${foldedIn('username')} AS key FROM api_user) folded) kept
   WHERE account.user_id = kept.user_id AND (kept.is_taken OR account.username_key <> kept.key);
  DELETE FROM api_session USING api_user account
   WHERE api_session.user_id = account.user_id AND NOT account.is_active;
  ALTER TABLE api_user ADD CONSTRAINT api_user_username_key_unique UNIQUE (username_key);
  COMMENT ON COLUMN api_user.username_key IS 'the user name as it is compared, by which it is found';

  ALTER TABLE core_website
    ADD COLUMN is_default boolean NOT NULL DEFAULT false,
    ADD COLUMN default_store_id integer;
  CREATE UNIQUE INDEX core_website_is_default_unique ON core_website (is_default) WHERE is_default;
  COMMENT ON COLUMN core_website.is_default IS 'whether guests read its default store view; at most one website is';
  COMMENT ON COLUMN core_website.default_store_id
    IS 'its default store view; null, or one that it does not have, is its store view with the lowest id';
`

/** Products without a key get one that no SKU has, and an SKU that says so. */
export const down = `
  DROP INDEX core_website_is_default_unique;
  ALTER TABLE core_website DROP COLUMN is_default, DROP COLUMN default_store_id;
  UPDATE media_audit SET sku = coalesce(sku, ''), sku_key = coalesce(sku_key, '') WHERE sku IS NULL OR sku_key IS NULL;
  ALTER TABLE media_audit ALTER COLUMN sku SET NOT NULL, ALTER COLUMN sku_key SET NOT NULL;
  ALTER TABLE catalog_product_entity DROP CONSTRAINT catalog_product_entity_sku_of_key;
  UPDATE catalog_product_entity
     SET sku = coalesce(nullif(sku, ''), 'without SKU'), sku_key = 'without key ' || entity_id || ' '
   WHERE sku_key IS NULL;
  ALTER TABLE catalog_product_entity
    ALTER COLUMN sku SET NOT NULL,
    ALTER COLUMN sku_key SET NOT NULL,
    ADD CONSTRAINT catalog_product_entity_sku_not_empty CHECK (sku <> '');
`
