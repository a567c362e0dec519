import { storedName } from '../../src/catalog/fileName'
import { withChanges } from '../../src/catalog/gallery'
import type { Database, Queryable } from '../../src/store/database/database'
import { PostgresGalleries } from '../../src/store/galleries/galleries'
import { newProduct, seedCatalog, writtenFile } from '../support/catalog'
import { describeOnEachDatabase, sql } from '../support/databases'

const STORE_VIEWS = [0, 1, 2, 3]

describeOnEachDatabase('at the same time', (opened) => {
  let database: Database

  beforeAll(async () => {
    database = opened().database
    await seedCatalog(database)
  })

  test('200 claims of one name, from two processes, give 200 paths without a gap', async () => {
    const processes = [database, opened().elsewhere()].map((each) => new PostgresGalleries(each))
    const products = await Promise.all(Array.from({ length: 20 }, () => newProduct(database)))
    const claims = Array.from({ length: 200 }, (_, index) => {
      const galleries = processes[index % processes.length] as PostgresGalleries
      const product = products[index % products.length] as number
      return galleries.change(product, (gallery) => gallery.claim(nameOf('crowd'), writtenFile()))
    })
    const expected = Array.from({ length: 200 }, (_, index) => `/c/r/crowd${index ? `_${index}` : ''}.gif`)
    expect((await Promise.all(claims)).sort()).toEqual(expected.sort())
  })

  test('updates of one product in different store views all hold', async () => {
    const processes = [database, opened().elsewhere()].map((each) => new PostgresGalleries(each))
    const product = await newProduct(database)
    const [galleries = new PostgresGalleries(database)] = processes
    const id = await galleries.change(product, async (gallery) => {
      const path = await gallery.claim(nameOf('shared'), writtenFile())
      return gallery.addImage(String(path))
    })
    // Each is one more than before, so that the number tells how many have held.
    const count = (storeId: number, process: PostgresGalleries) =>
      process.change(product, async (gallery) => {
        const before = await gallery.view(storeId)
        const own = before.images.find(({ label }) => label === `${storeId}`)
        const changes = { label: `${storeId}`, position: (own?.position ?? 0) + 1, exclude: null }
        await gallery.write(storeId, withChanges(before, id, changes))
      })
    const updates = STORE_VIEWS.flatMap((storeId) => Array.from({ length: 10 }, () => storeId))
    await Promise.all(
      updates.map((storeId, index) => count(storeId, processes[index % 2] as PostgresGalleries)),
    )
    for (const storeId of STORE_VIEWS) {
      const view = await galleries.view({ id: product }, storeId)
      expect(view?.gallery.images).toMatchObject([{ label: `${storeId}`, position: 10 }])
    }
  })
})

describeOnEachDatabase('one after the other', (opened) => {
  test('the 5,000th claim of one name takes as many statements as the second, and looks at as many rows', async () => {
    const { database } = opened()
    await seedCatalog(database)
    let statements = 0
    const counted: Pick<Database, 'transaction'> = {
      transaction: (work) =>
        database.transaction((rows) => {
          const counting: Queryable = {
            query(statement, values) {
              statements++
              return rows.query(statement, values)
            },
          }
          return work(counting)
        }),
    }
    const galleries = new PostgresGalleries(counted as Database)
    const product = await newProduct(database)
    const costs = await galleries.change(product, async (gallery) => {
      const each: number[] = []
      for (let claim = 0; claim < 5000; claim++) {
        const before = statements
        await gallery.claim(nameOf('popular'), writtenFile())
        each.push(statements - before)
      }
      return each
    })
    expect(new Set(costs).size).toBe(1)

    await galleries.change(product, (gallery) => gallery.claim(nameOf('rare'), writtenFile()))
    const second = await rowsOfOneClaim(database, product, 'rare')
    expect(second).toBeGreaterThan(0)
    expect(await rowsOfOneClaim(database, product, 'popular')).toBe(second)
  })
})

/** How many rows a claim has the database look at, in a transaction of its own. */
function rowsOfOneClaim(database: Database, product: number, name: string): Promise<number> {
  return database.transaction(async (rows) => {
    const sameTransaction: Pick<Database, 'transaction'> = { transaction: (work) => work(rows) }
    const before = await rowsLookedAt(rows)
    await new PostgresGalleries(sameTransaction as Database).change(product, (gallery) =>
      gallery.claim(nameOf(name), writtenFile()),
    )
    return (await rowsLookedAt(rows)) - before
  })
}

/** What this transaction has looked at so far of the tables of files and their names. */
async function rowsLookedAt(rows: Queryable): Promise<number> {
  const [row] = await rows.query<{ looked: string }>(
    sql(`
      SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) AS looked FROM pg_stat_xact_user_tables
       WHERE relname IN ('media_file', 'media_file_name')`),
  )
  return Number(row?.looked)
}

function nameOf(base: string) {
  const name = storedName(base, 'gif')
  if (!name) throw new Error(`no name: ${base}`)
  return name
}
