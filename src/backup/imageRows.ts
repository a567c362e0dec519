import { z } from 'zod'
import { OperatorError } from '../contract/operatorError'
import type { Manifest } from './manifest'
import { readRows, rowFile } from './rowFiles'

/** An image as its row in the set tells of it. */
export interface ImageRow {
  readonly key: string
  readonly size: number
  /** In hex. */
  readonly sha256: string
}

const TABLE = 'media_file'

/** Parses a row of `media_file` as PostgreSQL writes it in JSON. */
const rowSchema = z
  .object({
    /** Null for a file without bytes, as only an import makes it, as the next two. */
    storage_key: z.string().nullable(),
    size: z.number().nullable(),
    sha256: z
      .string()
      .regex(/^\\x[0-9a-f]{64}$/)
      .nullable(),
    /** Not null once the bytes were given up; sets of before do not have it. */
    freed_at: z.string().nullish(),
  })
  .transform(({ storage_key: key, size, sha256, freed_at }): ImageRow | null =>
    key === null || size === null || sha256 === null || typeof freed_at === 'string'
      ? null
      : { key, size, sha256: sha256.slice(2) },
  )

/** The images of a set, a batch at a time, but for those whose bytes it does not have, or were given up. */
export async function* imageRows(
  directory: string,
  manifest: Pick<Manifest, 'rows' | 'tables' | 'images'>,
): AsyncGenerator<readonly ImageRow[]> {
  const damaged = new Set(manifest.images.damaged.map(({ key }) => key))
  const table = manifest.tables.find(({ name }) => name === TABLE)
  if (!table) throw new OperatorError('invalid', `the manifest of ${directory} has no table ${TABLE}`)
  for await (const batch of readRows(rowFile(directory, manifest, TABLE), table)) {
    yield batch
      .map((line) => rowSchema.parse(JSON.parse(line)))
      .filter((row) => row !== null)
      .filter(({ key }) => !damaged.has(key))
  }
}
