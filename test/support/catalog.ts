import { randomBytes } from 'node:crypto'
import type { WrittenFile } from '../../src/catalog/ports'
import type { Author } from '../../src/contract/author'
import { type Database, onlyRow } from '../../src/store/database/database'
import { saveProducts } from '../../src/store/shop/catalogRows'
import { applySeed, parseSeed, type Seed } from '../../src/store/shop/seed'
import { sql } from './databases'
import { secretBox } from './secrets'

/** Two websites: store views 1, 2 and 3 are of the first, and 4 is of the second. */
export const CATALOG: Seed = parseSeed(
  JSON.stringify({
    websites: [
      { id: 1, code: 'base' },
      { id: 2, code: 'second' },
    ],
    stores: [
      { id: 1, code: 'default', website: 1 },
      { id: 2, code: 'german', website: 1 },
      { id: 3, code: 'french', website: 1 },
      { id: 4, code: 'secondstore', website: 2 },
    ],
    attributeSets: [
      { id: 4, name: 'Default', gallery: true },
      { id: 9, name: 'Without gallery', gallery: false },
    ],
    roles: [
      { name: 'all', resources: ['all'] },
      { name: 'reader', resources: ['catalog', 'catalog/product/media'] },
      { name: 'nothing', resources: [] },
    ],
    users: [
      { username: 'apiUser', apiKey: 'apiKey123', role: 'all' },
      { username: 'Reader', apiKey: 'readerKey', role: 'reader' },
      { username: 'idle', apiKey: 'idleKey', role: 'nothing' },
      { username: 'inactive', apiKey: 'apiKey123', role: 'all', active: false },
      { username: 'norole', apiKey: 'apiKey123' },
    ],
    products: [
      { id: 7, sku: 'Camera', attributeSet: 4, websites: [1] },
      { id: 8, sku: 'Ölkanne', attributeSet: 4, websites: [1, 2] },
      { id: 9, sku: 'Voucher', attributeSet: 9, websites: [1] },
      { sku: 'Lens', attributeSet: 4 },
    ],
  }),
)

export async function seedCatalog(database: Database): Promise<void> {
  await applySeed(database, CATALOG, secretBox)
}

const productIdBySku = sql('SELECT entity_id AS id FROM catalog_product_entity WHERE sku = $1')

/** Makes a product with an empty gallery and an SKU that no other has, and answers its id. */
export async function newProduct(database: Database, websites: readonly number[] = [1]): Promise<number> {
  const sku = `product-${randomBytes(8).toString('hex')}`
  await saveProducts(database, [{ id: null, sku, attributeSet: 4, websites }])
  return onlyRow(await database.query<{ id: number }>(productIdBySku, [sku])).id
}

/** Who makes the changes of tests that are not about who makes them. */
export const AUTHOR: Author = {
  user: 'apiUser',
  consumer: null,
  token: null,
  protocol: 'soap_v1',
  clientAddress: '127.0.0.1',
}

/** What the store records of a tiny file, under a storage key of its own. */
export function writtenFile(): WrittenFile {
  const storageKey = `/t/e/test~${randomBytes(8).toString('hex')}.gif`
  return {
    storageKey,
    format: 'gif',
    width: 1,
    height: 1,
    size: 43,
    sha256: randomBytes(32),
    md5: randomBytes(16),
  }
}
