import type { StoreViews } from '../../catalog/ports'
import type { Queryable } from '../database/database'

const storeViews = { name: 'store_views', text: 'SELECT store_id AS id, code FROM core_store' }

interface StoreViewRow {
  readonly id: number
  readonly code: string
}

/**
 * Finds store views in PostgreSQL, and remembers those it has found: their ids and codes never change.
 * Unknown ones are looked up each time, so that every process knows a new store view at once.
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

  /** Forgets all store views, after they may all have changed at once. */
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
