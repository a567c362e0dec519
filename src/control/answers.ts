import { z } from 'zod'
import { MEDIA_ATTRIBUTE_SCOPES } from '../catalog/mediaAttribute'

// The console's page takes its types from the declarations that the compiler writes of this file. Nothing here may
// import Express, whose types would bring Node's globals into the page.
export type { Entry, EntryCall, EntryFault, EntryMessage } from '../double/journal/entry'
export type { Rule, RuleDescription, RuleProtocol } from '../double/rules/rule'
export type {
  ListedAttributeSet,
  ListedConsumer,
  ListedProduct,
  ListedStoreView,
  ListedToken,
  ListedUser,
  ProductChange,
  SavedUser,
  StoreViewChange,
  UserChange,
} from './ports'

/** What `GET /session` answers. */
export interface ConsoleSession {
  /** The name of the operator who is signed in; null in an open test double, which requires no sign-in. */
  readonly user: string | null
  /** The token that the console sends with every request that changes something; null if nobody is signed in. */
  readonly csrfToken: string | null
  /** Whether the server is a test double, for which the console has more pages. */
  readonly double: boolean
}

/** One item of what `GET /faults` answers. */
export const shownFault = z.strictObject({
  code: z.int(),
  name: z.string(),
  message: z.string().describe('its standard text'),
  means: z.string(),
  naturally: z.string().nullable().describe('how to get it without a rule, with examples/shop.json'),
  why: z.string().nullable().describe('why it cannot be had without a rule'),
  magicSku: z.string().describe('the product that answers it, where magic SKUs are on'),
  rest: z.strictObject({ status: z.int(), message: z.string() }).describe('what REST answers in its place'),
})

export type ShownFault = z.output<typeof shownFault>

const id = z.int().min(0)
const count = z.int().min(0)

const seen = <T extends z.ZodType>(value: T) => z.object({ value: value.nullable(), own: z.boolean() })

/** What `GET /galleries/{productId}` answers. */
export const shownGallery = z.object({
  product: z.object({ id, sku: z.string().nullable(), attributeSet: z.string(), hasGallery: z.boolean() }),
  mediaAttributes: z.array(
    z.object({ code: z.string(), label: z.string(), scope: z.enum(MEDIA_ATTRIBUTE_SCOPES) }),
  ),
  storeViews: z.array(z.object({ id, code: z.string(), website: z.string() })),
  images: z.array(
    z.object({
      id,
      file: z.string(),
      url: z.string(),
      views: z.array(
        z.object({
          storeId: id,
          label: seen(z.string()),
          position: seen(z.number()),
          exclude: seen(z.boolean()),
          types: z.array(z.object({ code: z.string(), own: z.boolean() })),
        }),
      ),
    }),
  ),
})

export type ShownGallery = z.output<typeof shownGallery>

/** What `GET /` answers. */
export const shownState = z.strictObject({
  version: z.string(),
  products: count,
  stores: count.describe('store views, the default scope apart'),
  users: count,
  rules: count,
  journal: count.describe('requests that it remembers'),
  clock: z.strictObject({ now: z.string(), fixed: z.boolean() }),
  deterministic: z.boolean(),
  loose: z.boolean(),
  snapshots: z.array(z.string()).describe('their names'),
})

export type ShownState = z.output<typeof shownState>
