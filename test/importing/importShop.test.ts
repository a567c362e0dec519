import { createHash } from 'node:crypto'
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { typesOf } from '../../src/catalog/gallery'
import type { StoredFile } from '../../src/catalog/ports'
import { MemoryImages } from '../../src/images/memoryImages'
import { type ImportOptions, importShop } from '../../src/importing/importShop'
import { MediaDirectory } from '../../src/importing/media/mediaDirectory'
import type { ImportReport } from '../../src/importing/report'
import { isWanted } from '../../src/importing/shopTables'
import { DumpSource } from '../../src/magento/dump/dumpSource'
import { keyKindsOf } from '../../src/store/access/accountRows'
import { PostgresAccounts } from '../../src/store/access/accounts'
import { PostgresImageRights } from '../../src/store/access/imageRights'
import { PostgresOAuth } from '../../src/store/access/oauth'
import { tablesOf } from '../../src/store/database/tables'
import { auditEntries } from '../../src/store/galleries/auditRows'
import { PostgresGalleries } from '../../src/store/galleries/galleries'
import { PostgresMediaFiles } from '../../src/store/galleries/mediaFiles'
import { PostgresImportStore } from '../../src/store/importing/importStore'
import { PostgresStoreViews } from '../../src/store/shop/storeViews'
import { describeOnEachDatabase, sql } from '../support/databases'
import {
  CONSUMER_KEY,
  type DumpForm,
  dumpOf,
  type MadeTables,
  madeShop,
  madeToken,
  OLD_KEY,
} from '../support/magentoShop'
import { picture } from '../support/pictures'
import { secretBox } from '../support/secrets'
import { temporaryDirectory } from '../support/server'

const HASH = `${createHash('md5').update(`ab${OLD_KEY}`).digest('hex')}:ab`
const SHOP = madeShop(HASH)
const OPTIONS: ImportOptions = {
  shop: { prefix: null, database: null },
  conflicts: 'keep',
  deletes: false,
  isDryRun: false,
}
const NO_PROGRESS = { onRows: () => {}, onMedia: () => {}, onPath: () => {}, onMove: () => {} }

/** The made shop with other rows in one of its tables. */
function changed(table: string, rows: MadeTables[string]): MadeTables {
  return { ...SHOP, [table]: rows }
}

describeOnEachDatabase('an import of a Magento shop', (opened) => {
  let images: MemoryImages
  let media: string
  let remove: () => Promise<void>
  let marks = 0

  beforeAll(async () => {
    const temporary = await temporaryDirectory()
    remove = temporary.remove
    media = temporary.directory
    const gif = await picture('gif', 1)
    for (const [file, bytes] of [
      ['s/h/shared.gif', gif],
      [`u/m/ümläut '".GIF`, Buffer.from('no image')],
      ['n/o/nobody.gif', gif],
      ['cache/1/x.gif', gif],
    ] as const) {
      const target = path.join(media, 'catalog/product', file)
      await mkdir(path.dirname(target), { recursive: true })
      await writeFile(target, bytes)
    }
  })

  afterAll(() => remove())

  beforeEach(async () => {
    images = new MemoryImages()
    const { database } = opened()
    const names = (await tablesOf(database)).map(({ name }) => name)
    await database.query(sql(`TRUNCATE ${names.join(', ')} RESTART IDENTITY CASCADE`))
    await database.query(sql("INSERT INTO core_website (website_id, code) VALUES (0, 'admin')"))
    await database.query(sql("INSERT INTO core_store (store_id, code, website_id) VALUES (0, 'admin', 0)"))
  })

  async function imported(
    tables: MadeTables = SHOP,
    options: Partial<ImportOptions> = {},
    form: DumpForm = {},
  ): Promise<ImportReport> {
    const dump = Readable.from([Buffer.from(dumpOf(tables, form))])
    return importShop(
      new DumpSource(dump, (table) => isWanted(table, options.shop?.prefix ?? null)),
      await MediaDirectory.in(media),
      { ...OPTIONS, ...options },
      {
        store: new PostgresImportStore(opened().database, secretBox),
        images,
        uniqueMark: () => `mark${++marks}`,
        progress: NO_PROGRESS,
      },
    )
  }

  async function listed(id: number, storeId = 0) {
    const found = await new PostgresGalleries(opened().database).view({ id }, storeId)
    if (!found) return null
    const { gallery } = found
    return gallery.images.map(({ id: _, ...image }) => ({ ...image, types: typesOf(gallery, _) }))
  }

  const LABEL = 'It\'s a "label"\n\\ \uFFFD ü'

  const inDefaultScope = [
    { file: '/../../etc/passwd', label: null, position: null, exclude: null, types: [] },
    { file: '/m/i/missing.jpg', label: null, position: 1, exclude: 0, types: [] },
    { file: '/s/h/shared.gif', label: LABEL, position: 3, exclude: 0, types: ['image'] },
  ]

  test('lists each gallery in each store view as Magento did', async () => {
    await imported()
    expect(await listed(10)).toEqual(inDefaultScope)
    expect(await listed(10, 2)).toEqual(inDefaultScope)
    expect(await listed(10, 5)).toEqual([
      { file: '/m/i/missing.jpg', label: null, position: 1, exclude: 0, types: ['small_image'] },
      { file: '/s/h/shared.gif', label: '', position: 3, exclude: 1, types: [] },
      { file: '/../../etc/passwd', label: 'nur hier', position: 7, exclude: 0, types: [] },
    ])
    expect(await listed(12)).toEqual([
      {
        file: null,
        label: null,
        position: null,
        exclude: null,
        types: ['back_image', 'image', 'small_image'],
      },
    ])
  })

  test.each<[what: string, form: DumpForm]>([
    ['with a prefix of its tables', { prefix: 'mage_' }],
    ['with an INSERT for each row', { isSingle: true }],
    ['with the names of columns, and no definitions', { isComplete: true, isSingle: true }],
    ['with hexadecimal texts', { isHex: true }],
    ['without a first and a last line', { isOfProgram: false }],
  ])('reads a dump %s', async (_what, form) => {
    await imported(SHOP, {}, form)
    expect(await listed(10)).toEqual(inDefaultScope)
  })

  test('keeps ids, sets, types with their scopes, store views and the default one', async () => {
    const { database } = opened()
    await imported()
    const galleries = new PostgresGalleries(database)
    expect(await galleries.mediaAttributes(4)).toEqual([
      { code: 'back_image', scope: 'website' },
      { code: 'image', scope: 'store' },
      { code: 'small_image', scope: 'store' },
    ])
    expect(await galleries.product({ id: 13 })).toEqual({ id: 13, hasGallery: false })
    expect(await galleries.product({ id: 15 })).toEqual({ id: 15, hasGallery: false })
    expect(await galleries.product({ sku: 'kamera' })).toMatchObject({ id: 10 })
    expect(await galleries.product({ id: 11 })).toMatchObject({ id: 11 })
    const views = new PostgresStoreViews(database)
    expect([await views.byCode('german'), await views.defaultView()]).toEqual([5, 5])
    const seen = [await galleries.isSeenByGuests(10, 5), await galleries.isSeenByGuests(14, 5)]
    expect(seen).toEqual([true, false])
  })

  test('stores each file that galleries name, and tells what each of the others is', async () => {
    const { rows, media: stored, oddities } = await imported()
    expect(rows.files).toEqual({ stored: 2, missing: 1, unsafe: 1 })
    expect(stored).toMatchObject({ copied: 2, unnamed: 1 })
    const files = new PostgresMediaFiles(opened().database)
    expect(await files.find('/s/h/shared.gif')).toMatchObject({ format: 'gif' })
    expect(await files.find(`/u/m/ümläut '".GIF`)).toMatchObject({ format: 'other' })
    expect(await files.find('/m/i/missing.jpg')).toBeNull()
    expect(Object.fromEntries(oddities.map(({ kind, examples }) => [kind, examples]))).toMatchObject({
      image_without_product: ['7'],
      image_of_other_attribute: ['9'],
      same_file_twice: ['6'],
      values_without_image: ['77'],
      values_of_unknown_store_view: ['1 (9)'],
      type_outside_gallery: ['10'],
      file_missing: ['/m/i/missing.jpg'],
      path_unsafe: ['/../../etc/passwd'],
      file_no_image: [`/u/m/ümläut '".GIF`],
      file_shared: ['/s/h/shared.gif'],
      product_without_sku: ['12'],
      sku_of_another: ['11'],
      attribute_set_gone: ['13'],
      user_inactive: ['retired'],
      user_without_role: ['norole'],
      admin_without_rest_role: ['gone', 'nobody'],
      token_refused: [madeToken('c').key, madeToken('d').key],
    })
  })

  test('lets users log in with their old keys, which become new hashes', async () => {
    const { database } = opened()
    await imported()
    const accounts = new PostgresAccounts(database)
    expect((await keyKindsOf(database)).get('erp')).toBe('md5')
    expect(await accounts.check('ERP', OLD_KEY)).toHaveProperty('userId')
    expect(await accounts.check('erp', `${OLD_KEY} `)).toMatchObject({ denial: 'wrong key' })
    for (const name of ['retired', 'norole'])
      expect(await accounts.check(name, OLD_KEY)).toMatchObject({ denial: 'inactive user' })
    expect((await keyKindsOf(database)).get('erp')).toBe('scrypt')
    const rules = await database.query<{ name: string; resource: string }>(
      sql(
        'SELECT role_name AS name, resource_id AS resource FROM api_role JOIN api_rule USING (role_id) ORDER BY 1, 2',
      ),
    )
    expect(rules).toEqual([
      { name: 'below reading', resource: 'catalog/product/media' },
      { name: 'below reading', resource: 'catalog/product/media/create' },
      { name: 'everything', resource: 'all' },
      { name: 'reading', resource: 'catalog/product/media' },
    ])
    const [twice] = await database.query<{ role: string }>(
      sql("SELECT role_name AS role FROM api_user JOIN api_role USING (role_id) WHERE username = 'twice'"),
    )
    expect(twice).toEqual({ role: 'reading' })
  })

  test('keeps tokens, but for those of inactive administrators and those never authorized', async () => {
    await imported()
    const store = new PostgresOAuth(opened().database, secretBox, {
      now: () => new Date(),
      timestampWindowSeconds: 600,
    })
    const found = async (letter: string) => {
      const { key, secret } = madeToken(letter)
      const { token } = await store.find({ consumerKey: CONSUMER_KEY, token: key, nonce: null })
      expect(token).toMatchObject({ kind: 'access', user: 'admin', secret })
      return token?.isRevoked
    }
    expect(await Promise.all(['a', 'b', 'c', 'd', 'e'].map(found))).toEqual([false, false, true, true, true])
  })

  test('keeps the roles of REST', async () => {
    await imported()
    const rights = new PostgresImageRights(opened().database)
    const actions = async (letter: string) => [
      ...(await rights.rightsOf('admin', madeToken(letter).key)).actions,
    ]
    expect(await Promise.all(['a', 'b', 'f'].map(actions))).toEqual([
      ['retrieve', 'create', 'update', 'remove'],
      ['retrieve'],
      [],
    ])
    const guest = await rights.rightsOf('guest', null)
    expect([[...guest.actions], [...(guest.readable ?? [])]]).toEqual([['retrieve'], ['id', 'label', 'url']])
    expect([...(await rights.rightsOf('customer', null)).actions]).toEqual([])
  })

  test('changes nothing when it is only tried, and tells the same', async () => {
    const tried = await imported(SHOP, { isDryRun: true })
    expect(await listed(10)).toBeNull()
    expect(await new PostgresMediaFiles(opened().database).find('/s/h/shared.gif')).toBeNull()
    const files: StoredFile[] = []
    for await (const file of images.list()) files.push(file)
    expect(files).toEqual([])
    const done = await imported()
    const withoutFiles = (report: ImportReport) => ({
      ...report,
      isDryRun: null,
      seconds: null,
      oddities: report.oddities.filter(({ kind }) => kind !== 'file_no_image'),
    })
    expect(withoutFiles(tried)).toEqual(withoutFiles(done))
  })

  test('takes the difference when it runs again', async () => {
    await imported()
    const again = await imported()
    expect(again.rows.products).toMatchObject({ total: 6, unchanged: 6, added: 0, changed: 0 })
    expect(again.media.copied).toBe(0)
    const renamed = SHOP.catalog_product_entity_media_gallery_value?.map((row) =>
      row.value_id === 4 ? { ...row, label: 'New' } : row,
    )
    const third = await imported(changed('catalog_product_entity_media_gallery_value', renamed ?? []))
    expect(third.rows.products).toMatchObject({ unchanged: 5, changed: 1 })
    expect((await listed(11))?.map(({ label }) => label)).toEqual(['New'])
  })

  test('takes the new bytes of a file that has changed in the old shop', async () => {
    await imported()
    const files = new PostgresMediaFiles(opened().database)
    const before = await files.find('/s/h/shared.gif')
    const file = path.join(media, 'catalog/product/s/h/shared.gif')
    const old = await picture('gif', 1)
    await writeFile(file, await picture('gif', 2))
    const { media: stored } = await imported()
    const after = await files.find('/s/h/shared.gif')
    await writeFile(file, old)
    await utimes(file, new Date(1000), new Date(1000))
    expect(stored.copied).toBe(1)
    expect(after?.sha256.equals(before?.sha256 ?? Buffer.alloc(0))).toBe(false)
  })

  test('leaves a product alone that was changed here, unless the source is preferred', async () => {
    const { database } = opened()
    await imported()
    await database.query(
      sql("UPDATE catalog_product_entity_media_gallery_value SET label = 'Here' WHERE value_id = 4"),
    )
    const there = changed(
      'catalog_product_entity_media_gallery_value',
      SHOP.catalog_product_entity_media_gallery_value?.map((row) =>
        row.value_id === 4 ? { ...row, label: 'There' } : row,
      ) ?? [],
    )
    const kept = await imported(there)
    expect(kept.rows.products).toMatchObject({ conflicts: 1, changed: 0 })
    expect(kept.oddities).toContainEqual(expect.objectContaining({ kind: 'conflict', examples: ['11'] }))
    expect((await listed(11))?.map(({ label }) => label)).toEqual(['Here'])
    await imported(there, { conflicts: 'replace' })
    expect((await listed(11))?.map(({ label }) => label)).toEqual(['There'])
  })

  test('deletes products that are gone only when told to', async () => {
    await imported()
    const less = changed(
      'catalog_product_entity',
      SHOP.catalog_product_entity?.filter(({ entity_id }) => entity_id !== 11) ?? [],
    )
    expect((await imported(less)).rows.products).toMatchObject({ gone: 1, deleted: 0 })
    expect(await listed(11)).not.toBeNull()
    expect((await imported(less, { deletes: true })).rows.products).toMatchObject({ deleted: 1 })
    expect(await listed(11)).toBeNull()
  })

  test('gives an image of the shop another id when one that was made here has it', async () => {
    const { database } = opened()
    await imported()
    await database.query(sql("INSERT INTO media_file (path, absence) VALUES ('/h/e/here.gif', 'missing')"))
    const [made] = await database.query<{ id: number }>(
      sql(
        `INSERT INTO catalog_product_entity_media_gallery (entity_id, value) VALUES (12, '/h/e/here.gif') RETURNING value_id AS id`,
      ),
    )
    const id = made?.id ?? 0
    expect(id).toBeGreaterThan(8)
    await imported(
      changed('catalog_product_entity_media_gallery', [
        ...(SHOP.catalog_product_entity_media_gallery ?? []),
        { value_id: id, attribute_id: 88, entity_id: 11, value: '/t/h/there.gif' },
      ]),
    )
    expect((await listed(11))?.map(({ file }) => file)).toEqual(expect.arrayContaining(['/t/h/there.gif']))
    expect((await listed(12))?.map(({ file }) => file)).toContain('/h/e/here.gif')
  })

  test('is in the audit, and leaves none of its own tables behind', async () => {
    const { database } = opened()
    await imported()
    const entries: { protocol: string; action: string }[] = []
    for await (const page of auditEntries(database, { sku: null, author: null, since: null, until: null }))
      entries.push(...page)
    expect(entries.map(({ protocol, action }) => `${protocol} ${action}`)).toEqual(
      Array(6).fill('import create'),
    )
    const left = await database.query(sql("SELECT relname FROM pg_class WHERE relname LIKE 'importing\\_%'"))
    expect(left).toEqual([])
  })

  test.each<[what: string, tables: MadeTables, options: Partial<ImportOptions>, message: RegExp]>([
    ['of Magento 2', { store_website: [{ website_id: 1 }] }, {}, /Magento 2/],
    [
      'of another program',
      { wp_posts: [{ id: 1 }] },
      {},
      /no shop of Magento 1: it has no table core_website/,
    ],
    ['whose prefix does not exist', SHOP, { shop: { prefix: 'x_', database: null } }, /begin with ""/],
  ])('refuses a dump %s', async (_what, tables, options, message) => {
    await expect(imported(tables, options)).rejects.toThrow(message)
  })

  test("refuses another shop's media folder, and another shop over one that was imported", async () => {
    const [directory, others] = [media, await temporaryDirectory()]
    media = others.directory
    await mkdir(path.join(media, 'catalog/product'), { recursive: true })
    await expect(imported()).rejects.toThrow(/has none of the \d+ files/)
    media = directory
    await others.remove()
    expect(await listed(10)).toBeNull()
  })
})
