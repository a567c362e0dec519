import { randomBytes } from 'node:crypto'
import type { ImageChanges } from '../../src/catalog/gallery'
import { GalleryChanges } from '../../src/catalog/galleryChanges'
import { MAGENTO_1 } from '../../src/catalog/imageRules'
import type { Author } from '../../src/contract/author'
import { Fault } from '../../src/contract/fault'
import { DecodingProbe } from '../../src/images/decoding/decodingProbe'
import { ImageDecoder } from '../../src/images/decoding/imageDecoder'
import { MemoryImages } from '../../src/images/memoryImages'
import {
  type AuditFilter,
  auditEntries,
  countOlderEntries,
  dropOlderEntries,
  type StoredAuditEntry,
} from '../../src/store/galleries/auditRows'
import { PostgresGalleries } from '../../src/store/galleries/galleries'
import { AUTHOR, newProduct, seedCatalog } from '../support/catalog'
import { describeOnEachDatabase, sql } from '../support/databases'
import { picture } from '../support/pictures'

const ANY: AuditFilter = { sku: null, author: null, since: null, until: null }
const UNCHANGED: ImageChanges = { label: null, position: null, exclude: null }

const FAILURES = {
  refused: (reason: string) => new Fault('refused', 104, reason),
  missing: () => new Fault('missing', 103, 'gone'),
  notStored: () => new Fault('not_stored', 104, 'no room'),
}

describeOnEachDatabase('the audit of images', (opened) => {
  let changes: GalleryChanges
  let images: MemoryImages
  let bytes: Buffer

  beforeAll(async () => {
    await seedCatalog(opened().database)
    bytes = await picture('png', 1)
    images = new MemoryImages()
    changes = new GalleryChanges({
      galleries: new PostgresGalleries(opened().database),
      images,
      imageProbe: new DecodingProbe(
        new ImageDecoder({ maxPixels: 1_000_000, concurrency: 2, timeoutSeconds: 20 }),
        MAGENTO_1.formats,
      ),
      reusesSameImage: false,
      uniqueMark: () => randomBytes(8).toString('hex'),
      onReplaced: async () => {},
    })
  })

  beforeEach(async () => {
    await opened().database.query(sql('TRUNCATE media_audit'))
  })

  test('is kept of a product without an SKU, too', async () => {
    await opened().database.query(
      sql('INSERT INTO catalog_product_entity (entity_id, attribute_set_id) VALUES (70, 4)'),
    )
    await add({}, [], scope(70))
    const pages: StoredAuditEntry[] = []
    for await (const page of auditEntries(opened().database, ANY)) pages.push(...page)
    expect(pages).toMatchObject([{ productId: 70, sku: null }])
  })

  const scope = (productId = 7, storeId = 0, author = AUTHOR) => ({ productId, storeId, author })

  const add = (given: Partial<ImageChanges> = {}, types: readonly string[] = [], to = scope()) =>
    changes.add(to, { name: 'seen', extension: 'png', bytes }, { ...UNCHANGED, ...given }, types, FAILURES)

  const by = (author: Partial<Author>): Author => ({ ...AUTHOR, ...author })

  async function entries(filter: Partial<AuditFilter> = {}): Promise<readonly StoredAuditEntry[]> {
    const all: StoredAuditEntry[] = []
    for await (const page of auditEntries(opened().database, { ...ANY, ...filter })) all.push(...page)
    return all
  }

  async function onlyEntry(): Promise<StoredAuditEntry> {
    const [entry, ...others] = await entries()
    if (!entry || others.length > 0) throw new Error('not one entry')
    return entry
  }

  test('tells of a new image who added it, from where, by what, where, and all its values', async () => {
    const author = by({ user: 'Anna', protocol: 'xmlrpc', clientAddress: '192.0.2.7' })
    const { id, file } = await add(
      { label: 'Vorne', exclude: 0 },
      ['image', 'nosuch', 'thumbnail'],
      scope(7, 2, author),
    )
    const entry = await onlyEntry()
    expect(entry).toEqual({
      id: expect.any(Number),
      time: expect.any(Date),
      action: 'create',
      productId: 7,
      sku: 'Camera',
      storeId: 2,
      storeCode: 'german',
      imageId: id,
      path: file,
      user: 'Anna',
      consumer: null,
      token: null,
      protocol: 'xmlrpc',
      clientAddress: '192.0.2.7',
      label: 'Vorne',
      position: expect.any(Number),
      exclude: 0,
      types: ['image', 'thumbnail'],
      storageKey: expect.stringMatching(/^\/s\/e\/seen(_\d+)?~/),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      replacedKey: null,
    })
    expect(await images.open(entry.storageKey ?? '')).not.toBeNull()
  })

  test('tells of an update what was given, as it is now, and nothing else', async () => {
    const image = await add()
    await opened().database.query(sql('TRUNCATE media_audit'))
    await changes.update(scope(), image, null, { ...UNCHANGED, position: 2 ** 40 }, null, FAILURES)
    expect(await onlyEntry()).toMatchObject({
      action: 'update',
      imageId: image.id,
      label: null,
      position: 4294967295,
      exclude: null,
      types: null,
      storageKey: null,
      sha256: null,
      replacedKey: null,
    })
  })

  test('tells of an update the types that the image has now, be they none', async () => {
    const image = await add({}, ['image', 'thumbnail'])
    await changes.update(scope(), image, null, UNCHANGED, ['small_image'], FAILURES)
    await changes.update(scope(), image, null, { ...UNCHANGED, label: '' }, [], FAILURES)
    expect(await entries()).toMatchObject([
      { types: [], label: '' },
      { types: ['small_image'], label: null },
      { types: ['image', 'thumbnail'] },
    ])
  })

  test('tells of replaced bytes where the old ones and the new ones are', async () => {
    const image = await add()
    const [created] = await entries()
    await changes.update(scope(), image, await picture('png', 2), UNCHANGED, null, FAILURES)
    const [updated] = await entries()
    expect(updated?.replacedKey).toBe(created?.storageKey)
    expect(updated?.sha256).not.toBe(created?.sha256)
    expect(await images.open(updated?.storageKey ?? '')).not.toBeNull()
  })

  test('tells of a removed image', async () => {
    const image = await add()
    await changes.remove(
      scope(),
      (gallery) => gallery.images.find(({ id }) => id === image.id) ?? null,
      FAILURES,
    )
    expect((await entries())[0]).toMatchObject({ action: 'remove', path: image.file, types: null })
  })

  test('tells of a removal that leaves the image, for a type shows it elsewhere, that its types are cleared here', async () => {
    const image = await add({}, ['image'])
    await changes.remove(
      scope(7, 2),
      (gallery) => gallery.images.find(({ id }) => id === image.id) ?? null,
      FAILURES,
    )
    expect((await entries())[0]).toMatchObject({ action: 'update', storeCode: 'german', types: [] })
  })

  test('tells of a signed change its consumer, its token, and the operator behind it', async () => {
    const signed = { consumer: 'Importer', token: 't'.repeat(32), protocol: 'rest' }
    await add({}, [], scope(7, 0, by({ ...signed, user: null })))
    await add({}, [], scope(7, 0, by({ ...signed, user: 'Anna' })))
    expect(await entries()).toMatchObject([
      { ...signed, user: 'Anna' },
      { ...signed, user: null },
    ])
  })

  test.each([
    [
      'bytes that are no image',
      () =>
        changes.add(
          scope(),
          { name: 'x', extension: 'png', bytes: Buffer.from('no') },
          UNCHANGED,
          [],
          FAILURES,
        ),
    ],
    [
      'an image that is not there',
      () => changes.update(scope(), { id: 0, file: '/n/o/no.png' }, null, UNCHANGED, null, FAILURES),
    ],
    ['nothing to remove', () => changes.remove(scope(), () => null, FAILURES)],
    ['a product that is not there', () => add({}, [], scope(999_999))],
    ['a store view that is not there', () => add({}, [], scope(7, 77))],
  ])('tells nothing of a change that was refused: %s', async (_what, change) => {
    await expect(change()).rejects.toThrow()
    expect(await entries()).toEqual([])
  })

  test('undoes a change that cannot be recorded', async () => {
    const before = await new PostgresGalleries(opened().database).view({ id: 7 }, 0)
    await opened().database.query(sql('ALTER TABLE media_audit RENAME TO media_audit_away'))
    try {
      await expect(add()).rejects.toThrow('media_audit')
    } finally {
      await opened().database.query(sql('ALTER TABLE media_audit_away RENAME TO media_audit'))
    }
    expect(await new PostgresGalleries(opened().database).view({ id: 7 }, 0)).toEqual(before)
  })

  test('tells of two updates at once both, the one that is seen last', async () => {
    const image = await add()
    const labels = ['first', 'second', 'third', 'fourth']
    await Promise.all(
      labels.map((label) => changes.update(scope(), image, null, { ...UNCHANGED, label }, null, FAILURES)),
    )
    const updates = (await entries()).filter(({ action }) => action === 'update')
    expect(updates.map(({ label }) => label).sort()).toEqual([...labels].sort())
    const found = await new PostgresGalleries(opened().database).view({ id: 7 }, 0)
    const shown = found?.gallery.images.find(({ id }) => id === image.id)
    const latest = updates.reduce((last, each) => (each.id > last.id ? each : last))
    expect(shown?.label).toBe(latest.label)
  })

  test('outlasts product, image, user and consumer', async () => {
    const { database } = opened()
    const productId = await newProduct(database)
    await add({}, [], scope(productId, 0, by({ user: 'Gone', consumer: 'Gone too' })))
    const before = await entries()
    await database.query(sql('DELETE FROM catalog_product_entity WHERE entity_id = $1'), [productId])
    expect(await entries()).toEqual(before)
  })

  test('keeps a label as it is, however odd', async () => {
    const label = ' <&> \\ " \u001b[31m \u202e ä€😀\n'
    await add({ label })
    expect((await onlyEntry()).label).toBe(label)
  })

  describe('finds changes', () => {
    beforeEach(async () => {
      await add({}, [], scope(7, 0, by({ user: 'Anna' })))
      await add({}, [], scope(8, 0, by({ user: 'Bert' })))
      await add({}, [], scope(8, 0, by({ user: null, consumer: 'Importer' })))
      await add({}, [], scope(7, 0, by({ user: 'anna', consumer: 'Importer' })))
    })

    test('the latest first', async () => {
      const ids = (await entries()).map(({ id }) => id)
      expect(ids).toEqual([...ids].sort((a, b) => b - a))
      expect(ids).toHaveLength(4)
    })

    test.each<[Partial<AuditFilter>, number]>([
      [{ sku: 'camera' }, 2],
      [{ sku: 'ÖLKANNE' }, 2],
      [{ sku: 'Camer' }, 0],
      [{ author: 'ANNA' }, 2],
      [{ author: 'importer' }, 1],
      [{ author: 'Bert', sku: 'Camera' }, 0],
      [{ author: 'Bert', sku: 'ölkanne' }, 1],
      [{ author: '' }, 0],
      [{ author: "'; --" }, 0],
    ])('by SKU and author, in any case: %j', async (filter, count) => {
      expect(await entries(filter)).toHaveLength(count)
    })

    test('from a time on, and before one', async () => {
      const [last] = await entries()
      if (!last) throw new Error('nothing')
      await opened().database.query(sql('UPDATE media_audit SET changed_at = $2 WHERE change_id = $1'), [
        last.id,
        new Date('2026-01-02T03:04:05.678Z'),
      ])
      const time = new Date('2026-01-02T03:04:05.678Z')
      expect(await entries({ until: time })).toEqual([])
      expect(await entries({ until: new Date(time.getTime() + 1) })).toHaveLength(1)
      expect(await entries({ since: time })).toHaveLength(4)
      expect(await entries({ since: new Date(time.getTime() + 1) })).toHaveLength(3)
    })

    test('of any number, page by page', async () => {
      const [sample] = await entries()
      // All at one time, so that only their ids tell them apart.
      await opened().database.query(
        sql(`
          INSERT INTO media_audit (changed_at, action, product_id, sku, sku_key, store_id, store_code, image_id,
                 path, author_key, protocol, client_address)
          SELECT $1, 'update', 1, 'Many', 'many', 0, 'admin', 1, '/m/a/many.png', 'anna', 'soap_v1', '::1'
            FROM generate_series(1, 2500)`),
        [sample?.time],
      )
      const found = await entries({ sku: 'many' })
      expect(new Set(found.map(({ id }) => id)).size).toBe(2500)
      expect(await entries({ author: 'Anna' })).toHaveLength(2502)
    })
  })

  test('drops what is older than a time, and nothing else', async () => {
    const { database } = opened()
    await add()
    await add()
    const [, first] = await entries()
    await database.query(sql("UPDATE media_audit SET changed_at = '2020-01-01' WHERE change_id = $1"), [
      first?.id,
    ])
    const time = new Date('2021-01-01')
    expect(await countOlderEntries(database, time)).toBe(1)
    expect(await entries()).toHaveLength(2)
    expect(await dropOlderEntries(database, time)).toBe(1)
    expect(await dropOlderEntries(database, time)).toBe(0)
    expect(await entries()).toHaveLength(1)
  })
})
