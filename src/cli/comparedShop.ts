import { idsIn, type Shop } from '../comparing/plan'
import { serverUrls } from '../serverUrls'
import type { Settings } from '../settings/settings'
import { attributeSetsOf, productsOf, storeViewsOf } from '../store/shop/catalogRows'
import { textIn } from './comparisonFile'
import { withStorage } from './withStorage'

export interface ShopFlags {
  /** A file of ids; with it, the database is not asked for them. */
  readonly products?: string
  /** Codes of store views. */
  readonly stores?: readonly string[]
  /** Ids of attribute sets. */
  readonly sets?: readonly string[]
}

const PAGE = 1000
const LOOPBACK = '127.0.0.1'
/** The store view in which scripts ask that name none. */
const DEFAULT_SCOPE = 'admin'

/** Returns what is asked about: what flags name, else all that the database of this shop has. @throws NotComparable */
export async function comparedShop(settings: Settings, { products, stores, sets }: ShopFlags): Promise<Shop> {
  if (products !== undefined) {
    return {
      products: idsIn(await textIn(products), products),
      stores: stores ?? [DEFAULT_SCOPE],
      sets: sets ?? [],
    }
  }
  return withStorage(settings, async ({ database }) => {
    const ids: string[] = []
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page = await productsOf(database, after, PAGE)
      ids.push(...page.map(({ id }) => String(id)))
      after = page.at(-1)?.id
    }
    return {
      products: ids,
      stores: stores ?? (await storeViewsOf(database)).map(({ code }) => code),
      sets: sets ?? (await attributeSetsOf(database)).map(({ id }) => String(id)),
    }
  })
}

/** Returns the address of the WSDL of a server with these settings, on this machine. */
export function ownAddress({ host, port }: Pick<Settings, 'host' | 'port'>): string {
  const reached = host === '0.0.0.0' || host === '::' ? LOOPBACK : host
  return serverUrls(`http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`).wsdl
}
