import type { RemovedFiles } from '../../catalog/upkeep/ports'
import type { Database } from '../database/database'

/** Files that no gallery has, that still have bytes, and when the audit says that their image was removed. */
const REMOVED = `
  media_file file
  LEFT JOIN (SELECT path, max(changed_at) AS at FROM media_audit WHERE action = 'remove' GROUP BY path) audited
         ON audited.path = file.path
 WHERE file.freed_at IS NULL AND file.absence IS NULL
   AND NOT EXISTS (SELECT FROM catalog_product_entity_media_gallery image WHERE image.value = file.path)`

const removedBefore = {
  name: 'removed_files',
  text: `
    SELECT file.storage_key AS key, file.size::float8 AS size FROM ${REMOVED}
       AND coalesce(file.removed_at, audited.at) < $1 AND file.storage_key > $2
     ORDER BY file.storage_key LIMIT $3`,
}

const noteRemovals = {
  name: 'note_removals',
  text: `
    UPDATE media_file SET removed_at = removed.at
      FROM (SELECT file.path, coalesce(audited.at, clock_timestamp()) AS at FROM ${REMOVED}
               AND file.removed_at IS NULL) removed
     WHERE media_file.path = removed.path`,
}

/** The bytes are released now: a read of them may be under way, for which the grace period is. */
const giveUp = {
  name: 'give_up_files',
  text: `
    WITH freed AS (
           UPDATE media_file SET freed_at = clock_timestamp()
            WHERE freed_at IS NULL AND absence IS NULL AND removed_at < $1
              AND NOT EXISTS (SELECT FROM catalog_product_entity_media_gallery image WHERE image.value = path)
           RETURNING storage_key)
    INSERT INTO media_released (storage_key, released_at) SELECT storage_key, clock_timestamp() FROM freed
    ON CONFLICT (storage_key) DO NOTHING
    RETURNING storage_key`,
}

const outdateVariants = {
  name: 'outdate_variants_of_freed_files',
  text: `
    UPDATE media_variant SET original_key = NULL
     WHERE original_key IN (SELECT storage_key FROM media_file WHERE freed_at IS NOT NULL)`,
}

/** Finds and gives up the files of removed images in PostgreSQL. */
export class PostgresRemovedFiles implements RemovedFiles {
  constructor(private readonly database: Database) {}

  page(before: Date, after: string, limit: number) {
    return this.database.query<{ key: string; size: number }>(removedBefore, [before, after, limit])
  }

  async giveUp(before: Date): Promise<number> {
    return this.database.transaction(async (rows) => {
      await rows.query(noteRemovals)
      const freed = await rows.query(giveUp, [before])
      await rows.query(outdateVariants)
      return freed.length
    })
  }
}
