import type { Settings } from '../settings/settings'
import { storeViewsOf } from '../store/shop/catalogRows'
import { addStoreView } from '../store/shop/storeViewSaving'
import { print, printTable } from './terminal'
import { withStorage } from './withStorage'

export interface AddFlags {
  readonly id?: number
  readonly website: string
}

export async function add(settings: Settings, code: string, flags: AddFlags): Promise<void> {
  const id = await withStorage(settings, ({ database }) =>
    database.transaction((rows) => addStoreView(rows, code, flags)),
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
