import type { Desk, Page } from './kit/page.js'
import { consumersPage } from './views/consumers.js'
import { galleryPage } from './views/gallery/page.js'
import { journalPage } from './views/journal/page.js'
import { productsPage } from './views/products.js'
import { rulesPage } from './views/rules/page.js'
import { serverPage } from './views/server.js'
import { storesPage } from './views/stores.js'
import { usersPage } from './views/users.js'

/** A place in the console: its name in the address, and the page that is opened there. */
export interface Place {
  readonly name: string
  readonly title: string
  /** Whether it is there in a test double alone. */
  readonly doubleOnly: boolean
  open(desk: Desk, rest: readonly string[]): Page
}

const place = (name: string, title: string, open: Place['open'], doubleOnly = false): Place => ({
  name,
  title,
  open,
  doubleOnly,
})

/** Every place, in the order of the navigation. */
export const PLACES: readonly Place[] = [
  place('products', 'Products', (desk, [id]) =>
    id === undefined ? productsPage(desk) : galleryPage(desk, Number(id)),
  ),
  place('stores', 'Stores', storesPage),
  place('users', 'Users', usersPage),
  place('consumers', 'OAuth', consumersPage),
  place('journal', 'Journal', (desk, [id]) => journalPage(desk, id === undefined ? null : Number(id)), true),
  place('rules', 'Rules', rulesPage, true),
  place('server', 'Server', serverPage, true),
]
