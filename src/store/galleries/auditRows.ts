import type { MediaType } from '../../catalog/gallery'
import { onlyRow, type Queryable, type Statement } from '../database/database'
import { folded } from '../database/folded'

/** A recorded change. What follows `clientAddress` is null where nothing was given. */
export interface StoredAuditEntry {
  readonly id: number
  readonly time: Date
  readonly action: 'create' | 'update' | 'remove'
  readonly productId: number
  readonly sku: string
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
  readonly types: readonly MediaType[] | null
  readonly storageKey: string | null
  /** In hex. */
  readonly sha256: string | null
  readonly replacedKey: string | null
}

/** Which changes are asked for; null for any. */
export interface AuditFilter {
  /** In any case. */
  readonly sku: string | null
  /** A user or, where a token stands for none, its consumer; in any case. */
  readonly author: string | null
  /** Included. */
  readonly since: Date | null
  /** Not included. */
  readonly until: Date | null
}

const PAGE = 1000
const DROPPED_AT_ONCE = 10_000

/** With the conditions that are asked for, so that each finds its index. */
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

/** The changes that are asked for, the latest first. Memory does not grow with their number. */
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

/** How many changes were made before that time. */
export async function countOlderEntries(rows: Queryable, time: Date): Promise<number> {
  return onlyRow(await rows.query<{ count: number }>(countOlder, [time])).count
}

/** Drops the changes that were made before that time, some at once, and answers how many they were. */
export async function dropOlderEntries(rows: Queryable, time: Date): Promise<number> {
  for (let dropped = 0; ; ) {
    const { count } = onlyRow(await rows.query<{ count: number }>(dropOlder, [time]))
    if (count === 0) return dropped
    dropped += count
  }
}
