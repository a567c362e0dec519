import { integer, isNumericText, text } from '../../contract/readers'
import type { Value } from '../../contract/value'
import type { ProductReference, StoreViews } from '../ports'

/** The longest product name or code that is looked for, in characters. No SKU and no code is as long. */
const LONGEST_NAME = 1024

const ID = /^(?:[+-]?[1-9][0-9]*|0)$/

/**
 * Returns the meanings of a client's product argument, in the order to try (magento.md §1): an int, or a text
 * that looks like one, is an id and never an SKU. Any other text is an SKU and, when it is numeric, then an
 * id. With identifierType `sku` it is only an SKU; with any other it is only an id.
 */
export function productReferences(product: Value, identifierType: Value): readonly ProductReference[] {
  const type = text(identifierType) ?? ''
  const name = text(product)
  if (name === null || name.length > LONGEST_NAME || typeof product === 'boolean') return []
  if (type === 'sku') return [{ sku: name }]
  if (type !== '') return asId(product)
  if (typeof product === 'string' && !ID.test(product)) return [{ sku: product }, ...asId(product)]
  return asId(product)
}

function asId(product: Value): readonly ProductReference[] {
  if (typeof product === 'string' ? !isNumericText(product) : !Number.isInteger(product)) return []
  const id = integer(product)
  return id !== null && Number.isSafeInteger(id) && id > 0 ? [{ id }] : []
}

/**
 * Returns the id of the store view that a client names (magento.md §1) by its code, matched exactly, or by
 * its id. 0, '' and `admin` are the default scope.
 *
 * @returns null when there is none
 */
export async function storeViewId(store: Value, storeViews: StoreViews): Promise<number | null> {
  if (typeof store === 'boolean') return 0
  const name = text(store)
  if (name === null || name.length > LONGEST_NAME) return null
  if (name === '' || name === 'admin') return 0
  const id = isNumericText(name) ? Number(name) : await storeViews.byCode(name)
  if (id === null || !Number.isSafeInteger(id)) return null
  return id === 0 || (await storeViews.exists(id)) ? id : null
}
