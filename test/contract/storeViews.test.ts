import type { StoreViews } from '../../src/catalog/ports'
import { saveStoreViews, saveWebsites } from '../../src/store/shop/catalogRows'
import { PostgresStoreViews } from '../../src/store/shop/storeViews'
import { seedCatalog } from '../support/catalog'
import { describeOnEachDatabase } from '../support/databases'

describeOnEachDatabase('store views', (opened) => {
  let storeViews: StoreViews

  beforeAll(async () => {
    await seedCatalog(opened().database)
    storeViews = new PostgresStoreViews(opened().database)
  })

  test('are found by exactly their code', async () => {
    expect(await storeViews.byCode('german')).toBe(2)
    expect(await storeViews.byCode('secondstore')).toBe(4)
    for (const code of ['German', 'german ', 'germa', '', '2', 'german\0', '__proto__']) {
      expect(await storeViews.byCode(code)).toBeNull()
    }
  })

  test('are known by their id, the default scope among them', async () => {
    for (const id of [0, 1, 2, 3, 4]) expect(await storeViews.exists(id)).toBe(true)
    for (const id of [-1, 5, 1.5, 2 ** 31, Number.MAX_SAFE_INTEGER])
      expect(await storeViews.exists(id)).toBe(false)
  })

  test('have one that is the default: that of the default website, or else the first', async () => {
    const { database } = opened()
    expect(await storeViews.defaultView()).toBe(1)
    await saveWebsites(database, [{ id: 1, code: 'base', defaultStore: 3 }])
    expect(await storeViews.defaultView()).toBe(1)
    await saveWebsites(database, [{ id: 1, code: 'base', default: true }])
    expect(await storeViews.defaultView()).toBe(3)
    await saveWebsites(database, [{ id: 2, code: 'second', default: true }])
    expect(await storeViews.defaultView()).toBe(4)
    await saveWebsites(database, [{ id: 2, code: 'second', default: false }])
    expect(await storeViews.defaultView()).toBe(1)
  })

  test('made elsewhere are known at once', async () => {
    expect(await storeViews.byCode('italian')).toBeNull()
    expect(await storeViews.exists(11)).toBe(false)
    await saveStoreViews(opened().elsewhere(), [{ id: 11, code: 'italian', website: 1 }])
    expect(await storeViews.byCode('italian')).toBe(11)
    expect(await storeViews.exists(11)).toBe(true)
  })
})
