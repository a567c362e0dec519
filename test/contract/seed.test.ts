import { storedName } from '../../src/catalog/fileName'
import { withImage, withTypes } from '../../src/catalog/gallery'
import { UnknownName } from '../../src/store/access/accountRows'
import { PostgresAccounts } from '../../src/store/access/accounts'
import { PostgresOAuth } from '../../src/store/access/oauth'
import { PostgresSessions } from '../../src/store/access/sessions'
import { PostgresGalleries } from '../../src/store/galleries/galleries'
import { addMissing } from '../../src/store/shop/missingSeed'
import { applySeed, parseSeed, SeedError } from '../../src/store/shop/seed'
import { CATALOG, writtenFile } from '../support/catalog'
import { describeOnEachDatabase, type OpenDatabase, sql } from '../support/databases'
import { secretBox } from '../support/secrets'

describeOnEachDatabase('a seed', (opened) => {
  beforeEach(async () => {
    await opened().database.query(sql(`TRUNCATE ${TABLES.join(', ')} RESTART IDENTITY CASCADE`))
    await opened().database.query(sql("INSERT INTO core_website (website_id, code) VALUES (0, 'admin')"))
    await opened().database.query(
      sql("INSERT INTO core_store (store_id, code, website_id) VALUES (0, 'admin', 0)"),
    )
    // Without its users, whose keys take their time to hash.
    await applySeed(opened().database, { ...CATALOG, users: [] }, secretBox)
  })

  test('that is applied again changes nothing', async () => {
    const all = { ...CATALOG, oauth: seed({ oauth: OAUTH }).oauth }
    await applySeed(opened().database, all, secretBox)
    await addImage(opened())
    const before = await everyRow(opened())
    await applySeed(opened().database, all, secretBox)
    expect(await everyRow(opened())).toEqual(before)
  })

  test('that is applied again leaves keys and sessions good', async () => {
    const { database } = opened()
    const accounts = new PostgresAccounts(database)
    const sessions = new PostgresSessions(database, { lifetimeSeconds: 3600, now: () => new Date() })
    await applySeed(database, CATALOG, secretBox)
    const checked = await accounts.check('apiUser', 'apiKey123')
    const session = await sessions.open('userId' in checked ? checked.userId : 0)
    await applySeed(database, CATALOG, secretBox)
    expect(await accounts.check('apiUser', 'apiKey123')).toEqual(checked)
    expect(await sessions.find(session)).toMatchObject({ username: 'apiUser' })
  })

  test('brings what exists to what it says, and leaves the rest', async () => {
    const { database } = opened()
    await applySeed(
      database,
      seed({ products: [{ id: 7, sku: 'CAMERA 2', attributeSet: 9, websites: [2] }] }),
      secretBox,
    )
    const products = await database.query(
      sql('SELECT entity_id AS id, sku, attribute_set_id AS set FROM catalog_product_entity ORDER BY sku'),
    )
    expect(products).toEqual([
      { id: 7, sku: 'CAMERA 2', set: 9 },
      { id: expect.any(Number), sku: 'Lens', set: 4 },
      { id: 9, sku: 'Voucher', set: 9 },
      { id: 8, sku: 'Ölkanne', set: 4 },
    ])
    const websites = sql('SELECT website_id AS id FROM catalog_product_website WHERE product_id = 7')
    expect(await database.query(websites)).toEqual([{ id: 2 }])
  })

  describe('that is added', () => {
    const add = (parts: object) => addMissing(opened().database, seed(parts), secretBox)

    test('makes what is missing, and finds no difference', async () => {
      const { database } = opened()
      const parts = { oauth: OAUTH, roles: [{ name: 'adding', resources: ['all'] }], users: [USER] }
      expect(await add(parts)).toEqual([])
      expect(await new PostgresAccounts(database).check('adder', 'key')).toHaveProperty('userId')
      const before = await everyRow(opened())
      expect(await add(parts)).toEqual([])
      expect(await addMissing(database, { ...CATALOG, users: [] }, secretBox)).toEqual([])
      expect(await everyRow(opened())).toEqual(before)
    })

    test('leaves what differs as it is, and tells it without a secret', async () => {
      await add({ oauth: OAUTH, roles: [{ name: 'adding', resources: ['all'] }], users: [USER] })
      const before = await everyRow(opened())
      const differences = await add({
        websites: [{ id: 1, code: 'other' }],
        stores: [{ id: 2, code: 'deutsch', website: 2 }],
        attributeSets: [{ id: 4, name: 'Other', gallery: false }],
        roles: [{ name: 'adding', resources: ['catalog'] }],
        users: [{ username: 'ADDER', apiKey: 'other', role: 'reader', active: false }],
        products: [
          { id: 7, sku: 'Film', attributeSet: 9 },
          { sku: 'LENS', attributeSet: 4, websites: [2] },
        ],
        oauth: {
          consumers: [{ key: CONSUMER, secret: 'other', name: 'Other' }],
          tokens: [{ consumer: CONSUMER, type: 'customer', token: TOKEN, secret: 'other', revoked: true }],
        },
      })
      expect(differences.map(({ entry, fields }) => `${entry}: ${fields.join(', ')}`)).toEqual([
        'website 1: its code',
        'store view 2: its code, its website',
        'attribute set 4: its name, whether it has a gallery',
        'role adding: its access rules',
        'user ADDER: its key, its role, whether it is active',
        'product 7: its SKU, its attribute set, its websites',
        'product LENS: its SKU, its websites',
        `OAuth consumer ${CONSUMER}: its name, its secret`,
        'OAuth token token0…: its type, its secret, whether it is revoked',
      ])
      expect(await everyRow(opened())).toEqual(before)
      expect(await new PostgresAccounts(opened().database).check('adder', 'key')).toHaveProperty('userId')
    })

    test('is refused as a whole where what is missing contradicts what is there', async () => {
      const before = await everyRow(opened())
      const parts = {
        products: [{ id: 99, sku: 'camera', attributeSet: 4 }],
        websites: [{ id: 3, code: 'x' }],
      }
      await expect(add(parts)).rejects.toThrow(SeedError)
      expect(await everyRow(opened())).toEqual(before)
    })

    test('by several servers at once is added once', async () => {
      const parts = { oauth: OAUTH, products: [{ sku: 'Filter', attributeSet: 4 }] }
      expect(await Promise.all([add(parts), add(parts), add(parts)])).toEqual([[], [], []])
    })
  })

  describe('that names the default website', () => {
    const defaults = sql(
      'SELECT website_id AS id, is_default AS "isDefault", default_store_id AS store FROM core_website WHERE website_id > 0 ORDER BY 1',
    )
    const apply = (...websites: readonly object[]) =>
      applySeed(opened().database, seed({ websites }), secretBox)

    test('makes it the only one, and leaves what is not given', async () => {
      const [first, second] = [
        { id: 1, code: 'base' },
        { id: 2, code: 'second' },
      ]
      await apply({ ...first, default: true, defaultStore: 3 })
      await apply(first, { ...second, default: true })
      expect(await opened().database.query(defaults)).toEqual([
        { id: 1, isDefault: false, store: 3 },
        { id: 2, isDefault: true, store: null },
      ])
    })

    test('does not take its place from another when it is added', async () => {
      await apply({ id: 1, code: 'base', default: true })
      const parts = seed({
        websites: [
          { id: 2, code: 'second', defaultStore: 4 },
          { id: 3, code: 'third', default: true },
        ],
      })
      const differences = await addMissing(opened().database, parts, secretBox)
      expect(differences).toMatchObject([
        { entry: 'website 2', fields: ['its default store view'] },
        { entry: 'website 3', fields: ['whether it is the default'] },
      ])
      expect(await opened().database.query(defaults)).toMatchObject([
        { id: 1, isDefault: true },
        { id: 2, isDefault: false, store: null },
        { id: 3, isDefault: false },
      ])
    })
  })

  test.each([
    [
      'two SKUs',
      { products: ['Käse', 'kase '].map((sku) => ({ sku, attributeSet: 4 })) },
      'products.1.sku: "kase " and "Käse" count as one: case, accents and spaces at the end do not count',
    ],
    ['an SKU', { products: [{ sku: '  ', attributeSet: 4 }] }, 'products.0.sku: it has nothing but spaces'],
    [
      'two user names',
      { users: ['Zoe', 'zoë'].map((username) => ({ username, apiKey: 'x' })) },
      'users.1.username: "zoë" and "Zoe" count as one: case, accents and spaces at the end do not count',
    ],
    [
      'two default websites',
      { websites: [1, 2].map((id) => ({ id, code: `w${id}`, default: true })) },
      'websites: only one website can be the default',
    ],
  ])('with %s that the shop could not have is refused', (_what, parts, message) => {
    expect(() => seed(parts)).toThrow(`seed file, ${message}`)
  })

  test('gives products without an id one that no other has', async () => {
    const { database } = opened()
    await applySeed(database, seed({ products: [{ id: 500, sku: 'A', attributeSet: 4 }] }), secretBox)
    await applySeed(database, seed({ products: [{ sku: 'B', attributeSet: 4 }] }), secretBox)
    expect(await new PostgresGalleries(database).product({ sku: 'b' })).toEqual({ id: 501, hasGallery: true })
  })

  test('gives them such an id beside products that have one', async () => {
    const { database } = opened()
    const products = [10, 11, 12].map((id) => ({ id, sku: `product ${id}`, attributeSet: 4 }))
    await applySeed(database, seed({ products: [...products, { sku: 'B', attributeSet: 4 }] }), secretBox)
    expect(await new PostgresGalleries(database).product({ sku: 'b' })).toEqual({ id: 13, hasGallery: true })
  })

  test('brings OAuth consumers and tokens, which it can change', async () => {
    const { database } = opened()
    const clock = { now: () => new Date(), timestampWindowSeconds: 600 }
    const store = new PostgresOAuth(database, secretBox, clock)
    const find = () => store.find({ consumerKey: CONSUMER, token: TOKEN, nonce: null })
    await applySeed(database, seed({ oauth: OAUTH }), secretBox)
    expect(await find()).toMatchObject({
      consumer: { name: CONSUMER, signsWith: { kind: 'secret', secret: 'consumer secret' } },
      token: { kind: 'access', user: 'admin', secret: 'token secret', isRevoked: false },
    })
    const consumers = [{ key: CONSUMER, secret: 'changed', name: 'Importer' }]
    const tokens = [{ consumer: CONSUMER, type: 'customer', token: TOKEN, secret: 'new', revoked: true }]
    await applySeed(database, seed({ oauth: { consumers, tokens } }), secretBox)
    expect(await find()).toMatchObject({
      consumer: { name: 'Importer', signsWith: { kind: 'secret', secret: 'changed' } },
      token: { kind: 'access', user: 'customer', secret: 'new', isRevoked: true },
    })
  })

  test('with a token of an unknown consumer is refused as a whole', async () => {
    const before = await everyRow(opened())
    const oauth = { tokens: [{ ...OAUTH.tokens[0], consumer: 'x'.repeat(32) }] }
    const mixed = seed({ websites: [{ id: 3, code: 'third' }], oauth })
    await expect(applySeed(opened().database, mixed, secretBox)).rejects.toThrow(UnknownName)
    expect(await everyRow(opened())).toEqual(before)
  })

  test.each([
    ['a consumer key', { consumers: [{ key: 'short', secret: 's' }] }, 'oauth.consumers.0.key'],
    [
      'a token',
      { tokens: [{ ...{ consumer: 'c', type: 'admin', secret: 's' }, token: 'ä'.repeat(16) }] },
      'oauth.tokens.0.token',
    ],
    [
      'a type',
      { tokens: [{ consumer: 'c', type: 'guest', token: 'x'.repeat(32), secret: 's' }] },
      'oauth.tokens.0.type',
    ],
    ['a key', { consumer: [] }, 'oauth'],
  ])('with %s that cannot be is refused', (_what, oauth, place) => {
    expect(() => seed({ oauth })).toThrow(`seed file, ${place}: `)
  })

  test.each([
    ['an unknown attribute set', { products: [{ sku: 'New', attributeSet: 5 }] }],
    ['an unknown website', { products: [{ sku: 'New', attributeSet: 4, websites: [9] }] }],
    ['a store view of an unknown website', { stores: [{ id: 9, code: 'new', website: 9 }] }],
    ['the default store view of another website', { websites: [{ id: 1, code: 'base', defaultStore: 4 }] }],
    ['the SKU of one product for another', { products: [{ id: 10, sku: 'camera', attributeSet: 4 }] }],
    ['the code of one store view for another', { stores: [{ id: 9, code: 'german', website: 1 }] }],
  ])('with %s is refused as a whole', async (_what, contradiction) => {
    const before = await everyRow(opened())
    const mixed = seed({ websites: [{ id: 3, code: 'third' }], ...contradiction })
    await expect(applySeed(opened().database, mixed, secretBox)).rejects.toThrow(SeedError)
    expect(await everyRow(opened())).toEqual(before)
  })
})

const CONSUMER = 'consumer'.padEnd(32, '0')
const TOKEN = 'token'.padEnd(32, '0')
const OAUTH = {
  consumers: [{ key: CONSUMER, secret: 'consumer secret' }],
  tokens: [{ consumer: CONSUMER, type: 'admin', token: TOKEN, secret: 'token secret' }],
}

const USER = { username: 'Adder', apiKey: 'key', role: 'adding' }

const TABLES = [
  'core_website',
  'core_store',
  'eav_attribute_set',
  'catalog_product_entity',
  'catalog_product_website',
  'catalog_product_entity_media_gallery',
  'catalog_product_entity_media_gallery_value',
  'catalog_product_entity_media_type',
  'media_file',
  'media_file_name',
  'api_role',
  'api_rule',
  'api_user',
  'oauth_consumer',
  'oauth_token',
]

function seed(parts: object) {
  return parseSeed(JSON.stringify(parts))
}

/** Every row of every table, less hashed keys and encrypted secrets, which are other bytes each time. */
async function everyRow({ database }: OpenDatabase): Promise<readonly (readonly unknown[])[]> {
  const rows: (readonly unknown[])[] = []
  for (const table of TABLES) {
    const text = `SELECT (to_jsonb(row) - 'api_key_hash' - 'secret')::text AS row FROM ${table} row ORDER BY 1`
    rows.push([table, await database.query(sql(text))])
  }
  return rows
}

async function addImage({ database }: OpenDatabase): Promise<void> {
  const name = storedName('front', 'gif')
  if (!name) throw new Error('front is a name')
  await new PostgresGalleries(database).change(7, async (gallery) => {
    const path = (await gallery.claim(name, writtenFile())) ?? ''
    const before = await gallery.view(2)
    const id = await gallery.addImage(path)
    const changes = { label: 'vorne', position: null, exclude: 0 }
    await gallery.write(2, withTypes(withImage(before, id, path, changes), id, ['image']))
  })
}
