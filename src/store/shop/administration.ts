import { OperatorError } from '../../contract/operatorError'
import type {
  Administration,
  AttributeSetChange,
  ListedAttributeSet,
  ListedConsumer,
  ListedMediaAttribute,
  ListedProduct,
  ListedStoreView,
  ListedUser,
  MediaAttributeChange,
  ProductChange,
  SavedUser,
  StoreViewChange,
  UserChange,
} from '../../control/ports'
import type { TokenCredentials, TokenUser } from '../../oauth/ports'
import { usersOf } from '../access/accountRows'
import {
  consumersOf,
  issueToken,
  randomCredential,
  revoke,
  saveConsumer,
  tokensOf,
} from '../access/oauthRows'
import type { SecretBox } from '../access/secretBox'
import { saveUser, userNamed } from '../access/userSaving'
import { type Database, onlyRow, type Queryable } from '../database/database'
import { advanceCounters, attributeSetsOf, productsOf, saveAttributeSets, storeViewsOf } from './catalogRows'
import { mediaAttributesOf, saveMediaAttributes } from './mediaAttributeRows'
import { saveProduct } from './productSaving'
import { saveStoreView } from './storeViewSaving'

const counts = {
  name: 'administration_counts',
  text: `
    SELECT (SELECT count(*)::int FROM catalog_product_entity) AS products,
           (SELECT count(*)::int FROM core_store WHERE store_id <> 0) AS stores,
           (SELECT count(*)::int FROM api_user) AS users`,
}

/** Reads and changes the shop's data for operators, in PostgreSQL. */
export class PostgresAdministration implements Administration {
  constructor(
    private readonly database: Database,
    private readonly secretBox: SecretBox,
  ) {}

  products(search: string, limit: number): Promise<readonly ListedProduct[]> {
    return productsOf(this.database, 0, limit, search)
  }

  saveProduct(sku: string, change: ProductChange): Promise<ListedProduct> {
    return this.database.transaction(async (rows) => {
      const id = await saveProduct(rows, sku, change)
      return onlyRow(await productsOf(rows, id - 1, 1))
    })
  }

  storeViews(): Promise<readonly ListedStoreView[]> {
    return storeViewsOf(this.database)
  }

  saveStoreView(code: string, change: StoreViewChange): Promise<ListedStoreView> {
    return this.database.transaction(async (rows) => {
      await saveStoreView(rows, code, change)
      return onlyRow((await storeViewsOf(rows)).filter((store) => store.code === code))
    })
  }

  users(): Promise<readonly ListedUser[]> {
    return usersOf(this.database)
  }

  saveUser(username: string, change: UserChange): Promise<SavedUser> {
    return this.database.transaction(async (rows) => {
      const key = await saveUser(rows, username, change)
      const saved = userNamed(await usersOf(rows), username)
      return { ...onlyRow(saved ? [saved] : []), key }
    })
  }

  attributeSets(): Promise<readonly ListedAttributeSet[]> {
    return attributeSetsOf(this.database)
  }

  saveAttributeSet(name: string, change: AttributeSetChange): Promise<ListedAttributeSet> {
    return this.database.transaction((rows) => saveAttributeSet(rows, name, change))
  }

  mediaAttributes(): Promise<readonly ListedMediaAttribute[]> {
    return mediaAttributesOf(this.database)
  }

  saveMediaAttribute(code: string, change: MediaAttributeChange): Promise<ListedMediaAttribute> {
    return this.database.transaction(async (rows) => {
      await saveMediaAttributes(rows, [{ code, ...change }])
      return onlyRow((await mediaAttributesOf(rows)).filter((attribute) => attribute.code === code))
    })
  }

  async consumers(): Promise<readonly ListedConsumer[]> {
    const [consumers, tokens] = [await consumersOf(this.database), await tokensOf(this.database)]
    return consumers.map((consumer) => ({
      ...consumer,
      tokens: tokens
        .filter((token) => token.consumer === consumer.key)
        .map(({ token, user, operator, isRevoked }) => ({ token, type: user, operator, revoked: isRevoked })),
    }))
  }

  async addConsumer(name: string, callbackUrl: string | null): Promise<{ key: string; secret: string }> {
    const [key, secret] = [randomCredential(), randomCredential()]
    const signsWith = { kind: 'secret', secret } as const
    await saveConsumer(this.database, this.secretBox, { key, name, signsWith, callbackUrl })
    return { key, secret }
  }

  issueToken(consumerKey: string, user: TokenUser): Promise<TokenCredentials> {
    return issueToken(this.database, this.secretBox, consumerKey, user)
  }

  revokeToken(token: string): Promise<void> {
    return revoke(this.database, token)
  }

  async counts(): Promise<{ products: number; stores: number; users: number }> {
    return onlyRow(await this.database.query<{ products: number; stores: number; users: number }>(counts))
  }
}

/** Creates the attribute set, or changes the existing one with this name. @throws OperatorError */
export async function saveAttributeSet(
  rows: Queryable,
  name: string,
  { id: wanted, gallery, mediaAttributes }: AttributeSetChange,
): Promise<ListedAttributeSet> {
  const sets = await attributeSetsOf(rows)
  const same = sets.find((set) => set.name === name)
  const taken = sets.find((set) => set.id === wanted)
  if (taken && taken !== same)
    throw new OperatorError('conflict', `attribute set ${taken.id} is ${taken.name}`)
  if (same && wanted !== undefined && wanted !== same.id)
    throw new OperatorError(
      'conflict',
      `attribute set ${name} has id ${same.id}: a name and an id belong together`,
    )
  const id = same?.id ?? wanted ?? Math.max(0, ...sets.map((set) => set.id)) + 1
  await saveAttributeSets(rows, [{ id, name, gallery, mediaAttributes }])
  await advanceCounters(rows)
  return onlyRow((await attributeSetsOf(rows)).filter((set) => set.id === id))
}
