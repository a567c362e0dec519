import { z } from 'zod'
import { MEDIA_ATTRIBUTE_CODE, MEDIA_ATTRIBUTE_SCOPES } from '../../catalog/mediaAttribute'
import { folded } from '../../contract/folded'
import { OperatorError } from '../../contract/operatorError'
import { LARGEST_ID } from '../../contract/storable'
import { saveRole, saveUser } from '../access/accountRows'
import { saveAccessToken, saveConsumer } from '../access/oauthRows'
import type { SecretBox } from '../access/secretBox'
import type { Database, Queryable } from '../database/database'
import { advanceCounters, saveAttributeSets, saveProducts, saveStoreViews, saveWebsites } from './catalogRows'
import { emptyShop } from './emptyShop'
import { saveMediaAttributes } from './mediaAttributeRows'

const id = z.int().min(1).max(LARGEST_ID)
const name = z.string().min(1)
const attributeCode = z.string().regex(MEDIA_ATTRIBUTE_CODE, 'a code is not empty, and has no , and :')
/** A key or token. On the wire, only this length is accepted. */
const credential = z.string().regex(/^[!-~]{32}$/, '32 characters of printable ASCII')

/** Refuses names that count as one (magento.md §6.5), and a name of spaces alone. */
function eachOnce<Key extends string>(key: Key) {
  return (entries: readonly Readonly<Record<Key, string>>[], context: z.RefinementCtx) => {
    const written = new Map<string, string>()
    for (const [index, { [key]: name }] of entries.entries()) {
      const earlier = written.get(folded(name))
      const refuse = (message: string) => context.addIssue({ code: 'custom', path: [index, key], message })
      if (folded(name) === '') refuse('it has nothing but spaces')
      else if (earlier !== undefined)
        refuse(`"${name}" and "${earlier}" count as one: case, accents and spaces at the end do not count`)
      written.set(folded(name), name)
    }
  }
}

/** The form of a seed file; docs/reference/seed-file.md tells what each part means. */
export const seedSchema = z.strictObject({
  websites: z
    .array(z.strictObject({ id, code: name, default: z.boolean().optional(), defaultStore: id.optional() }))
    .refine((websites) => websites.filter((website) => website.default).length < 2, {
      error: 'only one website can be the default',
    })
    .default([]),
  stores: z.array(z.strictObject({ id, code: name, website: id })).default([]),
  mediaAttributes: z
    .array(
      z.strictObject({
        code: attributeCode,
        label: z.string().optional(),
        scope: z.enum(MEDIA_ATTRIBUTE_SCOPES).optional(),
      }),
    )
    .default([]),
  attributeSets: z
    .array(
      z.strictObject({ id, name, gallery: z.boolean(), mediaAttributes: z.array(attributeCode).optional() }),
    )
    .default([]),
  roles: z.array(z.strictObject({ name, resources: z.array(name) })).default([]),
  users: z
    .array(
      z.strictObject({
        username: name,
        apiKey: name,
        role: name.nullable().default(null),
        active: z.boolean().default(true),
      }),
    )
    .superRefine(eachOnce('username'))
    .default([]),
  products: z
    .array(
      z.strictObject({
        id: id.nullable().default(null),
        sku: name,
        attributeSet: id,
        websites: z.array(id).default([]),
      }),
    )
    .superRefine(eachOnce('sku'))
    .default([]),
  oauth: z
    .strictObject({
      consumers: z
        .array(z.strictObject({ key: credential, secret: name, name: name.optional() }))
        .default([]),
      tokens: z
        .array(
          z.strictObject({
            consumer: name,
            type: z.enum(['admin', 'customer']),
            token: credential,
            secret: name,
            revoked: z.boolean().default(false),
          }),
        )
        .default([]),
    })
    .default({ consumers: [], tokens: [] }),
})

export type Seed = z.output<typeof seedSchema>

/**
 * The seed file does not have the documented form, or contradicts itself or the database. The message is one
 * line.
 */
export class SeedError extends OperatorError {
  override readonly name = 'SeedError'

  constructor(message: string, options?: ErrorOptions) {
    super('invalid', message, options)
  }
}

/** @throws SeedError */
export function parseSeed(json: string): Seed {
  const result = seedSchema.safeParse(parseJson(json))
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new SeedError(`seed file, ${issue?.path.join('.') || 'top level'}: ${issue?.message}`)
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new SeedError(`seed file: not JSON: ${(cause as Error).message}`, { cause })
  }
}

/**
 * Errors for contradictions: SQLSTATE class 23, 21000 for a row that is named twice, and 22021 for a text
 * with a NUL.
 */
const CONTRADICTION = /^(?:23...|21000|22021)$/

/**
 * Brings the database to all that the seed names, or changes nothing. It undoes what operators have changed: it is for
 * a test double, and for whoever says so. Doing it again changes nothing.
 *
 * @throws SeedError, UnknownName
 */
export async function applySeed(database: Database, seed: Seed, secretBox: SecretBox): Promise<void> {
  await planted(() => database.transaction((rows) => saveSeed(rows, seed, secretBox)))
}

/** Replaces everything in the database by the seed, or changes nothing. @throws SeedError, UnknownName */
export async function replaceBySeed(database: Database, seed: Seed, secretBox: SecretBox): Promise<void> {
  await planted(() =>
    database.transaction(async (rows) => {
      await emptyShop(rows)
      await saveSeed(rows, seed, secretBox)
    }),
  )
}

/** Makes all that the seed names, or brings what is there to it. */
export async function saveSeed(rows: Queryable, seed: Seed, secretBox: SecretBox): Promise<void> {
  await saveWebsites(rows, seed.websites)
  await saveStoreViews(rows, seed.stores)
  await refuseForeignDefaults(rows, seed.websites)
  await saveMediaAttributes(rows, seed.mediaAttributes)
  await saveAttributeSets(rows, seed.attributeSets)
  await saveProducts(rows, seed.products)
  await advanceCounters(rows)
  for (const role of seed.roles) await saveRole(rows, role)
  for (const user of seed.users) await saveUser(rows, user)
  await saveOAuth(rows, seed.oauth, secretBox)
}

const foreignDefaults = {
  name: 'foreign_default_store_views',
  text: `
    SELECT website_id AS website, default_store_id AS store FROM core_website website
     WHERE website_id = ANY ($1::int[]) AND default_store_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM core_store store
                        WHERE store_id = default_store_id AND store.website_id = website.website_id)`,
}

/** @throws SeedError for a website whose default store view is none of its own */
async function refuseForeignDefaults(rows: Queryable, websites: Seed['websites']): Promise<void> {
  const given = websites.filter(({ defaultStore }) => defaultStore !== undefined).map(({ id }) => id)
  if (given.length === 0) return
  const [foreign] = await rows.query<{ website: number; store: number }>(foreignDefaults, [given])
  if (!foreign) return
  throw new SeedError(
    `seed file: the default store view ${foreign.store} of website ${foreign.website} is none of its store views`,
  )
}

/** Runs what puts a seed into the database. @throws SeedError for what the database does not take */
export async function planted<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    const { code, detail, message } = thrown as { code?: string; detail?: string; message: string }
    if (code === undefined || !CONTRADICTION.test(code)) throw thrown
    throw new SeedError(`seed file: ${detail ?? message}`, { cause: thrown })
  }
}

async function saveOAuth(
  rows: Queryable,
  { consumers, tokens }: Seed['oauth'],
  secretBox: SecretBox,
): Promise<void> {
  for (const { key, secret, name = key } of consumers) {
    const signsWith = { kind: 'secret', secret } as const
    await saveConsumer(rows, secretBox, { key, name, signsWith, callbackUrl: null })
  }
  for (const { type, revoked, ...token } of tokens) {
    await saveAccessToken(rows, secretBox, { ...token, user: type, isRevoked: revoked })
  }
}

/** The first user of the seed who can log in, and whom the database has not otherwise. */
export function firstUserOf(
  { users }: Seed,
  differences: readonly { readonly username: string | null }[] = [],
): { username: string; apiKey: string } | null {
  const changed = new Set(differences.map(({ username }) => username))
  const user = users.find(({ active, role, username }) => active && role !== null && !changed.has(username))
  return user ? { username: user.username, apiKey: user.apiKey } : null
}
