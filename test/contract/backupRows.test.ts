import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { RowsToLoad } from '../../src/store/backup/loadedRows'
import { filledTable, loadRows } from '../../src/store/backup/loadedRows'
import { withSavedRows } from '../../src/store/backup/savedRows'
import type { Database } from '../../src/store/database/database'
import { PostgresGalleries } from '../../src/store/galleries/galleries'
import { applySeed, parseSeed } from '../../src/store/shop/seed'
import { everything } from '../support/allRows'
import { writtenFile } from '../support/catalog'
import { describeOnEachDatabase, openEmbedded, sql } from '../support/databases'
import { BUILT_IN } from '../support/mediaAttributes'
import { secretBox } from '../support/secrets'

const SEED = readFileSync(path.join(__dirname, '../golden/fixture.json'), 'utf8')
const LEFT_OUT = ['api_session', 'media_released', 'media_variant']
/** What a line of JSON could be broken by, or a number lose. */
const LABEL = 'a "label" \\ \\n \n \u2028 \u{1f5bc} \x01 </ü'
const LARGEST_POSITION = 4294967295

const onFilled = (table: string) => new Error(`rows in ${table}`)

async function saved(database: Database): Promise<RowsToLoad> {
  return withSavedRows(database, async ({ tables, counters }) => {
    const rows = new Map<string, readonly string[][]>()
    for (const table of tables) {
      const batches: string[][] = []
      for await (const batch of table.rows()) batches.push([...batch])
      expect(batches.flat()).toHaveLength(table.count)
      rows.set(table.name, batches)
    }
    return {
      async *rowsOf(table) {
        yield* rows.get(table) ?? []
      },
      counters: await counters(),
    }
  })
}

async function fill(database: Database): Promise<void> {
  await applySeed(database, parseSeed(SEED), secretBox)
  await new PostgresGalleries(database).change(1, async (gallery) => {
    const file = (await gallery.claim({ stem: '/t/e/test', extension: '.gif' }, writtenFile())) ?? ''
    const id = await gallery.addImage(file)
    await gallery.write(0, {
      mediaAttributes: BUILT_IN,
      images: [{ id, file, label: LABEL, position: LARGEST_POSITION, exclude: 0 }],
      types: new Map([['image', id]]),
    })
  })
  for (const text of [
    "INSERT INTO login_failure VALUES (sha256('x'), 3, now())",
    "INSERT INTO api_session VALUES (sha256('y'), NULL, now())",
    "INSERT INTO media_released VALUES ('/t/e/old~1.gif', now())",
    "INSERT INTO oauth_nonce SELECT 1, entity_id, sha256('z') FROM oauth_consumer LIMIT 1",
    `INSERT INTO media_audit (change_id, changed_at, action, product_id, sku, sku_key, store_id, store_code, image_id, path,
       author_key, protocol, client_address, label, types)
     VALUES (9007199254740993, now(), 'create', 1, 'Sku', 'sku', 0, 'admin', 1, '/t/e/test.gif', '', 'soap', '::1', '{},"', '{image,"a,b",NULL}')`,
  ])
    await database.query(sql(text))
}

describeOnEachDatabase('the rows of a backup', (opened) => {
  beforeAll(() => fill(opened().database))

  it('are, in another database, what they were, and ids go on behind them', async () => {
    const other = await openEmbedded()
    try {
      expect(await filledTable(other.database)).toBeNull()
      await loadRows(other.database, await saved(opened().database), onFilled)
      const expected = { ...(await everything(opened().database)) }
      for (const name of LEFT_OUT) {
        expect([name, expected[name]?.length]).toEqual([name, name === 'media_variant' ? 0 : 1])
        expected[name] = []
      }
      expect(await everything(other.database)).toEqual(expected)
      expect(JSON.stringify(expected)).toContain(String(LARGEST_POSITION))
    } finally {
      await other.close()
    }
  })

  it('are not put beside rows of others', async () => {
    const before = await everything(opened().database)
    const rows = await saved(opened().database)
    await expect(loadRows(opened().database, rows, onFilled)).rejects.toThrow(/^rows in /)
    expect(await everything(opened().database)).toEqual(before)
  })
})

describe('rows that cannot all be loaded', () => {
  it('leave the database as it was', async () => {
    const { database, close } = await openEmbedded()
    try {
      const before = await everything(database)
      const broken: RowsToLoad = {
        counters: {},
        async *rowsOf(table) {
          if (table === 'core_website') yield ['{"website_id":7,"code":"seven","is_default":false}']
          if (table === 'core_store') throw new Error('the file ends here')
        },
      }
      await expect(loadRows(database, broken, onFilled)).rejects.toThrow('the file ends here')
      expect(await everything(database)).toEqual(before)
    } finally {
      await close()
    }
  })
})
