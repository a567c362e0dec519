import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import { type PreparedShop, prepared, restored } from './preparedRows'

interface SharedDatabase {
  readonly pglite: PGlite
  readonly prepared: PreparedShop
  /** Ends it for good; `close` of PGlite itself only gives it back. */
  readonly end: () => Promise<void>
}

/** Within which the next test file of a run begins; Jest kills a worker that has not ended after 500. */
const NEXT_FILE_MS = 250

/** Embedded databases that are lent to one server after the other. */
export class EmbeddedDatabases {
  readonly #free: SharedDatabase[] = []
  readonly #lent = new Set<SharedDatabase>()
  #lastFile: NodeJS.Timeout | undefined

  /**
   * Answers a database as PGlite would create it. One in memory that begins with a prepared cluster may have been lent
   * before; it has the prepared rows and nothing else.
   */
  async create(options: PGliteOptions): Promise<PGlite> {
    if (options.dataDir !== 'memory://' || !options.loadDataDir) return PGlite.create(options)
    const database = (await this.#another()) ?? (await this.#start(options))
    this.#lent.add(database)
    return database.pglite
  }

  /** A test file begins: what is free stays. */
  begin(): void {
    clearTimeout(this.#lastFile)
  }

  /**
   * A test file has ended. Ends the databases that it has not closed, where a statement of it might still run, and soon
   * all others, unless another file begins: their timers would keep the process from ending.
   */
  async finish(): Promise<void> {
    const forgotten = [...this.#lent]
    this.#lent.clear()
    for (const { end } of forgotten) await end()
    this.#lastFile = setTimeout(() => {
      for (const { end } of this.#free.splice(0)) void end()
    }, NEXT_FILE_MS)
  }

  /** Null when none is free that can be restored. */
  async #another(): Promise<SharedDatabase | null> {
    for (let database = this.#free.pop(); database; database = this.#free.pop()) {
      if (await restored(database.pglite, database.prepared)) return database
      await database.end()
    }
    return null
  }

  async #start(options: PGliteOptions): Promise<SharedDatabase> {
    const pglite = await PGlite.create(options)
    const database = { pglite, prepared: await prepared(pglite), end: pglite.close.bind(pglite) }
    pglite.close = async () => {
      if (this.#lent.delete(database)) this.#free.push(database)
    }
    return database
  }
}
