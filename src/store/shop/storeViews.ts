import type { StoreViews } from '../../catalog/ports'
import type { Queryable } from '../database/database'

const storeViews = { name: 'store_views', text: 'SELECT store_id AS id, code FROM core_store' }

/** A website has its default store view by id, or else the first; a shop without a default website has its first. */
const defaultView = {
  name: 'default_store_view',
  text: `
    SELECT store_id AS id FROM core_store store JOIN core_website website USING (website_id)
     WHERE store_id > 0
     ORDER BY is_default DESC, (is_default AND default_store_id IS NOT DISTINCT FROM store_id) DESC, store_id
     LIMIT 1`,
}

interface StoreViewRow {
  readonly id: number
  readonly code: string
}

/**
 * Finds store views in PostgreSQL, and remembers those it has found: their ids and codes never change.
 * Unknown ones are looked up each time, so that every process knows a new store view at once. So is the default store
 * view, which may become another one.
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

  async defaultView(): Promise<number | null> {
    const [row] = await this.database.query<Pick<StoreViewRow, 'id'>>(defaultView)
    return row?.id ?? null
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
