import { folded } from '../../contract/folded'
import { isStorableId, isStorableText } from '../../contract/storable'
import type { LooseShop } from '../../double/ports'
import { saveRole, saveUser } from '../access/accountRows'
import type { Database } from '../database/database'
import { attributeSetsOf, productsNamed } from './catalogRows'
import { saveProduct } from './productSaving'

const ROLE = { name: 'loose', resources: ['all'] }

const userByName = {
  name: 'loose_user',
  text: `
    SELECT user_id AS id, is_active AND role_id IS NOT NULL AS "mayLogIn" FROM api_user WHERE username_key = $1`,
}

/** Creates products and users in PostgreSQL. */
export class PostgresLooseShop implements LooseShop {
  constructor(private readonly database: Database) {}

  async makeProduct(reference: { readonly id: number } | { readonly sku: string }): Promise<void> {
    const id = 'id' in reference ? reference.id : undefined
    const sku = 'id' in reference ? `product-${reference.id}` : reference.sku
    if (folded(sku) === '' || !isStorableText(sku) || (id !== undefined && !isStorableId(id))) return
    await this.database.transaction(async (rows) => {
      const attributeSet = (await attributeSetsOf(rows)).find(({ gallery }) => gallery)?.name
      if (attributeSet === undefined) return
      // Another call may have created it meanwhile, and the SKU that fits this id may belong to another
      // product.
      if ((await productsNamed(rows, id === undefined ? [] : [id], [sku])).length > 0) return
      await saveProduct(rows, sku, { id, attributeSet })
    })
  }

  async admit(username: string, apiKey: string): Promise<number | null> {
    if (!isStorableText(username)) return null
    return this.database.transaction(async (rows) => {
      const find = () => rows.query<{ id: number; mayLogIn: boolean }>(userByName, [folded(username)])
      if ((await find()).length === 0) {
        await saveRole(rows, ROLE)
        await saveUser(rows, { username, apiKey, role: ROLE.name, active: true })
      }
      const [user] = await find()
      return user?.mayLogIn ? user.id : null
    })
  }
}
