import type { Database, Queryable } from '../../src/store/database/database'
import { describeOnEachDatabase, sql } from '../support/databases'

const add = sql('UPDATE tally SET count = count + 1 WHERE id = $1')
const lock = sql('SELECT 1 FROM tally WHERE id = $1 FOR UPDATE')
const counts = sql('SELECT count FROM tally ORDER BY id')
const zero = sql('UPDATE tally SET count = 0')

describeOnEachDatabase('a transaction', (opened) => {
  let database: Database

  beforeAll(async () => {
    database = opened().database
    await database.query(sql('CREATE TABLE tally (id int PRIMARY KEY, count int NOT NULL)'))
    await database.query(sql('INSERT INTO tally VALUES (1, 0), (2, 0)'))
  })

  beforeEach(() => database.query(zero))

  const tally = async () => (await database.query<{ count: number }>(counts)).map(({ count }) => count)

  /** Adds one to the row, then fails as told. */
  const failing = (failures: number, code: string) => {
    let runs = 0
    const work = async (rows: Queryable) => {
      runs++
      await rows.query(add, [1])
      if (runs <= failures) throw Object.assign(new Error('undone'), { code })
      return runs
    }
    return { work, runs: () => runs }
  }

  test.each(['40001', '40P01'])(
    'that PostgreSQL undoes with %s runs again, as if for the first time',
    async (code) => {
      const { work } = failing(2, code)
      expect(await database.transaction(work)).toBe(3)
      expect(await tally()).toEqual([1, 0])
    },
  )

  test('that is undone again and again fails in the end, with the reason', async () => {
    const { work, runs } = failing(Number.POSITIVE_INFINITY, '40001')
    await expect(database.transaction(work)).rejects.toMatchObject({ code: '40001' })
    expect(runs()).toBe(5)
    expect(await tally()).toEqual([0, 0])
  })

  test('that fails otherwise does not run again', async () => {
    const { work, runs } = failing(1, '23505')
    await expect(database.transaction(work)).rejects.toMatchObject({ code: '23505' })
    expect(runs()).toBe(1)
  })

  test('that cannot run again does not', async () => {
    const { work, runs } = failing(1, '40P01')
    await expect(database.transactionOnce(work)).rejects.toMatchObject({ code: '40P01' })
    expect(runs()).toBe(1)
  })

  test('is not lost to another that locks the same rows in the other order', async () => {
    const elsewhere = opened().elsewhere()
    // The embedded database runs one at a time: there the two cannot meet.
    const canMeet = elsewhere !== database
    const meet = canMeet ? meetingOf(2) : async () => {}
    let runs = 0
    const crossing = (on: Database, first: number, second: number) =>
      on.transaction(async (rows) => {
        runs++
        await rows.query(lock, [first])
        await meet()
        await rows.query(add, [second])
        await rows.query(add, [first])
      })
    await Promise.all([crossing(database, 1, 2), crossing(elsewhere, 2, 1)])
    expect(await tally()).toEqual([2, 2])
    expect(runs).toBe(canMeet ? 3 : 2)
  })
})

/** What each of so many waits for until all are there; who comes later need not wait. */
function meetingOf(count: number): () => Promise<void> {
  let missing = count
  let begin = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  return () => {
    missing--
    if (missing <= 0) begin()
    return begun
  }
}
