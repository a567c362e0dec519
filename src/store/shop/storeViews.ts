import type { StoreViews } from '../../catalog/ports'
import type { Queryable } from '../database/database'

const storeViews = { name: 'store_views', text: 'SELECT store_id AS id, code FROM core_store' }

interface StoreViewRow {
  readonly id: number
  readonly code: string
}

/**
 * Store views in PostgreSQL, remembered once seen: their ids and codes never change. One that is not remembered is
 * looked up again, so that a new store view is known at once in every process.
 */
export class PostgresStoreViews implements StoreViews {
  #idByCode: ReadonlyMap<string, number> = new Map()
  #ids: ReadonlySet<number> = new Set()

  constructor(private readonly database: Queryable) {}

  async byCode(code: string): Promise<number | null> {
    if (!this.#idByCode.has(code)) await this.#load()
    return this.#idByCode.get(code) ?? null
  }

  async exists(id: number): Promise<boolean> {
    if (!this.#ids.has(id)) await this.#load()
    return this.#ids.has(id)
  }

  /** Looks again, after all store views may have changed at once. */
  forget(): void {
    this.#idByCode = new Map()
    this.#ids = new Set()
  }

  async #load(): Promise<void> {
    const rows = await this.database.query<StoreViewRow>(storeViews)
    this.#idByCode = new Map(rows.map(({ id, code }) => [code, id]))
    this.#ids = new Set(rows.map(({ id }) => id))
  }
}
