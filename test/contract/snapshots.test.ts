import { tablesOf } from '../../src/store/database/tables'
import { PostgresGalleries } from '../../src/store/galleries/galleries'
import { applySeed, parseSeed, replaceBySeed } from '../../src/store/shop/seed'
import { PostgresSnapshots } from '../../src/store/shop/snapshots'
import { everything } from '../support/allRows'
import { newProduct, seedCatalog, writtenFile } from '../support/catalog'
import { describeOnEachDatabase, openEmbedded, sql } from '../support/databases'
import { BUILT_IN } from '../support/mediaAttributes'
import { secretBox } from '../support/secrets'
import { SMALL_SHOP } from '../support/seed'

describeOnEachDatabase('snapshots', (opened) => {
  let snapshots: PostgresSnapshots
  let restored = 0

  const database = () => opened().database
  const productBySku = async (sku: string) =>
    (
      await database().query<{ id: number }>(
        sql('SELECT entity_id AS id FROM catalog_product_entity WHERE sku = $1'),
        [sku],
      )
    )[0]?.id ?? 0

  /** An image with a value and a type, as a client adds it. */
  async function addImage(productId: number): Promise<number> {
    return new PostgresGalleries(database()).change(productId, async (gallery) => {
      const path = (await gallery.claim({ stem: '/t/e/test', extension: '.gif' }, writtenFile())) ?? ''
      const id = await gallery.addImage(path)
      await gallery.write(0, {
        mediaAttributes: BUILT_IN,
        images: [{ id, file: path, label: 'a "label", (quoted)', position: 1, exclude: 0 }],
        types: new Map([['image', id]]),
      })
      return id
    })
  }

  async function changeEverything(): Promise<void> {
    await newProduct(database())
    await addImage(await productBySku('Camera'))
    await database().query(sql("INSERT INTO api_session VALUES (sha256('x'), NULL, now())"))
    await applySeed(
      database(),
      parseSeed(SMALL_SHOP.replaceAll('"id":1,"sku":"Sku"', '"id":77,"sku":"Sku"')),
      secretBox,
    )
    await database().query(
      sql("UPDATE eav_attribute_set SET attribute_set_name = 'Renamed' WHERE attribute_set_id = 9"),
    )
    await database().query(sql("DELETE FROM catalog_product_entity WHERE sku = 'Voucher'"))
    await database().query(sql("INSERT INTO login_failure VALUES (sha256('x'), 3, now())"))
  }

  beforeAll(async () => {
    await seedCatalog(database())
    await addImage(await productBySku('Camera'))
    snapshots = await PostgresSnapshots.open(database(), () => restored++)
  })

  it('bring back every row and every counter, whatever was changed', async () => {
    const before = await everything(database())
    await snapshots.take('before')
    await changeEverything()
    expect(await everything(database())).not.toEqual(before)
    expect(await snapshots.restore('before')).toBe(true)
    expect(await everything(database())).toEqual(before)
  })

  it('let ids repeat', async () => {
    await snapshots.take('ids')
    const camera = await productBySku('Camera')
    const given = [await addImage(camera), await newProduct(database())]
    await snapshots.restore('ids')
    expect([await addImage(camera), await newProduct(database())]).toEqual(given)
    await snapshots.restore('ids')
  })

  it('are taken again under the same name', async () => {
    await snapshots.take('again')
    const id = await newProduct(database())
    await snapshots.take('again')
    await snapshots.restore('again')
    expect(await new PostgresGalleries(database()).product({ id })).not.toBeNull()
    await snapshots.restore('before')
  })

  it('have rows that swapped what must be unique', async () => {
    const rename = sql('UPDATE catalog_product_entity SET sku = $2, sku_key = lower($2) WHERE sku = $1')
    const [camera, lens] = [await productBySku('Camera'), await productBySku('Lens')]
    await snapshots.take('swap')
    for (const pair of [
      ['Camera', 'Other'],
      ['Lens', 'Camera'],
      ['Other', 'Lens'],
    ])
      await database().query(rename, pair)
    await snapshots.restore('swap')
    expect([await productBySku('Camera'), await productBySku('Lens')]).toEqual([camera, lens])
  })

  it('take any name for a name, and nothing of it for SQL', async () => {
    const name = `'; DROP TABLE api_user; --"\\`
    const before = await everything(database())
    await snapshots.take(name)
    await newProduct(database())
    await snapshots.restore(name)
    expect(await everything(database())).toEqual(before)
    expect(await snapshots.drop(name)).toBe(true)
  })

  it('are not there until they are taken, nor once they are dropped', async () => {
    expect([await snapshots.restore('nosuch'), await snapshots.drop('nosuch')]).toEqual([false, false])
    await snapshots.take('passing')
    expect(snapshots.list().map(({ name }) => name)).toContain('passing')
    expect(await snapshots.drop('passing')).toBe(true)
    expect(await snapshots.restore('passing')).toBe(false)
  })

  it('tell whoever remembers rows that they may have changed', async () => {
    const before = restored
    await snapshots.restore('before')
    await snapshots.restore('nosuch')
    expect(restored).toBe(before + 1)
  })

  it('have storage keys that are needed, also of files whose rows are gone', async () => {
    await snapshots.restore('before')
    const keys = await database().query<{ key: string }>(sql('SELECT storage_key AS key FROM media_file'))
    expect(keys.length).toBeGreaterThan(0)
    await replaceBySeed(database(), parseSeed(SMALL_SHOP), secretBox)
    expect([...(await snapshots.storageKeys())]).toEqual(expect.arrayContaining(keys.map(({ key }) => key)))
    await snapshots.restore('before')
  })

  it('stand in nobody’s way while calls write', async () => {
    const camera = await productBySku('Camera')
    const before = await everything(database())
    await snapshots.take('busy')
    const writers = Array.from({ length: 8 }, () => addImage(camera))
    await Promise.all([...writers, snapshots.restore('busy'), snapshots.restore('busy')])
    await snapshots.restore('busy')
    expect(await everything(database())).toEqual(before)
  })

  it('of a process that was killed are gone with the next', async () => {
    const next = await PostgresSnapshots.open(database(), () => undefined)
    expect(next.list()).toEqual([])
    expect(await next.restore('before')).toBe(false)
    await next.close()
    snapshots = await PostgresSnapshots.open(database(), () => undefined)
  })
})

describeOnEachDatabase('a seed in place of all', (opened) => {
  it('leaves what it would leave on a new database', async () => {
    const fresh = await openEmbedded()
    const { database } = opened()
    const seed = parseSeed(SMALL_SHOP)
    try {
      await applySeed(fresh.database, { ...seed, users: [] }, secretBox)
      await seedCatalog(database)
      await newProduct(database)
      await replaceBySeed(database, { ...seed, users: [] }, secretBox)
      expect(await everything(database)).toEqual(await everything(fresh.database))
    } finally {
      await fresh.close()
    }
  })

  it('changes nothing when the seed contradicts itself', async () => {
    const { database } = opened()
    const before = await everything(database)
    const bad = parseSeed(JSON.stringify({ products: [{ id: 1, sku: 'x', attributeSet: 99 }] }))
    await expect(replaceBySeed(database, bad, secretBox)).rejects.toThrow('seed file: ')
    expect(await everything(database)).toEqual(before)
  })
})

describeOnEachDatabase('the tables of a shop', (opened) => {
  it('stand behind all that they refer to, and none remembers migrations', async () => {
    const tables = await tablesOf(opened().database)
    expect(tables.length).toBeGreaterThan(15)
    tables.forEach(({ references }, index) => {
      const earlier = tables.slice(0, index).map(({ name }) => name)
      expect(earlier).toEqual(expect.arrayContaining([...references]))
    })
    expect(tables.filter(({ name }) => name.startsWith('knex'))).toEqual([])
  })
})
