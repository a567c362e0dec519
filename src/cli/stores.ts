import { isNumericText } from '../contract/readers'
import type { Settings } from '../settings'
import { advanceCounters, saveStoreViews, saveWebsites, storeViewsOf, websiteIds } from '../store/catalogRows'
import type { Queryable } from '../store/database'
import { CommandError } from './commandError'
import { print, printTable, withStorage } from './withStorage'

export interface AddFlags {
  readonly id?: number
  readonly website: string
}

export async function add(settings: Settings, code: string, flags: AddFlags): Promise<void> {
  const id = await withStorage(settings, ({ database }) =>
    database.transaction((rows) => addIn(rows, code, flags)),
  )
  print(`Added store view ${code} with id ${id}.`)
}

export async function list(settings: Settings): Promise<void> {
  await withStorage(settings, async ({ database }) => {
    const stores = await storeViewsOf(database)
    printTable(
      ['ID', 'CODE', 'WEBSITE'],
      stores.map(({ id, code, website }) => [String(id), code, website]),
    )
  })
}

async function addIn(rows: Queryable, code: string, flags: AddFlags): Promise<number> {
  if (isNumericText(code))
    throw new CommandError('a store view code must not look like a number: calls would read it as an id')
  const stores = await storeViewsOf(rows)
  if (stores.some((store) => store.code === code))
    throw new CommandError(`there is a store view ${code} already`)
  if (stores.some((store) => store.id === flags.id))
    throw new CommandError(`there is a store view with id ${flags.id} already`)
  const id = flags.id ?? Math.max(0, ...stores.map((store) => store.id)) + 1
  await saveStoreViews(rows, [{ id, code, website: await websiteNamed(rows, flags.website) }])
  await advanceCounters(rows)
  return id
}

async function websiteNamed(rows: Queryable, code: string): Promise<number> {
  const websites = await websiteIds(rows)
  const known = websites.get(code)
  if (known !== undefined) return known
  const id = Math.max(0, ...websites.values()) + 1
  await saveWebsites(rows, [{ id, code }])
  return id
}
