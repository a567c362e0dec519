import { isServedPath, isStorageKey, storageKey } from '../../src/catalog/fileName'
import { findImage, type Gallery } from '../../src/catalog/gallery'
import { type Failures, GalleryChanges } from '../../src/catalog/galleryChanges'
import { MAGENTO_1 } from '../../src/catalog/imageRules'
import { fault } from '../../src/catalog/rpc/faults'
import { DecodingProbe } from '../../src/images/decoding/decodingProbe'
import { ImageDecoder } from '../../src/images/decoding/imageDecoder'
import { MemoryImages } from '../../src/images/memoryImages'
import { auditEntries } from '../../src/store/galleries/auditRows'
import { PostgresGalleries } from '../../src/store/galleries/galleries'
import { PostgresMediaFiles } from '../../src/store/galleries/mediaFiles'
import { PostgresStoredRows } from '../../src/store/galleries/storedRows'
import { AUTHOR, newProduct, seedCatalog, writtenFile } from '../support/catalog'
import { describeOnEachDatabase, sql } from '../support/databases'
import { picture } from '../support/pictures'

const UNCHANGED = { label: null, position: null, exclude: null }
const FAILURES: Failures = {
  refused: (reason) => fault('not_updated', reason),
  missing: () => fault('not_exists'),
  notStored: () => fault('not_updated'),
}

describeOnEachDatabase('an imported gallery', (opened) => {
  let galleries: PostgresGalleries
  let changes: GalleryChanges

  beforeAll(async () => {
    const { database } = opened()
    await seedCatalog(database)
    galleries = new PostgresGalleries(database)
    let marks = 0
    changes = new GalleryChanges({
      galleries,
      images: new MemoryImages(),
      imageProbe: new DecodingProbe(
        new ImageDecoder({ maxPixels: 1_000_000, concurrency: 2, timeoutSeconds: 20 }),
        MAGENTO_1.formats,
      ),
      reusesSameImage: false,
      uniqueMark: () => `mark${++marks}`,
      onReplaced: async () => {},
    })
  })

  async function insertFile(path: string): Promise<void> {
    const { storageKey: key, sha256 } = writtenFile()
    await opened().database.query(
      sql(`INSERT INTO media_file (path, storage_key, format, width, height, size, sha256)
           VALUES ($1, $2, 'gif', 1, 1, 43, $3)`),
      [path, key, sha256],
    )
  }

  async function insertAbsent(path: string, absence: 'missing' | 'unsafe'): Promise<void> {
    await opened().database.query(sql('INSERT INTO media_file (path, absence) VALUES ($1, $2)'), [
      path,
      absence,
    ])
  }

  async function insertImage(productId: number, path: string | null): Promise<number> {
    const [row] = await opened().database.query<{ id: number }>(
      sql(`INSERT INTO catalog_product_entity_media_gallery (entity_id, value) VALUES ($1, $2)
           RETURNING value_id AS id`),
      [productId, path],
    )
    return row?.id ?? 0
  }

  async function viewOf(id: number, storeId = 0): Promise<Gallery> {
    const found = await galleries.view({ id }, storeId)
    if (!found) throw new Error(`there is no product ${id}`)
    return found.gallery
  }

  const scopeOf = (productId: number) => ({ productId, storeId: 0, author: AUTHOR })

  test('lists a row without a file, without values, and with absent values, which a write then fills', async () => {
    const product = await newProduct(opened().database)
    const bare = await insertImage(product, null)
    await insertFile('/o/p/open.gif')
    const open = await insertImage(product, '/o/p/open.gif')
    await opened().database.query(
      sql(
        'INSERT INTO catalog_product_entity_media_gallery_value (value_id, store_id, label) VALUES ($1, 0, $2)',
      ),
      [open, ''],
    )
    expect((await viewOf(product)).images).toEqual([
      { id: bare, file: null, label: null, position: null, exclude: null },
      { id: open, file: '/o/p/open.gif', label: '', position: null, exclude: null },
    ])
    await changes.update(
      scopeOf(product),
      { id: open, file: '/o/p/open.gif' },
      null,
      UNCHANGED,
      null,
      FAILURES,
    )
    expect((await viewOf(product)).images[0]).toMatchObject({ id: bare, position: 0, exclude: 0 })
  })

  test('has the image without a file under the empty name, as in PHP', async () => {
    const product = await newProduct(opened().database)
    const bare = await insertImage(product, null)
    const gallery = await viewOf(product)
    expect([findImage(gallery, ''), findImage(gallery, null)].map((image) => image?.id)).toEqual([bare, bare])
  })

  test('shares a file with others: new bytes change all, and the audit has an entry for each', async () => {
    const { database } = opened()
    await insertFile('/s/h/shared.gif')
    const [one, other] = [await newProduct(database), await newProduct(database)]
    const image = { id: await insertImage(one, '/s/h/shared.gif'), file: '/s/h/shared.gif' }
    const shared = await insertImage(other, '/s/h/shared.gif')
    await changes.update(scopeOf(one), image, await picture('gif', 1), UNCHANGED, null, FAILURES)
    const entries: { imageId: number; productId: number; storageKey: string | null }[] = []
    for await (const page of auditEntries(database, { sku: null, author: null, since: null, until: null }))
      entries.push(...page.filter(({ path }) => path === '/s/h/shared.gif'))
    const file = await new PostgresMediaFiles(database).find('/s/h/shared.gif')
    expect(entries.map(({ imageId, productId, storageKey: key }) => [imageId, productId, key])).toEqual(
      expect.arrayContaining([
        [image.id, one, file?.storageKey],
        [shared, other, file?.storageKey],
      ]),
    )
  })

  test('keeps a shared file in use when one of its images is removed', async () => {
    const { database } = opened()
    await insertFile('/k/e/kept.gif')
    const [one, other] = [await newProduct(database), await newProduct(database)]
    await insertImage(one, '/k/e/kept.gif')
    await insertImage(other, '/k/e/kept.gif')
    const removedAt = async () =>
      (
        await database.query<{ at: Date | null }>(
          sql("SELECT removed_at AS at FROM media_file WHERE path = '/k/e/kept.gif'"),
        )
      )[0]?.at
    const remove = (product: number) =>
      changes.remove(scopeOf(product), (gallery) => findImage(gallery, '/k/e/kept.gif'), FAILURES)
    await remove(one)
    expect(await removedAt()).toBeNull()
    await remove(other)
    expect(await removedAt()).toBeInstanceOf(Date)
  })

  test('has a missing file healed by an update with bytes', async () => {
    const { database } = opened()
    await insertAbsent('/m/i/missing.gif', 'missing')
    const product = await newProduct(database)
    const image = { id: await insertImage(product, '/m/i/missing.gif'), file: '/m/i/missing.gif' }
    const files = new PostgresMediaFiles(database)
    expect(await files.find(image.file)).toBeNull()
    const { missing } = await new PostgresStoredRows(database).absent()
    await changes.update(scopeOf(product), image, await picture('gif', 2), UNCHANGED, null, FAILURES)
    expect(await files.find(image.file)).toMatchObject({ format: 'gif' })
    expect((await new PostgresStoredRows(database).absent()).missing).toBe(missing - 1)
  })

  test('refuses bytes for a path that nothing can be served under, and for none', async () => {
    const { database } = opened()
    const product = await newProduct(database)
    for (const file of ['/../../etc/passwd', null]) {
      if (file !== null) await insertAbsent(file, 'unsafe')
      const image = { id: await insertImage(product, file), file }
      await expect(
        changes.update(scopeOf(product), image, await picture('gif', 3), UNCHANGED, null, FAILURES),
      ).rejects.toEqual(fault('not_updated', 'Cannot create image.'))
      await changes.update(scopeOf(product), image, null, { ...UNCHANGED, label: 'x' }, null, FAILURES)
    }
    expect((await viewOf(product)).images.map(({ label }) => label)).toEqual(['x', 'x'])
  })

  test('is served under the URL of a path without a slash, or with two, at its beginning', async () => {
    const { database } = opened()
    const files = new PostgresMediaFiles(database)
    for (const path of ['n/o/none.gif', '//t/w/two.gif']) await insertFile(path)
    expect([await files.find('/n/o/none.gif'), await files.find('/t/w/two.gif')]).toEqual([
      expect.objectContaining({ format: 'gif' }),
      expect.objectContaining({ format: 'gif' }),
    ])
  })

  test('leaves the next name to a new image, after thousands of one name', async () => {
    const { database } = opened()
    await database.query(
      sql(`INSERT INTO media_file (path, absence)
           SELECT '/l/o/lot' || CASE n WHEN 0 THEN '' ELSE '_' || n END || '.gif', 'missing' FROM generate_series(0, 2500) n`),
    )
    const product = await newProduct(database)
    const bytes = await picture('gif', 4)
    const added = await changes.add(
      scopeOf(product),
      { name: 'lot', extension: 'gif', bytes },
      UNCHANGED,
      [],
      FAILURES,
    )
    expect(added.file).toBe('/l/o/lot_2501.gif')
  })
})

test.each([
  '/../../etc/passwd',
  'http://cdn.example.com/x.jpg',
  '\\b\\a\\back.jpg',
  '',
  '/a/b/c\0.jpg',
  '..',
])('nothing is served under %j', (path) => {
  expect(isServedPath(path)).toBe(false)
})

test.each([
  '/u/m/ümläut.jpg',
  '/n/e/noext',
  'n/o/noslash.jpg',
  '//d/o/double.jpg',
  '/U/P/UPPER.JPG',
  '/import/2012/03/deep.jpg',
  '/s/p/with space.jpg.tmp',
  `/l/o/${'ö'.repeat(300)}.jpg`,
  '/a..b/c...d.jpg',
])('the bytes of %j are served, and stored under a key of the usual form', (path) => {
  expect(isServedPath(path)).toBe(true)
  expect(storageKey(path, 'k3')).toMatch(/~k3\.[a-z]+$/)
  expect(isStorageKey(storageKey(path, 'k3'))).toBe(true)
})
