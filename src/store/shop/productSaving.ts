import { folded } from '../../contract/folded'
import { OperatorError } from '../../contract/operatorError'
import type { ProductChange } from '../../control/ports'
import { onlyRow, type Queryable } from '../database/database'
import {
  advanceCounters,
  attributeSetIds,
  type ProductName,
  productsNamed,
  saveProducts,
  websiteIds,
} from './catalogRows'

const productById = {
  name: 'saved_product',
  text: `
    SELECT attribute_set_id AS "attributeSet",
           ARRAY(SELECT website_id FROM catalog_product_website WHERE product_id = entity_id) AS websites
      FROM catalog_product_entity WHERE entity_id = $1`,
}

interface SavedProduct {
  readonly attributeSet: number
  readonly websites: readonly number[]
}

/**
 * Creates the product, or changes the existing one of this SKU. A value that is not given stays as it is; a
 * new product gets the next id, the first attribute set, and all websites. Returns its id.
 *
 * @throws OperatorError
 */
export async function saveProduct(
  rows: Queryable,
  sku: string,
  { id, attributeSet, websites }: ProductChange,
): Promise<number> {
  if (folded(sku) === '') throw new OperatorError('invalid', 'an SKU must have more than spaces')
  const taken = await productsNamed(rows, id === undefined ? [] : [id], [sku])
  const clash = taken.find(
    (product) => id !== undefined && (product.id !== id || isNamedOtherwise(product, sku)),
  )
  if (clash)
    throw new OperatorError(
      'conflict',
      `product ${clash.id} is ${clash.sku}: an id and an SKU belong together for good`,
    )
  const [same] = taken
  const before = same ? onlyRow(await rows.query<SavedProduct>(productById, [same.id])) : null
  await saveProducts(rows, [
    {
      id: id ?? null,
      sku,
      attributeSet: await attributeSetNamed(rows, attributeSet, before),
      websites: await websitesNamed(rows, websites, before),
    },
  ])
  await advanceCounters(rows)
  return onlyRow(await productsNamed(rows, [], [sku])).id
}

/** Whether the product has an SKU, by which it is not found as it is by this one. */
export function isNamedOtherwise({ sku, skuKey }: ProductName, wanted: string): boolean {
  return sku !== null && sku !== '' && skuKey !== folded(wanted)
}

async function attributeSetNamed(
  rows: Queryable,
  name: string | undefined,
  before: SavedProduct | null,
): Promise<number> {
  if (name === undefined && before) return before.attributeSet
  const sets = await attributeSetIds(rows)
  const id = name === undefined ? [...sets.values()][0] : sets.get(name)
  if (id !== undefined) return id
  throw new OperatorError(
    'invalid',
    name === undefined ? 'there is no attribute set yet: seed one' : `there is no attribute set ${name}`,
  )
}

async function websitesNamed(
  rows: Queryable,
  codes: readonly string[] | undefined,
  before: SavedProduct | null,
): Promise<readonly number[]> {
  if (codes === undefined && before) return before.websites
  const websites = await websiteIds(rows)
  if (codes === undefined) return [...websites.values()].filter((id) => id !== 0)
  return codes.map((code) => {
    const id = websites.get(code)
    if (id === undefined) throw new OperatorError('invalid', `there is no website ${code}`)
    return id
  })
}
