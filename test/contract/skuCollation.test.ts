import { folded } from '../../src/contract/folded'
import { type Database, onlyRow } from '../../src/store/database/database'
import { withMigrator } from '../../src/store/database/migrator'
import { describeOnEachDatabase, sql } from '../support/databases'

const MIGRATION = '011_sku_collation'

describeOnEachDatabase('the migration to SKUs and user names as MySQL compares them', (opened) => {
  const migrated = async (before: (database: Database) => Promise<void>) => {
    const { database, connection } = opened()
    await withMigrator(connection, async (migrator) => {
      await migrator.undo(MIGRATION)
      await before(database)
      await migrator.apply(MIGRATION)
    })
    return database
  }

  test('gives every character the form that the server gives it', async () => {
    const characters = Array.from({ length: 0xffff }, (_, code) => code + 1)
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCharCode(code))
    /** Short enough for an index. */
    const skus = Array.from({ length: Math.ceil(characters.length / 500) }, (_, part) =>
      characters.slice(part * 500, (part + 1) * 500).join(''),
    )
    const database = await migrated(async (before) => {
      await before.query(sql("INSERT INTO eav_attribute_set VALUES (4, 'Default', true)"))
      await addProducts(before, skus)
    })
    const rows = await database.query<{ sku: string; key: string }>(
      sql('SELECT sku, sku_key AS key FROM catalog_product_entity'),
    )
    expect(rows.length).toBe(skus.length)
    expect(rows.filter(({ sku, key }) => folded(sku) !== key)).toEqual([])
    await database.query(sql('TRUNCATE catalog_product_entity CASCADE'))
  })

  test('leaves the key of an SKU to the product with the lowest id, as Magento finds it', async () => {
    const database = await migrated((before) => addProducts(before, ['Käse', 'kase', 'Kase ', 'Rest', '  ']))
    const rows = await database.query<{ sku: string; key: string | null }>(
      sql('SELECT sku, sku_key AS key FROM catalog_product_entity ORDER BY entity_id'),
    )
    expect(rows).toEqual([
      { sku: 'Käse', key: 'kase' },
      { sku: 'kase', key: null },
      { sku: 'Kase ', key: null },
      { sku: 'Rest', key: 'rest' },
      { sku: '  ', key: null },
    ])
  })

  test('leaves a user name to whom it found before, or else to the first, and disables the others', async () => {
    const database = await migrated(async (before) => {
      for (const name of ['Zoë', 'zoe', 'Ann ', 'Änn', 'Bob'])
        await before.query(
          sql(`
            WITH added AS (
              INSERT INTO api_user (username, username_key, api_key_hash) VALUES ($1, lower($1), '') RETURNING user_id)
            INSERT INTO api_session SELECT sha256($1::bytea), user_id, now() FROM added`),
          [name],
        )
    })
    const rows = await database.query<{ username: string; key: string; active: boolean; sessions: number }>(
      sql(`
        SELECT username, username_key AS key, is_active AS active,
               (SELECT count(*)::int FROM api_session WHERE api_session.user_id = api_user.user_id) AS sessions
          FROM api_user ORDER BY user_id`),
    )
    const unreachable = expect.stringMatching(/ $/)
    expect(rows).toEqual([
      { username: 'Zoë', key: unreachable, active: false, sessions: 0 },
      { username: 'zoe', key: 'zoe', active: true, sessions: 1 },
      { username: 'Ann ', key: 'ann', active: true, sessions: 1 },
      { username: 'Änn', key: unreachable, active: false, sessions: 0 },
      { username: 'Bob', key: 'bob', active: true, sessions: 1 },
    ])
  })

  test('gives the entries of the audit the keys that they are found by', async () => {
    const database = await migrated(async (before) => {
      await before.query(
        sql(`
          INSERT INTO media_audit (changed_at, action, product_id, sku, sku_key, store_id, store_code, image_id, path,
                 username, author_key, protocol, client_address)
          VALUES (now(), 'create', 1, 'Käse ', 'käse ', 0, 'admin', 1, '/k/a/kase.gif', 'Zoë', 'zoë', 'soap_v1', '')`),
      )
    })
    const row = onlyRow(
      await database.query(sql('SELECT sku, sku_key, username, author_key FROM media_audit')),
    )
    expect(row).toEqual({ sku: 'Käse ', sku_key: 'kase', username: 'Zoë', author_key: 'zoe' })
  })

  test('can be undone with products that have no key', async () => {
    const { database, connection } = opened()
    await database.query(
      sql('INSERT INTO catalog_product_entity (sku, attribute_set_id) VALUES (NULL, 4), (NULL, 4)'),
    )
    await withMigrator(connection, async (migrator) => {
      await migrator.undo(MIGRATION)
      await migrator.apply(MIGRATION)
    })
    const without = sql("SELECT FROM catalog_product_entity WHERE sku = 'without SKU'")
    expect(await database.query(without)).toHaveLength(2)
  })
})

/** As a server of the version before does, which looks for SKUs in lower case. */
async function addProducts(database: Database, skus: readonly string[]): Promise<void> {
  await database.query(sql('TRUNCATE catalog_product_entity CASCADE'))
  await database.query(
    sql(`
      INSERT INTO catalog_product_entity (sku, sku_key, attribute_set_id)
      SELECT sku, key, 4 FROM unnest($1::text[], $2::text[]) AS given (sku, key)`),
    [skus, skus.map((sku) => sku.toLowerCase())],
  )
}
