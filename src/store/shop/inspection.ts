import { folded } from '../../contract/folded'
import { isStorableId, isStorableText } from '../../contract/storable'
import type {
  Inspection,
  KnownProduct,
  KnownStoreView,
  KnownUser,
  NamedProduct,
  StoredSession,
} from '../../double/explain/ports'
import { hashOfSession } from '../access/sessions'
import type { Queryable } from '../database/database'

const products = {
  name: 'inspect_products',
  text: `
    SELECT entity_id AS id, sku, attribute_set_name AS "attributeSet", has_media_gallery AS "hasGallery",
           ARRAY(SELECT split_part(entry, ':', 1) FROM unnest(string_to_array(media_types, ',')) AS entry) AS types
      FROM catalog_product_entity JOIN eav_attribute_set USING (attribute_set_id)
     WHERE entity_id = ANY ($1::int[]) OR sku_key = ANY ($2::text[]) ORDER BY entity_id`,
}

const similarSkus = {
  name: 'inspect_similar_skus',
  text: `
    SELECT sku FROM catalog_product_entity
     WHERE sku_key <> $1
       AND (starts_with(sku_key, $2) OR regexp_replace(sku_key, '[[:space:]_-]+', '', 'g') = regexp_replace($1, '[[:space:]_-]+', '', 'g'))
     ORDER BY abs(length(sku_key) - length($1)), sku_key LIMIT 3`,
}

const storeViews = {
  name: 'inspect_store_views',
  text: 'SELECT store_id AS id, code FROM core_store ORDER BY store_id',
}

const files = {
  name: 'inspect_files',
  text: `
    SELECT value AS file FROM catalog_product_entity_media_gallery
     WHERE entity_id = $1 AND value IS NOT NULL ORDER BY value_id`,
}

const file = {
  name: 'inspect_file',
  text: `
    SELECT (SELECT jsonb_build_object('id', entity_id, 'sku', sku)
              FROM catalog_product_entity_media_gallery JOIN catalog_product_entity USING (entity_id)
             WHERE value = $1 ORDER BY value_id LIMIT 1) AS owner,
           EXISTS (SELECT 1 FROM media_file WHERE path = $1) AS "wasStored"`,
}

const user = {
  name: 'inspect_user',
  text: `
    SELECT username, is_active AS "isActive", role_name AS role,
           ARRAY(SELECT resource_id FROM api_rule rule WHERE rule.role_id = api_user.role_id ORDER BY 1) AS rules
      FROM api_user LEFT JOIN api_role USING (role_id) WHERE username_key = $1`,
}

const session = {
  name: 'inspect_session',
  text: `
    SELECT seen_at AS "lastUsed", username FROM api_session JOIN api_user USING (user_id)
     WHERE session_hash = $1`,
}

/** The shortest beginning of an SKU that is searched for. Shorter ones match too many SKUs. */
const SHORTEST_BEGINNING = 3

interface KnownFile {
  readonly owner: NamedProduct | null
  readonly wasStored: boolean
}

/** Reads facts for explanations from PostgreSQL. */
export class PostgresInspection implements Inspection {
  constructor(
    private readonly database: Queryable,
    readonly extensions: Inspection['extensions'],
    /** Asks the decoder about an image, because rows do not tell. */
    readonly imageProblem: Inspection['imageProblem'],
  ) {}

  products(ids: readonly number[], skus: readonly string[]): Promise<readonly KnownProduct[]> {
    return this.database.query(products, [ids.filter(isStorableId), skus.filter(isStorableText).map(folded)])
  }

  async similarSkus(sku: string): Promise<readonly string[]> {
    const key = folded(sku.trim())
    if (!isStorableText(sku) || key.length < SHORTEST_BEGINNING) return []
    const beginning = key.slice(0, Math.max(SHORTEST_BEGINNING, key.length - 2))
    const rows = await this.database.query<{ sku: string }>(similarSkus, [folded(sku), beginning])
    return rows.map((row) => row.sku)
  }

  storeViews(): Promise<readonly KnownStoreView[]> {
    return this.database.query(storeViews)
  }

  async files(productId: number): Promise<readonly string[]> {
    const rows = await this.database.query<{ file: string }>(files, [productId])
    return rows.map((row) => row.file)
  }

  async file(path: string): Promise<KnownFile> {
    const nobody: KnownFile = { owner: null, wasStored: false }
    if (!isStorableText(path)) return nobody
    const [row] = await this.database.query<KnownFile>(file, [path])
    return row ?? nobody
  }

  async user(username: string): Promise<KnownUser | null> {
    if (!isStorableText(username)) return null
    const [row] = await this.database.query<KnownUser>(user, [folded(username)])
    return row ?? null
  }

  async session(id: string): Promise<StoredSession | null> {
    const [row] = await this.database.query<StoredSession>(session, [hashOfSession(id)])
    return row ?? null
  }
}
