import type { MediaFile, MediaFiles } from '../../catalog/ports'
import { isStorableText } from '../../contract/storable'
import { onlyRow, type Queryable } from '../database/database'

const mediaFile = {
  name: 'media_file',
  text: `
    SELECT storage_key AS "storageKey", format, sha256, modified_at AS modified FROM media_file
     WHERE path = ANY ($1::text[]) AND freed_at IS NULL AND absence IS NULL
     ORDER BY array_position($1::text[], path) LIMIT 1`,
}

const pathsOfGalleries = {
  name: 'gallery_paths',
  text: `
    SELECT DISTINCT value AS path FROM catalog_product_entity_media_gallery WHERE value > $1 ORDER BY value LIMIT $2`,
}

const countOfGalleries = {
  name: 'count_gallery_paths',
  text: 'SELECT count(DISTINCT value)::int AS count FROM catalog_product_entity_media_gallery',
}

/** Reads the rows of stored files in PostgreSQL. */
export class PostgresMediaFiles implements MediaFiles {
  constructor(private readonly database: Queryable) {}

  async find(path: string): Promise<MediaFile | null> {
    if (!isStorableText(path)) return null
    const [row] = await this.database.query<MediaFile>(mediaFile, [sameFile(path)])
    return row ?? null
  }
}

/** The paths that a file may have in its row, the URL's own first. */
export function sameFile(path: string): readonly string[] {
  return /^\/[^/]/.test(path) ? [path, path.slice(1), `/${path}`] : [path]
}

/** Returns at most `limit` paths of gallery images that come after a path, in order. */
export async function galleryPaths(
  rows: Queryable,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const found = await rows.query<{ path: string }>(pathsOfGalleries, [after, limit])
  return found.map(({ path }) => path)
}

/** Counts the files of all galleries. */
export async function countGalleryPaths(rows: Queryable): Promise<number> {
  return onlyRow(await rows.query<{ count: number }>(countOfGalleries)).count
}
