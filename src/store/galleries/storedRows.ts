import type { AbsentFiles, StoredRow, StoredRows } from '../../catalog/upkeep/ports'
import { onlyRow, type Queryable } from '../database/database'

const count = {
  name: 'count_stored_rows',
  text: `
    SELECT (SELECT count(*) FROM media_file WHERE freed_at IS NULL AND absence IS NULL)::int
         + (SELECT count(*) FROM media_variant WHERE original_key IS NOT NULL)::int AS count`,
}

/**
 * Each table is read along its own index, and only as far as the page needs. Sizes are stored as bigint, but
 * no image needs more than a double.
 */
const page = {
  name: 'stored_rows_page',
  text: `
    (SELECT storage_key AS "storageKey", size::float8 AS size, sha256, path, false AS "isVariant", md5_key IS DISTINCT FROM storage_key AS "lacksMd5"
       FROM media_file WHERE storage_key > $1 AND freed_at IS NULL ORDER BY storage_key LIMIT $2)
    UNION ALL
    (SELECT variant.storage_key, variant.size::float8, variant.sha256, file.path, true, false
       FROM media_variant variant JOIN media_file file ON file.storage_key = variant.original_key
      WHERE variant.storage_key > $1 ORDER BY variant.storage_key LIMIT $2)
    ORDER BY "storageKey" LIMIT $2`,
}

const standing = {
  name: 'stored_row_stands',
  text: `
    SELECT 1 FROM media_file WHERE storage_key = $1 AND freed_at IS NULL
    UNION ALL
    SELECT 1 FROM media_variant WHERE storage_key = $1 AND original_key IS NOT NULL`,
}

const known = {
  name: 'known_storage_keys',
  text: `
    SELECT storage_key AS "storageKey" FROM media_file
     WHERE storage_key = ANY ($1::text[]) AND freed_at IS NULL
    UNION ALL
    SELECT storage_key FROM media_variant WHERE storage_key = ANY ($1::text[])
    UNION ALL
    SELECT storage_key FROM import_file WHERE storage_key = ANY ($1::text[]) AND is_pending`,
}

const absent = {
  name: 'absent_files',
  text: `
    SELECT count(*) FILTER (WHERE absence = 'missing')::int AS missing,
           count(*) FILTER (WHERE absence = 'unsafe')::int AS unsafe
      FROM media_file`,
}

const released = {
  name: 'released_files',
  text: `
    SELECT storage_key AS "storageKey", released_at AS "releasedAt" FROM media_released
     WHERE storage_key = ANY ($1::text[])`,
}

const forgetRelease = {
  name: 'forget_release',
  text: 'DELETE FROM media_released WHERE storage_key = $1',
}

const rememberMd5 = {
  name: 'remember_md5',
  text: 'UPDATE media_file SET md5 = $2, md5_key = storage_key WHERE storage_key = $1',
}

/** Reads the rows of files and variants in PostgreSQL. */
export class PostgresStoredRows implements StoredRows {
  constructor(private readonly database: Queryable) {}

  async count(): Promise<number> {
    return onlyRow(await this.database.query<{ count: number }>(count)).count
  }

  async absent(): Promise<AbsentFiles> {
    return onlyRow(await this.database.query<AbsentFiles>(absent))
  }

  async page(after: string, limit: number): Promise<readonly StoredRow[]> {
    return this.database.query<StoredRow>(page, [after, limit])
  }

  async has(storageKey: string): Promise<boolean> {
    return (await this.database.query(standing, [storageKey])).length > 0
  }

  async known(storageKeys: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ storageKey: string }>(known, [storageKeys])
    return new Set(rows.map(({ storageKey }) => storageKey))
  }

  async released(storageKeys: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    const rows = await this.database.query<{ storageKey: string; releasedAt: Date }>(released, [storageKeys])
    return new Map(rows.map(({ storageKey, releasedAt }) => [storageKey, releasedAt]))
  }

  async rememberMd5(storageKey: string, md5: Buffer): Promise<void> {
    await this.database.query(rememberMd5, [storageKey, md5])
  }

  async forgetRelease(storageKey: string): Promise<void> {
    await this.database.query(forgetRelease, [storageKey])
  }
}
