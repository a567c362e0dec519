import { randomBytes } from 'node:crypto'
import { saveRole, saveUser, usersOf } from '../access/accountRows'
import type { Database } from '../database/database'
import { advanceCounters, saveAttributeSets, saveProducts, saveStoreViews, saveWebsites } from './catalogRows'

export interface FirstUser {
  readonly username: string
  readonly apiKey: string
}

/** Ensures that servers that start together on one new database create only one user. */
const oneAtATime = { name: 'first_run_lock', text: `SELECT pg_advisory_xact_lock(${0x6b656571})` }

/**
 * Creates what a first call needs, if the database has no user yet: an API user with a fresh key, the product
 * `Sku` and the default store view.
 *
 * @returns the user, whose key is shown only this once; null when there are users already
 */
export async function prepareFirstRun(database: Database): Promise<FirstUser | null> {
  return database.transaction(async (rows) => {
    await rows.query(oneAtATime)
    if ((await usersOf(rows)).length > 0) return null
    const user = { username: 'apiUser', apiKey: randomBytes(16).toString('hex') }
    await saveWebsites(rows, [{ id: 1, code: 'base' }])
    await saveStoreViews(rows, [{ id: 1, code: 'default', website: 1 }])
    await saveAttributeSets(rows, [{ id: 4, name: 'Default', gallery: true }])
    await saveProducts(rows, [{ id: null, sku: 'Sku', attributeSet: 4, websites: [1] }])
    await advanceCounters(rows)
    await saveRole(rows, { name: 'all', resources: ['all'] })
    await saveUser(rows, { ...user, role: 'all', active: true })
    return user
  })
}
