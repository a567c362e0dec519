import { ImportRefused } from '../../importing/importRefused'
import type { ShopFacts } from '../../importing/shopFacts'
import type { Queryable } from '../database/database'
import { saveAttributeSets, saveStoreViews, saveWebsites } from '../shop/catalogRows'
import { saveMediaAttributes } from '../shop/mediaAttributeRows'

/** What a server makes when it first starts on an empty database (firstRun.ts), and nobody has used. */
const isFirstRunAlone = {
  name: '',
  text: `
    SELECT (SELECT array_agg(sku ORDER BY sku) FROM catalog_product_entity) = ARRAY['Sku']
           AND (SELECT array_agg(code) FROM core_store WHERE store_id > 0) = ARRAY['default']
           AND (SELECT array_agg(code) FROM core_website WHERE website_id > 0) = ARRAY['base']
           AND NOT EXISTS (SELECT FROM media_audit) AND NOT EXISTS (SELECT FROM import_product) AS found`,
}

const FIRST_RUN = [
  'DELETE FROM catalog_product_entity',
  'DELETE FROM core_store WHERE store_id > 0',
  'DELETE FROM core_website WHERE website_id > 0',
  'DELETE FROM eav_attribute_set',
]

const clashes = {
  name: '',
  text: `
    SELECT 'website' AS kind, own.code, own.website_id AS here, given.id AS there
      FROM core_website own JOIN unnest($1::int[], $2::text[]) AS given (id, code) ON given.code = own.code AND given.id <> own.website_id
    UNION ALL
    SELECT 'store view', own.code, own.store_id, given.id
      FROM core_store own JOIN unnest($3::int[], $4::text[]) AS given (id, code) ON given.code = own.code AND given.id <> own.store_id
    LIMIT 1`,
}

const otherSets = {
  name: '',
  text: `
    SELECT attribute_set_name AS name FROM eav_attribute_set own
     WHERE NOT EXISTS (SELECT FROM unnest($1::int[]) AS id WHERE id = own.attribute_set_id)`,
}

/** The sets that products have and the shop does not. Their products have no gallery, as in Magento. */
const goneSets = {
  name: '',
  text: `
    SELECT DISTINCT attribute_set_id AS id FROM importing_new_product
     WHERE attribute_set_id IS NOT NULL AND NOT attribute_set_id = ANY ($1::int[])`,
}

/** Moves websites, store views, media attributes and attribute sets to their places. @throws ImportRefused */
export async function moveShop(rows: Queryable, facts: ShopFacts): Promise<void> {
  const [alone] = await rows.query<{ found: boolean | null }>(isFirstRunAlone)
  if (alone?.found) for (const text of FIRST_RUN) await rows.query({ name: '', text })
  const { websites, storeViews, attributeSets } = facts
  const [clash] = await rows.query<{ kind: string; code: string; here: number; there: number }>(clashes, [
    websites.map(({ id }) => id),
    websites.map(({ code }) => code),
    storeViews.map(({ id }) => id),
    storeViews.map(({ code }) => code),
  ])
  if (clash)
    throw new ImportRefused(
      `the ${clash.kind} ${clash.code} has id ${clash.here} here and ${clash.there} in the shop: import into an empty database`,
    )
  await saveWebsites(rows, websites)
  await saveStoreViews(
    rows,
    storeViews.filter(({ website }) => website === 0 || websites.some(({ id }) => id === website)),
  )
  await saveMediaAttributes(rows, facts.mediaAttributes)
  const ids = attributeSets.map(({ id }) => id)
  const gone = await rows.query<{ id: number }>(goneSets, [ids])
  const taken = new Set(
    (await rows.query<{ name: string }>(otherSets, [[...ids, ...gone.map(({ id }) => id)]])).map(
      ({ name }) => name,
    ),
  )
  await saveAttributeSets(rows, [
    ...attributeSets.map((set) => ({
      ...set,
      name: taken.has(set.name) ? `${set.name} (${set.id})` : set.name,
    })),
    ...gone.map(({ id }) => ({ id, name: `Gone (${id})`, gallery: false, mediaAttributes: [] })),
  ])
}
