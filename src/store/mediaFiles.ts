import type { MediaFile, MediaFiles } from '../catalog/ports'
import type { Queryable } from './database'

const mediaFile = {
  name: 'media_file',
  text: `
    SELECT storage_key AS "storageKey", format, sha256, modified_at AS modified FROM media_file WHERE path = $1`,
}

/** The rows of stored files in PostgreSQL. */
export class PostgresMediaFiles implements MediaFiles {
  constructor(private readonly database: Queryable) {}

  async find(path: string): Promise<MediaFile | null> {
    if (path.includes('\0')) return null
    const [row] = await this.database.query<MediaFile>(mediaFile, [path])
    return row ?? null
  }
}
