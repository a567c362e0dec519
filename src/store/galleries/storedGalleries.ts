import { scopeOf } from '../../catalog/mediaAttribute'
import type {
  LabelledMediaAttribute,
  StoredGalleries,
  StoredGallery,
  StoredType,
  StoredValues,
  StoreView,
} from '../../catalog/operator/galleryOverview'
import type { Database } from '../database/database'

const product = {
  name: 'overview_product',
  text: `
    SELECT entity_id AS id, sku, attribute_set_name AS "attributeSet", has_media_gallery AS "hasGallery"
      FROM catalog_product_entity JOIN eav_attribute_set USING (attribute_set_id)
     WHERE entity_id = $1`,
}

const mediaAttributes = {
  name: 'overview_media_attributes',
  text: `
    SELECT attribute_code AS code, coalesce(frontend_label, attribute_code) AS label, is_global
      FROM catalog_product_entity JOIN eav_entity_attribute USING (attribute_set_id) JOIN eav_attribute USING (attribute_id)
     WHERE entity_id = $1 AND frontend_input = 'media_image' ORDER BY sort_order, attribute_id`,
}

const storeViews = {
  name: 'overview_store_views',
  text: `
    SELECT store.store_id AS id, store.code, website.code AS website
      FROM core_store store JOIN core_website website USING (website_id)
     WHERE store.store_id = 0 OR EXISTS (
           SELECT FROM catalog_product_website offered
            WHERE offered.website_id = store.website_id AND offered.product_id = $1)
     ORDER BY store.store_id`,
}

const images = {
  name: 'overview_images',
  text: `
    SELECT value_id AS id, coalesce(value, '') AS file FROM catalog_product_entity_media_gallery
     WHERE entity_id = $1 ORDER BY value_id`,
}

const values = {
  name: 'overview_values',
  text: `
    SELECT value_id AS "imageId", store_id AS "storeId", label, position, disabled AS exclude
      FROM catalog_product_entity_media_gallery_value JOIN catalog_product_entity_media_gallery USING (value_id)
     WHERE entity_id = $1`,
}

const types = {
  name: 'overview_types',
  text: `
    SELECT store_id AS "storeId", type_code AS code, value_id AS "imageId"
      FROM catalog_product_entity_media_type WHERE entity_id = $1`,
}

type AttributeRow = Omit<LabelledMediaAttribute, 'scope'> & { readonly is_global: number }

function withScope({ is_global, ...attribute }: AttributeRow): LabelledMediaAttribute {
  return { ...attribute, scope: scopeOf(is_global) }
}

/** The position is a bigint, which the driver returns as text. */
type ValuesRow = Omit<StoredValues, 'position'> & { readonly position: string | null }

/** Reads galleries with the own values of each scope from PostgreSQL. */
export class PostgresStoredGalleries implements StoredGalleries {
  constructor(private readonly database: Database) {}

  async find(productId: number): Promise<StoredGallery | null> {
    const [found] = await this.database.query<StoredGallery['product']>(product, [productId])
    if (!found) return null
    return {
      product: found,
      mediaAttributes: (await this.database.query<AttributeRow>(mediaAttributes, [productId])).map(withScope),
      storeViews: await this.database.query<StoreView>(storeViews, [productId]),
      images: await this.database.query<{ id: number; file: string }>(images, [productId]),
      values: (await this.database.query<ValuesRow>(values, [productId])).map(withPosition),
      types: await this.database.query<StoredType>(types, [productId]),
    }
  }
}

function withPosition(row: ValuesRow): StoredValues {
  return { ...row, position: row.position === null ? null : Number(row.position) }
}
