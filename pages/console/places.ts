import type { Page, PageContext } from './kit/page.js'
import { consumersPage } from './views/consumers.js'
import { galleryPage } from './views/gallery/page.js'
import { journalPage } from './views/journal/page.js'
import { productsPage } from './views/products.js'
import { rulesPage } from './views/rules/page.js'
import { serverPage } from './views/server.js'
import { storesPage } from './views/stores.js'
import { usersPage } from './views/users.js'

/** A place in the console: a name in the address, and the page that is opened for it. */
export interface Place {
  readonly name: string
  readonly title: string
  /** Whether only a test double has it. */
  readonly doubleOnly: boolean
  open(context: PageContext, rest: readonly string[]): Page
}

const place = (name: string, title: string, open: Place['open'], doubleOnly = false): Place => ({
  name,
  title,
  open,
  doubleOnly,
})

/** All places, in the order of the navigation. */
export const PLACES: readonly Place[] = [
  place('products', 'Products', (context, [id]) =>
    id === undefined ? productsPage(context) : galleryPage(context, Number(id)),
  ),
  place('stores', 'Stores', storesPage),
  place('users', 'Users', usersPage),
  place('consumers', 'OAuth', consumersPage),
  place(
    'journal',
    'Journal',
    (context, [id]) => journalPage(context, id === undefined ? null : Number(id)),
    true,
  ),
  place('rules', 'Rules', rulesPage, true),
  place('server', 'Server', serverPage, true),
]
