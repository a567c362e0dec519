import { createHash } from 'node:crypto'
import type { ImageFormat } from '../../catalog/ports'
import type {
  FoundVariants,
  NewVariant,
  VariantFile,
  VariantName,
  Variants,
} from '../../catalog/variants/ports'
import { isStorableText } from '../../contract/storable'
import type { Database } from '../database/database'

/** How many outdated variants are dropped at a time. */
const PAGE = 1000

/** A file's row with one of its variants. The variant's columns are null for a file without variants. */
interface FoundRow {
  readonly original_key: string
  readonly original_format: ImageFormat
  readonly storageKey: string | null
  readonly format: VariantFile['format']
  readonly sha256: Buffer
  readonly modified: Date
}

const findVariants = {
  name: 'find_variants',
  text: `
    SELECT file.storage_key AS original_key, file.format AS original_format,
           variant.storage_key AS "storageKey", variant.format, variant.sha256, variant.created_at AS modified
      FROM media_file file
      LEFT JOIN media_variant variant ON variant.original_key = file.storage_key AND variant.recipe = $2
     WHERE file.path = $1 AND file.freed_at IS NULL AND file.absence IS NULL AND file.format <> 'other'`,
}

/**
 * The file's row is locked, because the variant must not miss a replacement of the file. A variant is never
 * older than its file.
 */
const addVariant = {
  name: 'add_variant',
  text: `
    INSERT INTO media_variant (storage_key, original_key, recipe, format, size, sha256, created_at)
    SELECT $1, storage_key, $3, $4, $5, $6, greatest($7, modified_at)
      FROM media_file WHERE storage_key = $2 AND freed_at IS NULL FOR SHARE
    ON CONFLICT (original_key, recipe, format) DO NOTHING
    RETURNING storage_key AS "storageKey", format, sha256, created_at AS modified`,
}

const outdateAll = {
  name: 'outdate_variants',
  text: `
    UPDATE media_variant SET original_key = NULL
     WHERE original_key IS NOT NULL AND ($1::text[] IS NULL OR recipe = ANY ($1::text[]))`,
}

const outdateOne = {
  name: 'outdate_variant',
  text: 'UPDATE media_variant SET original_key = NULL WHERE storage_key = $1',
}

const outdated = {
  name: 'outdated_variants',
  text: `SELECT storage_key AS "storageKey" FROM media_variant WHERE original_key IS NULL LIMIT ${PAGE}`,
}

const forget = {
  name: 'forget_variants',
  text: 'DELETE FROM media_variant WHERE storage_key = ANY ($1::text[]) AND original_key IS NULL',
}

/** Stores variants in PostgreSQL. */
export class PostgresVariants implements Variants {
  /** @param now returns the time that variants are dated with */
  constructor(
    private readonly database: Database,
    private readonly now: () => Date = () => new Date(),
  ) {}

  async find(path: string, recipe: string): Promise<FoundVariants | null> {
    if (!isStorableText(path)) return null
    const rows = await this.database.query<FoundRow>(findVariants, [path, recipe])
    const [first] = rows
    if (!first) return null
    return {
      original: { storageKey: first.original_key, format: first.original_format },
      variants: rows.flatMap(variantIn),
    }
  }

  async add({
    storageKey,
    originalKey,
    recipe,
    format,
    size,
    sha256,
  }: NewVariant): Promise<VariantFile | null> {
    const values = [storageKey, originalKey, recipe, format, size, sha256, this.now()]
    const [row] = await this.database.query<VariantFile>(addVariant, values)
    return row ?? null
  }

  async exclusively<T>(name: VariantName, work: () => Promise<T>): Promise<T> {
    return this.database.exclusivelyAmongProcesses(lockOf(name), work)
  }

  async outdate(recipes: readonly string[] | null): Promise<void> {
    // This may deadlock with a replacement of an image, when each holds a variant that the other needs. A
    // transaction is tried again.
    await this.database.transaction((rows) => rows.query(outdateAll, [recipes]))
  }

  async outdateOne(storageKey: string): Promise<void> {
    await this.database.query(outdateOne, [storageKey])
  }

  async outdated(): Promise<readonly string[]> {
    const rows = await this.database.query<{ storageKey: string }>(outdated)
    return rows.map(({ storageKey }) => storageKey)
  }

  async forget(storageKeys: readonly string[]): Promise<void> {
    await this.database.query(forget, [storageKeys])
  }
}

function variantIn({ storageKey, format, sha256, modified }: FoundRow): readonly VariantFile[] {
  return storageKey === null ? [] : [{ storageKey, format, sha256, modified }]
}

/** Returns 64 bits of a hash. Two variants with the same bits only wait for each other. */
function lockOf({ originalKey, recipe, format }: VariantName): bigint {
  return createHash('sha256').update(`${originalKey} ${recipe} ${format}`).digest().readBigInt64BE()
}
