import { integer, isNumericText, text } from '../contract/readers'
import { isNumber, type Value } from '../contract/value'
import type { ProductReference, StoreViews } from './ports'

/** The longest product name or code that is looked for, in characters. No SKU and no code is as long. */
const LONGEST_NAME = 1024

const ID = /^(?:[+-]?[1-9][0-9]*|0)$/

/**
 * Returns the meanings of a client's product argument, in the order to try (magento.md §1, §6.4 and §6.13): an int, a
 * double, or a text that looks like an int, is an id and never an SKU. Any other text is an SKU and, when it is numeric,
 * then an id. With identifierType `sku` it is only an SKU; with any other that is not null it is only an id.
 */
export function productReferences(product: Value, identifierType: Value): readonly ProductReference[] {
  const sku = givenName(product)
  if (sku === null || typeof product === 'boolean') return []
  if (asksForSku(identifierType)) return [{ sku }]
  const isGuessed = identifierType === null && typeof product === 'string' && !ID.test(product)
  return isGuessed ? [{ sku }, ...asId(product)] : asId(product)
}

/** Tells whether PHP's `==` finds the identifierType equal to `sku`, as it does `true`. */
export function asksForSku(identifierType: Value): boolean {
  return identifierType === 'sku' || identifierType === true
}

/** A double is cut toward zero (magento.md §6.13), and so is a numeric text. */
function asId(product: Value): readonly ProductReference[] {
  if (typeof product === 'string' ? !isNumericText(product) : !isNumber(product)) return []
  const id = integer(product)
  return id !== null && Number.isSafeInteger(id) && id > 0 ? [{ id }] : []
}

/**
 * Returns the id of the store view that a client names (magento.md §1 and §6.13) by its code, matched exactly, or by its
 * id. A double is cut toward zero. 0, '' and `admin` are the default scope.
 *
 * @returns null when there is none
 */
export async function storeViewId(store: Value, storeViews: StoreViews): Promise<number | null> {
  if (typeof store === 'boolean') return 0
  if (isNumber(store)) return knownId(integer(store) ?? 0, storeViews)
  const name = givenName(store)
  if (name === null) return null
  if (name === '' || name === 'admin') return 0
  if (isNumericText(name)) return knownId(Number(name), storeViews)
  return storeViews.byCode(name)
}

async function knownId(id: number, storeViews: StoreViews): Promise<number | null> {
  if (id === 0) return 0
  return Number.isSafeInteger(id) && (await storeViews.exists(id)) ? id : null
}

/** Returns the text of a value; null for one that has none, or whose text is too long to name anything. */
function givenName(value: Value): string | null {
  const name = text(value)
  return name === null || name.length > LONGEST_NAME ? null : name
}
