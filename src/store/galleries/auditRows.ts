import { folded } from '../../contract/folded'
import { onlyRow, type Queryable, type Statement } from '../database/database'

/** A recorded change. Each field after `clientAddress` is null if the change did not give it. */
export interface StoredAuditEntry {
  readonly id: number
  readonly time: Date
  readonly action: 'create' | 'update' | 'remove'
  readonly productId: number
  /** The SKU that the product had; null for none. */
  readonly sku: string | null
  readonly storeId: number
  readonly storeCode: string
  readonly imageId: number
  readonly path: string
  readonly user: string | null
  readonly consumer: string | null
  readonly token: string | null
  readonly protocol: string
  readonly clientAddress: string
  readonly label: string | null
  readonly position: number | null
  readonly exclude: number | null
  readonly types: readonly string[] | null
  readonly storageKey: string | null
  /** The hash in hex. */
  readonly sha256: string | null
  readonly replacedKey: string | null
}

/** The conditions for changes; null allows any. */
export interface AuditFilter {
  /** Compared as SKUs are. A product that is found by its id alone has none to compare. */
  readonly sku: string | null
  /** A user or, for a token without one, its consumer; compared as user names are. */
  readonly author: string | null
  /** The earliest time, included. */
  readonly since: Date | null
  /** The end of the period, not included. */
  readonly until: Date | null
}

const PAGE = 1000
const DROPPED_AT_ONCE = 10_000

/** Builds the statement with only the given conditions, so that each of them uses its index. */
function auditPage(columns: readonly string[]): Statement {
  const conditions = columns.map((column, index) => `AND ${column} = $${index + 5}`)
  return {
    name: ['audit_page', ...columns].join('_'),
    text: `
      SELECT change_id::float8 AS id, changed_at AS time, action, product_id AS "productId", sku,
             store_id AS "storeId", store_code AS "storeCode", image_id AS "imageId", path, username AS user,
             consumer, token, protocol, client_address AS "clientAddress", label, position::float8 AS position,
             disabled AS exclude, types, storage_key AS "storageKey", encode(sha256, 'hex') AS sha256,
             replaced_key AS "replacedKey"
        FROM media_audit
       WHERE changed_at >= $1 AND (changed_at, change_id) < ($2, $3) ${conditions.join(' ')}
       ORDER BY changed_at DESC, change_id DESC LIMIT $4`,
  }
}

const countOlder = {
  name: 'count_older_audit_entries',
  text: 'SELECT count(*)::int AS count FROM media_audit WHERE changed_at < $1',
}

const dropOlder = {
  name: 'drop_older_audit_entries',
  text: `
    WITH dropped AS (
      DELETE FROM media_audit WHERE change_id = ANY (ARRAY (
        SELECT change_id FROM media_audit WHERE changed_at < $1 ORDER BY changed_at LIMIT ${DROPPED_AT_ONCE}))
      RETURNING 1)
    SELECT count(*)::int AS count FROM dropped`,
}

/** Yields the changes that meet the filter, the latest first. Memory does not grow with their number. */
export async function* auditEntries(
  rows: Queryable,
  { sku, author, since, until }: AuditFilter,
): AsyncGenerator<readonly StoredAuditEntry[]> {
  const keys = {
    ...(sku !== null && { sku_key: folded(sku) }),
    ...(author !== null && { author_key: folded(author) }),
  }
  const statement = auditPage(Object.keys(keys))
  let before: readonly [Date | string, number] = [until ?? 'infinity', 0]
  for (;;) {
    const page = await rows.query<StoredAuditEntry>(statement, [
      since ?? '-infinity',
      ...before,
      PAGE,
      ...Object.values(keys),
    ])
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    before = [last.time, last.id]
  }
}

/** Counts the changes that were made before that time. */
export async function countOlderEntries(rows: Queryable, time: Date): Promise<number> {
  return onlyRow(await rows.query<{ count: number }>(countOlder, [time])).count
}

/** Deletes all changes from before that time, in batches, and returns how many there were. */
export async function dropOlderEntries(rows: Queryable, time: Date): Promise<number> {
  for (let dropped = 0; ; ) {
    const { count } = onlyRow(await rows.query<{ count: number }>(dropOlder, [time]))
    if (count === 0) return dropped
    dropped += count
  }
}
