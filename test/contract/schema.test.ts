import { setTimeout as pause } from 'node:timers/promises'
import { migrations } from '../../migrations'
import { Database, LockNotGiven } from '../../src/store/database/database'
import { DatabaseTooNew, MIGRATION_LOCK, migrate, pendingMigrations } from '../../src/store/database/migrate'
import { withMigrator } from '../../src/store/database/migrator'
import { tablesOf } from '../../src/store/database/tables'
import { seedCatalog } from '../support/catalog'
import { describeOnEachDatabase, sql } from '../support/databases'
import { silent } from '../support/server'

type Row = Readonly<Record<string, unknown>>

const PRODUCTS = 'catalog_product_entity'
const VALUES = 'catalog_product_entity_media_gallery_value'
const TYPES = 'catalog_product_entity_media_type'
const CONSUMER = { name: '', key: 'x'.repeat(32), secret: Buffer.alloc(0), created_at: new Date(0) }

describeOnEachDatabase('migrations', (opened) => {
  beforeEach(async () => {
    await opened().database.query(sql('DROP SCHEMA public CASCADE'))
    await opened().database.query(sql('CREATE SCHEMA public'))
  })

  test('are all pending in a new database, and none once it was migrated', async () => {
    const { database, connection } = opened()
    expect(await pendingMigrations(database)).toEqual([...migrations.keys()])
    await migrate(database, connection)
    expect(await pendingMigrations(database)).toEqual([])
  })

  test('run once each, in order, when several processes start at once', async () => {
    const { database, connection, elsewhere } = opened()
    await Promise.all(
      [database, elsewhere(), elsewhere(), elsewhere()].map((each) => migrate(each, connection)),
    )
    const done = await database.query<{ name: string }>(sql('SELECT name FROM knex_migrations ORDER BY id'))
    expect(done.map(({ name }) => name)).toEqual([...migrations.keys()])
    await seedCatalog(database)
  })

  test('are undone, the last first, so that they run anew', async () => {
    const { database, connection } = opened()
    await migrate(database, connection)
    await seedCatalog(database)
    await withMigrator(connection, async (migrator) => {
      for (const name of [...(await migrator.done())].reverse()) await migrator.undo(name)
    })
    expect(await tablesOf(database)).toEqual([])
    expect(await pendingMigrations(database)).toEqual([...migrations.keys()])
    await migrate(database, connection)
    expect(await pendingMigrations(database)).toEqual([])
  })

  test('leave nothing behind when they fail on the way', async () => {
    const { database, connection } = opened()
    // The last table of the second migration is there already.
    await database.query(sql('CREATE TABLE catalog_product_website ()'))
    await expect(migrate(database, connection)).rejects.toThrow('"catalog_product_website" already exists')
    expect((await pendingMigrations(database))[0]).toBe('002_catalog')
    expect((await tablesOf(database)).map(({ name }) => name)).not.toContain('core_website')
    await database.query(sql('DROP TABLE catalog_product_website'))
    await migrate(database, connection)
    expect(await pendingMigrations(database)).toEqual([])
  })

  test('give the attribute sets that are there all built-in media attributes, and store an empty label as none', async () => {
    const { database, connection } = opened()
    await migrate(database, connection)
    await withMigrator(connection, (migrator) => migrator.undo('011_sku_collation'))
    await withMigrator(connection, (migrator) => migrator.undo('010_media_attributes'))
    await database.query(sql("INSERT INTO eav_attribute_set VALUES (4, 'Default', true), (9, 'Bare', false)"))
    await database.query(sql("INSERT INTO catalog_product_entity VALUES (1, 'Sku', 'sku', 4)"))
    await database.query(
      sql(`
      INSERT INTO media_file VALUES ('/a/b/ab.gif', 'ab', 'gif', 1, 1, 43, sha256(''), now(), now())`),
    )
    await database.query(sql("INSERT INTO catalog_product_entity_media_gallery VALUES (1, 1, '/a/b/ab.gif')"))
    await database.query(
      sql("INSERT INTO catalog_product_entity_media_gallery_value VALUES (1, 0, '', 1, 0)"),
    )
    await migrate(database, connection)
    const attributes = await database.query(
      sql(`
      SELECT attribute_set_id AS set, string_agg(attribute_code, ',' ORDER BY sort_order) AS codes
        FROM eav_entity_attribute JOIN eav_attribute USING (attribute_id) GROUP BY 1 ORDER BY 1`),
    )
    expect(attributes).toEqual([
      { set: 4, codes: 'image,small_image,thumbnail' },
      { set: 9, codes: 'image,small_image,thumbnail' },
    ])
    const labels = sql('SELECT label FROM catalog_product_entity_media_gallery_value')
    expect(await database.query(labels)).toEqual([{ label: null }])
  })

  test('do nothing to a database that has them', async () => {
    const { database, connection } = opened()
    await migrate(database, connection)
    await seedCatalog(database)
    await migrate(database, connection)
    expect(await database.query(sql('SELECT count(*)::int AS count FROM catalog_product_entity'))).toEqual([
      { count: 4 },
    ])
  })

  test('do not mind the lock that a killed process of an older version left behind', async () => {
    const { database, connection } = opened()
    await database.query(
      sql('CREATE TABLE knex_migrations_lock (index serial PRIMARY KEY, is_locked integer)'),
    )
    await database.query(sql('INSERT INTO knex_migrations_lock (is_locked) VALUES (1)'))
    await migrate(database, connection)
    expect(await pendingMigrations(database)).toEqual([])
  })

  test('wait for another process that migrates for longer than a statement may take', async () => {
    const { database, connection, elsewhere } = opened()
    const others = elsewhere()
    // The embedded database has one process alone.
    if (others === database || !('connectionString' in connection)) return
    const impatient = { connectionString: `${connection.connectionString}?statement_timeout=200` }
    const waiting = new Database({ connection: impatient, poolSize: 2, sharedSession: false }, silent)
    try {
      let migrated: Promise<void> = Promise.resolve()
      await others.exclusively(MIGRATION_LOCK, async () => {
        migrated = migrate(waiting, impatient)
        await untilOneHasWaited(database, 200)
        expect(await pendingMigrations(database)).not.toEqual([])
      })
      await migrated
      expect(await pendingMigrations(database)).toEqual([])
      await expect(waiting.query(sql('SELECT pg_sleep(2)'))).rejects.toMatchObject({ code: '57014' })
    } finally {
      await waiting.close()
    }
  })

  test('leave a database of a later version alone', async () => {
    const { database, connection } = opened()
    await migrate(database, connection)
    await database.query(sql("INSERT INTO knex_migrations (name, batch) VALUES ('999_later', 2)"))
    await expect(migrate(database, connection)).rejects.toThrow(DatabaseTooNew)
    await expect(migrate(database, connection)).rejects.toThrow(
      'a later version of Keepsake has migrated the database (999_later): start that version, or restore a backup from before the upgrade',
    )
  })

  test('leave alone what a later version has migrated while they waited for it', async () => {
    const { database, connection, elsewhere } = opened()
    const others = elsewhere()
    if (others === database) return
    let refused: Promise<unknown> = Promise.resolve()
    await others.exclusively(MIGRATION_LOCK, async () => {
      refused = migrate(database, connection).catch((thrown: unknown) => thrown)
      await untilOneHasWaited(others, 0)
      await others.query(
        sql('CREATE TABLE knex_migrations (id serial, name text, batch int, migration_time timestamptz)'),
      )
      for (const name of [...migrations.keys(), '999_later'])
        await others.query(sql('INSERT INTO knex_migrations (name, batch) VALUES ($1, 1)'), [name])
    })
    expect(await refused).toBeInstanceOf(DatabaseTooNew)
  })

  /** Each column of each table, with its type and whether a row may go without it. */
  const columns = sql(`
    SELECT table_name || '.' || column_name AS name, data_type AS type,
           is_nullable = 'YES' OR column_default IS NOT NULL AS optional
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'knex%'`)
  /**
   * What a row must keep to, but for references from it, which say nothing of rows of the version before, and for values
   * that it must have, which the columns tell.
   */
  const constraints = sql(`
    SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) AS name FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND contype <> 'n' AND conrelid::regclass::text NOT LIKE 'knex%'`)

  /** The rules that have come in the place of stricter ones: what a server of the version before writes keeps them. */
  const LOOSER = [
    "catalog_product_entity CHECK (((sku_key IS NULL) OR ((sku IS NOT NULL) AND (sku <> ''::text) AND (sku_key <> ''::text))))",
    "media_file CHECK ((format = ANY (ARRAY['jpeg'::text, 'png'::text, 'gif'::text, 'webp'::text])))",
    'catalog_product_entity CHECK (((sku_key IS NULL) OR (sku IS NOT NULL)))',
    'oauth_token FOREIGN KEY (admin_id) REFERENCES admin_user(user_id) ON DELETE CASCADE',
    'media_file CHECK ((octet_length(md5) = 16))',
    "media_file CHECK ((format = ANY (ARRAY['jpeg'::text, 'png'::text, 'gif'::text, 'webp'::text, 'other'::text])))",
    "media_file CHECK ((absence = ANY (ARRAY['missing'::text, 'unsafe'::text])))",
    `media_file CHECK (
CASE
    WHEN (absence IS NULL) THEN ((storage_key IS NOT NULL) AND (format IS NOT NULL) AND (size IS NOT NULL) AND (size >= 0) AND (sha256 IS NOT NULL) AND ((format = 'other'::text) OR ((width > 0) AND (height > 0))))
    ELSE (storage_key IS NULL)
END)`,
  ].map((name) => ({ name }))

  test('add or allow more, so that a server of the version before goes on beside the new schema', async () => {
    const { database, connection } = opened()
    await withMigrator(connection, async (migrator) => {
      await migrator.done()
      let known: readonly { name: string; type: string; optional: boolean }[] = []
      let kept: readonly { name: string }[] = []
      for (const name of migrations.keys()) {
        await migrator.apply(name)
        const now = await database.query<{ name: string; type: string; optional: boolean }>(columns)
        const columnNamed = new Map(now.map((column) => [column.name, column]))
        for (const { name, type, optional } of known)
          expect(columnNamed.get(name)).toEqual({ name, type, optional: optional || expect.any(Boolean) })
        const tables = new Set(known.map(({ name }) => name.split('.')[0]))
        const names = new Set(known.map(({ name }) => name))
        const addedToOld = now.filter(({ name }) => !names.has(name) && tables.has(name.split('.')[0]))
        expect(addedToOld.filter(({ optional }) => !optional)).toEqual([])
        const rules = await database.query<{ name: string }>(constraints)
        const ofOld = rules.filter(({ name }) => tables.has(name.split(' ')[0]))
        expect([...kept, ...LOOSER]).toEqual(expect.arrayContaining(ofOld))
        known = now
        kept = rules
      }
    })
  })
})

/** Comes back once a connection has waited for an advisory lock for longer than that. */
async function untilOneHasWaited(database: Database, ms: number): Promise<void> {
  const waited = sql(`
    SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'advisory'
       AND clock_timestamp() - query_start > interval '${ms} milliseconds'`)
  while ((await database.query(waited)).length === 0) await pause(10)
}

describeOnEachDatabase('a lock', (opened) => {
  test('is waited for no longer than was asked, with an error that says so', async () => {
    const { database, elsewhere } = opened()
    const others = elsewhere()
    if (others === database) return
    await others.exclusively(4711, async () => {
      const late = database.exclusively(4711, async () => 'done', 50)
      await expect(late).rejects.toThrow(LockNotGiven)
    })
    expect(await database.exclusively(4711, async () => 'done', 50)).toBe('done')
  })
})

describeOnEachDatabase('the database itself', (opened) => {
  let image: number
  let imageOfAnother: number

  beforeAll(async () => {
    await seedCatalog(opened().database)
    await insert('media_file', file('/t/a/taken.gif'))
    await insert('media_file', file('/o/t/other.gif'))
    image = await insertImage(7, '/t/a/taken.gif')
    imageOfAnother = await insertImage(8, '/o/t/other.gif')
  })

  test.each([
    '',
    'a.gif',
    '/a.gif',
    '/import/2012/03/deep.JPG',
    '//b/c.gif',
    '/../b/c.gif',
    '/a/b/ä ö.gif',
    'x\n/a/b/c.gif',
  ])('takes a file of an imported gallery, whatever its path: %j', async (path) => {
    await insert('media_file', file(path))
  })

  test.each<[what: string, wrong: Row, constraint: string]>([
    ['a path that is taken', { path: '/t/a/taken.gif' }, 'media_file_pkey'],
    ['a storage key that is taken', { storage_key: '/t/a/taken.gif~key' }, 'media_file_storage_key_unique'],
    ['an unknown format', { format: 'svg' }, 'media_file_format_known'],
    ['a width of 0', { width: 0 }, 'media_file_has_bytes'],
    ['a negative height', { height: -1 }, 'media_file_has_bytes'],
    ['a negative size', { size: -1 }, 'media_file_has_bytes'],
    ['no place of its bytes', { storage_key: null }, 'media_file_has_bytes'],
    ['no hash of its bytes', { sha256: null }, 'media_file_has_bytes'],
    ['bytes, though it is said to be missing', { absence: 'missing' }, 'media_file_has_bytes'],
    ['an unknown reason for its absence', { absence: 'lost', storage_key: null }, 'media_file_absence_known'],
    ['a hash that is too short', { sha256: Buffer.alloc(31) }, 'media_file_sha256_length'],
    ['a hash that is too long', { sha256: Buffer.alloc(33) }, 'media_file_sha256_length'],
  ])('refuses a file with %s', async (_what, wrong, constraint) => {
    await expect(insert('media_file', { ...file('/n/e/new.gif'), ...wrong })).rejects.toMatchObject({
      constraint,
    })
  })

  test.each<[what: string, wrong: Row, constraint: string]>([
    ['a negative position', { position: -1 }, 'media_gallery_value_position_range'],
    ['a position that is too high', { position: 4294967296 }, 'media_gallery_value_position_range'],
    ['a negative exclude', { disabled: -1 }, 'media_gallery_value_disabled_range'],
    ['an exclude that is too high', { disabled: 65536 }, 'media_gallery_value_disabled_range'],
    ['an unknown store view', { store_id: 77 }, `${VALUES}_store_id_foreign`],
    ['an unknown image', { value_id: 2 ** 31 - 1 }, `${VALUES}_value_id_foreign`],
  ])('refuses values with %s', async (_what, wrong, constraint) => {
    const values = { value_id: image, store_id: 0, label: '', position: 0, disabled: 0, ...wrong }
    const refusal: unknown = await insert(VALUES, values).catch((thrown: unknown) => thrown)
    // PostgreSQL cuts a name after 63 bytes.
    expect(refusal).toMatchObject({ constraint: constraint.slice(0, 63) })
  })

  test('refuses a second row of values for the same image and store view', async () => {
    const values = { value_id: image, store_id: 3, label: '', position: 0, disabled: 0 }
    await insert(VALUES, values)
    await expect(insert(VALUES, values)).rejects.toMatchObject({ code: '23505' })
  })

  test('refuses an image whose path no file has', async () => {
    await expect(insertImage(7, '/n/o/nosuch.gif')).rejects.toMatchObject({ code: '23503' })
  })

  test('takes the same file for images of two products, and an image without a file', async () => {
    await insertImage(8, '/t/a/taken.gif')
    await insert('catalog_product_entity_media_gallery', { entity_id: 8, value: null })
  })

  test('refuses to give a product’s type to an image of another product', async () => {
    const type = { entity_id: 7, store_id: 0, type_code: 'image' }
    await expect(insert(TYPES, { ...type, value_id: imageOfAnother })).rejects.toMatchObject({
      code: '23503',
    })
    await insert(TYPES, { ...type, value_id: image })
  })

  test('refuses an attribute without a code, with one that is taken, or of no known scope', async () => {
    const attribute = { attribute_code: 'swatch', frontend_input: 'media_image', is_global: 1 }
    for (const [wrong, constraint] of [
      [{ attribute_code: '' }, 'eav_attribute_code_form'],
      [{ attribute_code: 'image,swatch' }, 'eav_attribute_code_form'],
      [{ attribute_code: 'image' }, 'eav_attribute_attribute_code_unique'],
      [{ is_global: 3 }, 'eav_attribute_is_global_known'],
    ] as const)
      await expect(insert('eav_attribute', { ...attribute, ...wrong })).rejects.toMatchObject({ constraint })
    await insert('eav_attribute', attribute)
  })

  test('refuses to delete an image that a type shows', async () => {
    await insert(TYPES, { entity_id: 8, store_id: 2, type_code: 'image', value_id: imageOfAnother })
    const deletion = opened().database.query(deleteImage, [imageOfAnother])
    await expect(deletion).rejects.toMatchObject({ code: '23503' })
  })

  test('refuses to delete the row of a file that an image has', async () => {
    const deletion = opened().database.query(sql("DELETE FROM media_file WHERE path = '/t/a/taken.gif'"))
    await expect(deletion).rejects.toMatchObject({ code: '23503' })
  })

  test.each<[what: string, table: string, row: Row, code: string]>([
    [
      'a product that is found by an SKU that it has not',
      PRODUCTS,
      { sku: null, sku_key: 'x', attribute_set_id: 4 },
      '23514',
    ],
    [
      'a product whose id is 0',
      PRODUCTS,
      { entity_id: 0, sku: 'x', sku_key: 'x', attribute_set_id: 4 },
      '23514',
    ],
    [
      'two SKUs that differ in case alone',
      PRODUCTS,
      { sku: 'CAMERA', sku_key: 'camera', attribute_set_id: 4 },
      '23505',
    ],
    [
      'a product of an unknown attribute set',
      PRODUCTS,
      { sku: 'x', sku_key: 'x', attribute_set_id: 5 },
      '23503',
    ],
    ['a store view of an unknown website', 'core_store', { store_id: 8, code: 'x', website_id: 9 }, '23503'],
    ['two store views of one code', 'core_store', { store_id: 8, code: 'german', website_id: 1 }, '23505'],
    ['a negative store view', 'core_store', { store_id: -1, code: 'x', website_id: 1 }, '23514'],
    [
      'two users that differ in case alone',
      'api_user',
      { username: 'APIUSER', username_key: 'apiuser', api_key_hash: '' },
      '23505',
    ],
    [
      'a user of an unknown role',
      'api_user',
      { username: 'x', username_key: 'x', api_key_hash: '', role_id: 99 },
      '23503',
    ],
    ['an OAuth consumer whose key is too short', 'oauth_consumer', { ...CONSUMER, key: 'short' }, '23514'],
    ['an OAuth consumer without secret or RSA key', 'oauth_consumer', { ...CONSUMER, secret: null }, '23514'],
    [
      'an OAuth consumer with a secret and an RSA key',
      'oauth_consumer',
      { ...CONSUMER, rsa_public_key: 'PEM' },
      '23514',
    ],
    [
      'a nonce of an unknown OAuth consumer',
      'oauth_nonce',
      { timestamp: 1, consumer_id: 99, nonce_hash: Buffer.alloc(32) },
      '23503',
    ],
    [
      'a session that is no hash',
      'api_session',
      { session_hash: Buffer.alloc(16), seen_at: new Date(0) },
      '23514',
    ],
  ])(
    'refuses %s',
    async (_what, table, row, code) => await expect(insert(table, row)).rejects.toMatchObject({ code }),
  )

  test('refuses an OAuth token that is neither asked for nor for anyone, or of no known kind', async () => {
    await insert('oauth_consumer', { ...CONSUMER, entity_id: 7 })
    const token = {
      consumer_id: 7,
      type: 'access',
      token: 'x'.repeat(32),
      secret: Buffer.alloc(0),
      user_type: 'admin',
      created_at: new Date(0),
    }
    for (const wrong of [
      { user_type: null },
      { user_type: 'guest' },
      { type: 'refresh' },
      { token: 'short' },
      { verifier_hash: Buffer.alloc(31) },
    ]) {
      await expect(insert('oauth_token', { ...token, ...wrong })).rejects.toMatchObject({ code: '23514' })
    }
    await insert('oauth_token', token)
    await expect(insert('oauth_token', token)).rejects.toMatchObject({ code: '23505' })
  })

  async function insert(table: string, row: Row): Promise<void> {
    const columns = Object.keys(row)
    const places = columns.map((_, index) => `$${index + 1}`)
    const statement = sql(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`)
    await opened().database.query(statement, Object.values(row))
  }

  async function insertImage(productId: number, path: string): Promise<number> {
    const [row] = await opened().database.query<{ id: number }>(insertGalleryImage, [productId, path])
    return row?.id ?? 0
  }
})

const insertGalleryImage = sql(
  'INSERT INTO catalog_product_entity_media_gallery (entity_id, value) VALUES ($1, $2) RETURNING value_id AS id',
)
const deleteImage = sql('DELETE FROM catalog_product_entity_media_gallery WHERE value_id = $1')

function file(path: string): Row {
  return {
    path,
    storage_key: `${path}~key`,
    format: 'gif',
    width: 1,
    height: 1,
    size: 43,
    sha256: Buffer.alloc(32),
  }
}
