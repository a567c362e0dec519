import { folded } from '../../contract/folded'
import { verifyKey } from '../access/keyHash'
import { consumerPlace, tokenPlace } from '../access/oauthRows'
import { type SecretBox, SecretKeyMismatch } from '../access/secretBox'
import type { Queryable } from '../database/database'
import { attributeSetsOf } from './catalogRows'
import { mediaAttributesOf } from './mediaAttributeRows'
import type { Seed } from './seed'

/** An entry of a seed that the database has otherwise. It tells no key, no secret and no token. */
export interface SeedDifference {
  /** The name of the entry: `user apiUser`. */
  readonly entry: string
  /** The name of the user; null for any other entry. */
  readonly username: string | null
  /** What is not the same, in words: `its key`. */
  readonly fields: readonly string[]
}

export interface ComparedSeed {
  /** The entries of the seed that the database lacks. */
  readonly missing: Seed
  /** The entries that the database has otherwise, in the order of the seed. */
  readonly differences: readonly SeedDifference[]
}

/** How an entry is told, found in the database, and compared with what is found there. */
interface Comparison<Wanted, Present> {
  readonly entry: (wanted: Wanted) => string
  readonly find: (wanted: Wanted) => Present | undefined
  /** Whether each field is the same, by what the field is in words. */
  readonly fields: Readonly<Record<string, (wanted: Wanted, present: Present) => boolean | Promise<boolean>>>
}

interface Compared<Wanted> {
  readonly missing: Wanted[]
  readonly differences: readonly SeedDifference[]
}

/** Compares each entry of the seed with what the database has under its id or name. */
export async function compareSeed(rows: Queryable, seed: Seed, secretBox: SecretBox): Promise<ComparedSeed> {
  const websites = await comparedWebsites(rows, seed)
  const stores = await comparedStores(rows, seed)
  const mediaAttributes = await comparedMediaAttributes(rows, seed)
  const attributeSets = await comparedAttributeSets(rows, seed)
  const roles = await comparedRoles(rows, seed)
  const users = await comparedUsers(rows, seed)
  const products = await comparedProducts(rows, seed)
  const consumers = await comparedConsumers(rows, seed, secretBox)
  const tokens = await comparedTokens(rows, seed, secretBox)
  const all = [websites, stores, mediaAttributes, attributeSets, roles, users, products, consumers, tokens]
  return {
    missing: {
      websites: websites.missing,
      stores: stores.missing,
      mediaAttributes: mediaAttributes.missing,
      attributeSets: attributeSets.missing,
      roles: roles.missing,
      users: users.missing,
      products: products.missing,
      oauth: { consumers: consumers.missing, tokens: tokens.missing },
    },
    differences: all.flatMap(({ differences }) => differences),
  }
}

async function compared<Wanted extends object, Present>(
  entries: readonly Wanted[],
  { entry, find, fields }: Comparison<Wanted, Present>,
): Promise<Compared<Wanted>> {
  const missing: Wanted[] = []
  const differences: SeedDifference[] = []
  for (const wanted of entries) {
    const present = find(wanted)
    if (present === undefined) {
      missing.push(wanted)
      continue
    }
    const different: string[] = []
    for (const [field, isSame] of Object.entries(fields)) {
      if (!(await isSame(wanted, present))) different.push(field)
    }
    const username = 'username' in wanted ? String(wanted.username) : null
    if (different.length > 0) differences.push({ entry: entry(wanted), username, fields: different })
  }
  return { missing, differences }
}

interface PresentWebsite {
  readonly id: number
  readonly code: string
  readonly isDefault: boolean
  readonly defaultStore: number | null
}

const presentWebsites = {
  name: 'seed_websites',
  text: `
    SELECT website_id AS id, code, is_default AS "isDefault", default_store_id AS "defaultStore" FROM core_website`,
}

const IS_DEFAULT = 'whether it is the default'

async function comparedWebsites(rows: Queryable, { websites }: Seed): Promise<Compared<Seed['websites'][0]>> {
  const present = byKey(await rows.query<PresentWebsite>(presentWebsites), ({ id }) => id)
  const entry = ({ id }: { readonly id: number }) => `website ${id}`
  const { missing, differences } = await compared(websites, {
    entry,
    find: ({ id }) => present.get(id),
    fields: {
      'its code': (wanted, { code }) => wanted.code === code,
      [IS_DEFAULT]: (wanted, { isDefault }) => (wanted.default ?? isDefault) === isDefault,
      'its default store view': (wanted, { defaultStore }) =>
        (wanted.defaultStore ?? defaultStore) === defaultStore,
    },
  })
  // A new website does not take the place of the default one, which an operator may have chosen.
  if (![...present.values()].some(({ isDefault }) => isDefault)) return { missing, differences }
  const others = missing.filter((website) => website.default)
  return {
    missing: missing.map((website) => ({ ...website, default: false })),
    differences: [
      ...differences,
      ...others.map((website) => ({ entry: entry(website), username: null, fields: [IS_DEFAULT] })),
    ],
  }
}

interface PresentStore {
  readonly id: number
  readonly code: string
  readonly website: number
}

const presentStores = {
  name: 'seed_stores',
  text: 'SELECT store_id AS id, code, website_id AS website FROM core_store',
}

async function comparedStores(rows: Queryable, { stores }: Seed): Promise<Compared<Seed['stores'][0]>> {
  const present = byKey(await rows.query<PresentStore>(presentStores), ({ id }) => id)
  return compared(stores, {
    entry: ({ id }) => `store view ${id}`,
    find: ({ id }) => present.get(id),
    fields: {
      'its code': (wanted, { code }) => wanted.code === code,
      'its website': (wanted, { website }) => wanted.website === website,
    },
  })
}

async function comparedMediaAttributes(
  rows: Queryable,
  { mediaAttributes }: Seed,
): Promise<Compared<Seed['mediaAttributes'][0]>> {
  const present = byKey(await mediaAttributesOf(rows), ({ code }) => code)
  return compared(mediaAttributes, {
    entry: ({ code }) => `media attribute ${code}`,
    find: ({ code }) => present.get(code),
    fields: {
      'its label': (wanted, { label }) => (wanted.label ?? label) === label,
      'its scope': (wanted, { scope }) => (wanted.scope ?? scope) === scope,
    },
  })
}

async function comparedAttributeSets(
  rows: Queryable,
  { attributeSets }: Seed,
): Promise<Compared<Seed['attributeSets'][0]>> {
  const present = byKey(await attributeSetsOf(rows), ({ id }) => id)
  return compared(attributeSets, {
    entry: ({ id }) => `attribute set ${id}`,
    find: ({ id }) => present.get(id),
    fields: {
      'its name': (wanted, { name }) => wanted.name === name,
      'whether it has a gallery': (wanted, { gallery }) => wanted.gallery === gallery,
      'its media attributes': (wanted, { mediaAttributes }) =>
        (wanted.mediaAttributes ?? mediaAttributes).join() === mediaAttributes.join(),
    },
  })
}

interface PresentRole {
  readonly name: string
  readonly resources: readonly string[]
}

const presentRoles = {
  name: 'seed_roles',
  text: `
    SELECT role_name AS name,
           ARRAY(SELECT resource_id FROM api_rule rule WHERE rule.role_id = role.role_id) AS resources
      FROM api_role role`,
}

async function comparedRoles(rows: Queryable, { roles }: Seed): Promise<Compared<Seed['roles'][0]>> {
  const present = byKey(await rows.query<PresentRole>(presentRoles), ({ name }) => name)
  return compared(roles, {
    entry: ({ name }) => `role ${name}`,
    find: ({ name }) => present.get(name),
    fields: { 'its access rules': (wanted, { resources }) => haveSame(wanted.resources, resources) },
  })
}

interface PresentUser {
  readonly usernameKey: string
  readonly keyHash: string
  readonly active: boolean
  readonly role: string | null
}

const presentUsers = {
  name: 'seed_users',
  text: `
    SELECT username_key AS "usernameKey", api_key_hash AS "keyHash", is_active AS active, role_name AS role
      FROM api_user LEFT JOIN api_role USING (role_id) WHERE username_key = ANY ($1::text[])`,
}

async function comparedUsers(rows: Queryable, { users }: Seed): Promise<Compared<Seed['users'][0]>> {
  const keys = users.map(({ username }) => folded(username))
  const present = byKey(await rows.query<PresentUser>(presentUsers, [keys]), ({ usernameKey }) => usernameKey)
  return compared(users, {
    entry: ({ username }) => `user ${username}`,
    find: ({ username }) => present.get(folded(username)),
    fields: {
      'its key': ({ apiKey }, { keyHash }) => verifyKey(apiKey, keyHash),
      'its role': (wanted, { role }) => wanted.role === role,
      'whether it is active': (wanted, { active }) => wanted.active === active,
    },
  })
}

interface PresentProduct {
  readonly id: number
  readonly sku: string | null
  readonly skuKey: string | null
  readonly attributeSet: number
  readonly websites: readonly number[]
}

const presentProducts = {
  name: 'seed_products',
  text: `
    SELECT entity_id AS id, sku, sku_key AS "skuKey", attribute_set_id AS "attributeSet",
           ARRAY(SELECT website_id FROM catalog_product_website WHERE product_id = entity_id) AS websites
      FROM catalog_product_entity WHERE entity_id = ANY ($1::int[]) OR sku_key = ANY ($2::text[])`,
}

async function comparedProducts(rows: Queryable, { products }: Seed): Promise<Compared<Seed['products'][0]>> {
  const ids = products.flatMap(({ id }) => (id === null ? [] : [id]))
  const skuKeys = products.flatMap(({ id, sku }) => (id === null ? [folded(sku)] : []))
  const present = await rows.query<PresentProduct>(presentProducts, [ids, skuKeys])
  const byId = byKey(present, ({ id }) => id)
  const bySku = byKey(present, ({ skuKey }) => skuKey)
  return compared(products, {
    entry: ({ id, sku }) => (id === null ? `product ${sku}` : `product ${id}`),
    find: ({ id, sku }) => (id === null ? bySku.get(folded(sku)) : byId.get(id)),
    fields: {
      'its SKU': (wanted, { sku }) => wanted.sku === sku,
      'its attribute set': (wanted, { attributeSet }) => wanted.attributeSet === attributeSet,
      'its websites': (wanted, { websites }) => haveSame(wanted.websites, websites),
    },
  })
}

interface PresentConsumer {
  readonly key: string
  readonly name: string
  /** Null for one that signs with an RSA key. */
  readonly secret: Buffer | null
}

const presentConsumers = {
  name: 'seed_oauth_consumers',
  text: 'SELECT key, name, secret FROM oauth_consumer WHERE key = ANY ($1::text[])',
}

async function comparedConsumers(
  rows: Queryable,
  { oauth: { consumers } }: Seed,
  secretBox: SecretBox,
): Promise<Compared<Seed['oauth']['consumers'][0]>> {
  const keys = consumers.map(({ key }) => key)
  const present = byKey(await rows.query<PresentConsumer>(presentConsumers, [keys]), ({ key }) => key)
  return compared(consumers, {
    entry: ({ key }) => `OAuth consumer ${key}`,
    find: ({ key }) => present.get(key),
    fields: {
      'its name': ({ key, name = key }, present) => name === present.name,
      'its secret': (wanted, { key, secret }) =>
        secret !== null && wanted.secret === opened(secretBox, secret, consumerPlace(key)),
    },
  })
}

interface PresentToken {
  readonly token: string
  readonly consumer: string
  readonly secret: Buffer
  readonly type: string | null
  readonly isRevoked: boolean
}

const presentTokens = {
  name: 'seed_oauth_tokens',
  text: `
    SELECT token.token, consumer.key AS consumer, token.secret, token.revoked AS "isRevoked",
           CASE token.type WHEN 'access' THEN token.user_type END AS type
      FROM oauth_token token JOIN oauth_consumer consumer ON consumer.entity_id = token.consumer_id
     WHERE token.token = ANY ($1::text[])`,
}

/** How much of a token tells which of several is meant, and not what it is. */
const TOLD_OF_A_TOKEN = 6

async function comparedTokens(
  rows: Queryable,
  { oauth: { tokens } }: Seed,
  secretBox: SecretBox,
): Promise<Compared<Seed['oauth']['tokens'][0]>> {
  const names = tokens.map(({ token }) => token)
  const present = byKey(await rows.query<PresentToken>(presentTokens, [names]), ({ token }) => token)
  return compared(tokens, {
    entry: ({ token }) => `OAuth token ${token.slice(0, TOLD_OF_A_TOKEN)}…`,
    find: ({ token }) => present.get(token),
    fields: {
      'its consumer': (wanted, { consumer }) => wanted.consumer === consumer,
      'its type': (wanted, { type }) => wanted.type === type,
      'its secret': (wanted, { token, secret }) =>
        wanted.secret === opened(secretBox, secret, tokenPlace(token)),
      'whether it is revoked': (wanted, { isRevoked }) => wanted.revoked === isRevoked,
    },
  })
}

/** The secret; null for one that was encrypted with another key, which is no secret that a seed could have. */
function opened(secretBox: SecretBox, sealed: Buffer, place: string): string | null {
  try {
    return secretBox.open(sealed, place)
  } catch (thrown) {
    if (thrown instanceof SecretKeyMismatch) return null
    throw thrown
  }
}

function byKey<Key, Row>(rows: readonly Row[], key: (row: Row) => Key): ReadonlyMap<Key, Row> {
  return new Map(rows.map((row) => [key(row), row]))
}

/** Whether both have the same values, in whatever order and however often. */
function haveSame<T>(some: readonly T[], others: readonly T[]): boolean {
  const [one, other] = [new Set(some), new Set(others)]
  return one.size === other.size && [...one].every((value) => other.has(value))
}
