import { OperatorError } from '../../contract/operatorError'
import { isNumericText } from '../../contract/readers'
import type { ListedStoreView, StoreViewChange } from '../../control/ports'
import type { Queryable } from '../database/database'
import { advanceCounters, saveStoreViews, saveWebsites, storeViewsOf, websiteIds } from './catalogRows'

/**
 * Creates a store view; by default it has the next id and belongs to the website `base`. Returns its id.
 * @throws OperatorError
 */
export async function addStoreView(
  rows: Queryable,
  code: string,
  { id: wanted, website = 'base' }: StoreViewChange,
): Promise<number> {
  if (isNumericText(code))
    throw new OperatorError(
      'invalid',
      'a store view code must not look like a number: calls would read it as an id',
    )
  const stores = await storeViewsOf(rows)
  if (stores.some((store) => store.code === code))
    throw new OperatorError('conflict', `there is a store view ${code} already`)
  if (stores.some((store) => store.id === wanted))
    throw new OperatorError('conflict', `there is a store view with id ${wanted} already`)
  const id = wanted ?? Math.max(0, ...stores.map((store) => store.id)) + 1
  await saveStoreViews(rows, [{ id, code, website: await websiteNamed(rows, website) }])
  await advanceCounters(rows)
  return id
}

/**
 * Creates the store view, or moves the existing one of this code to the website, if one is given.
 *
 * @throws OperatorError
 */
export async function saveStoreView(rows: Queryable, code: string, change: StoreViewChange): Promise<void> {
  const stores = await storeViewsOf(rows)
  const same = stores.find((store) => store.code === code)
  if (same) await moveStoreView(rows, same, change)
  else await addStoreView(rows, code, change)
}

async function moveStoreView(
  rows: Queryable,
  { id, code }: ListedStoreView,
  change: StoreViewChange,
): Promise<void> {
  if (change.id !== undefined && change.id !== id)
    throw new OperatorError(
      'conflict',
      `store view ${code} has id ${id}: a code and an id belong together for good`,
    )
  if (change.website === undefined) return
  if (id === 0) throw new OperatorError('invalid', 'the default scope stays where it is')
  await saveStoreViews(rows, [{ id, code, website: await websiteNamed(rows, change.website) }])
  await advanceCounters(rows)
}

async function websiteNamed(rows: Queryable, code: string): Promise<number> {
  const websites = await websiteIds(rows)
  const known = websites.get(code)
  if (known !== undefined) return known
  const id = Math.max(0, ...websites.values()) + 1
  await saveWebsites(rows, [{ id, code }])
  return id
}
