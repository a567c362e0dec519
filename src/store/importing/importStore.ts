import type { FileFormat } from '../../catalog/ports'
import { ImportRefused } from '../../importing/importRefused'
import type { Oddity } from '../../importing/oddity'
import type { ImportStore, MoveCounts, MoveOptions, StagedPath, StoredMedia } from '../../importing/ports'
import type { ShopAccess } from '../../importing/shopAccess'
import type { ShopFacts } from '../../importing/shopFacts'
import type { LargeRows } from '../../importing/shopTables'
import type { SecretBox } from '../access/secretBox'
import { type Database, LockNotGiven, onlyRow, type Queryable } from '../database/database'
import { sameFile } from '../galleries/mediaFiles'
import { moveAccess } from './accessMoving'
import { moveProducts, settleFiles } from './moving'
import { normalize } from './normalizing'
import { odditiesOf } from './oddities'
import { moveShop } from './shopMoving'
import { dropStaging, makeStaging, stageRows } from './staging'

/** An arbitrary number, the same in every process. */
const IMPORT_LOCK = 0x6b656572
/** How long another import may take to end that was just stopped. */
const LONGEST_WAIT_MS = 5000

/** @param which chooses paths of the column `value` */
function pathsStatement(name: string, which: string) {
  return {
    name,
    text: `
    SELECT named.path, known.source_size::float8 AS size, known.source_modified::float8 AS modified,
           EXISTS (SELECT FROM importing_path noted WHERE noted.path = named.path) AS "isNoted"
      FROM (SELECT DISTINCT value AS path FROM importing_new_image WHERE ${which}) named
      LEFT JOIN import_file known USING (path) ORDER BY named.path`,
  }
}

const pathsAfter = pathsStatement('import_paths', 'value > $1 ORDER BY value LIMIT $2')
const pathsNamed = pathsStatement('import_paths_named', 'value = ANY ($1::text[])')

const countPaths = {
  name: 'import_count_paths',
  text: 'SELECT count(DISTINCT value)::int AS count FROM importing_new_image',
}

const remember = {
  name: 'import_remember',
  text: `
    INSERT INTO import_file AS known
           (path, source_size, source_modified, storage_key, format, width, height, sha256, md5, is_pending)
    SELECT path, size, modified, key, format, width, height, sha256, md5, true
      FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::int[], $7::int[], $8::bytea[], $9::bytea[])
        AS stored (path, size, modified, key, format, width, height, sha256, md5)
    ON CONFLICT (path) DO UPDATE
    SET source_size = excluded.source_size, source_modified = excluded.source_modified,
        replaced_key = CASE WHEN known.is_pending THEN known.replaced_key ELSE known.storage_key END,
        storage_key = excluded.storage_key, format = excluded.format, width = excluded.width, height = excluded.height,
        sha256 = excluded.sha256, md5 = excluded.md5, is_pending = true`,
}

const notePaths = {
  name: 'import_note_paths',
  text: 'INSERT INTO importing_path (path, state) SELECT unnest($1::text[]), $2',
}

/** The rows that are here now of products that were staged. */
const counts = {
  name: '',
  text: `
    SELECT (SELECT count(*) FROM importing_new_image)::int AS images,
           (SELECT count(*) FROM importing_new_value)::int AS values,
           (SELECT count(*) FROM importing_new_type WHERE value_id IS NOT NULL)::int AS types,
           (SELECT count(DISTINCT path) FROM importing_path WHERE state = 'stored')::int AS stored,
           (SELECT count(DISTINCT path) FROM importing_path WHERE state = 'missing')::int AS missing,
           (SELECT count(DISTINCT path) FROM importing_path WHERE state = 'unsafe' AND path IN (SELECT value FROM importing_new_image))::int AS unsafe`,
}

interface PathRow {
  readonly path: string
  readonly size: number | null
  readonly modified: number | null
  readonly isNoted: boolean
}

interface CountRow extends Pick<MoveCounts, 'images' | 'values' | 'types'> {
  readonly stored: number
  readonly missing: number
  readonly unsafe: number
}

/** Undoes the transaction of a dry run, and carries what it has found. */
class DryRun extends Error {
  constructor(readonly result: MoveCounts & { readonly oddities: readonly Oddity[] }) {
    super()
  }
}

/** Stages a shop's rows in PostgreSQL, and moves them to their places. */
export class PostgresImportStore implements ImportStore {
  constructor(
    private readonly database: Database,
    private readonly secretBox: SecretBox,
  ) {}

  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.database.exclusivelyAmongProcesses(BigInt(IMPORT_LOCK), work, LONGEST_WAIT_MS)
    } catch (thrown) {
      if (thrown instanceof LockNotGiven)
        throw new ImportRefused('another import is at work on this database', { cause: thrown })
      throw thrown
    }
  }

  async begin(): Promise<void> {
    await makeStaging(this.database)
  }

  async stage(rows: LargeRows): Promise<void> {
    await stageRows(this.database, rows)
  }

  async prepare(facts: ShopFacts): Promise<void> {
    await this.database.transactionOnce(async (rows) => {
      await takeRoom(rows)
      await normalize(rows, facts)
    })
  }

  async paths(after: string, limit: number): Promise<readonly StagedPath[]> {
    return (await this.database.query<PathRow>(pathsAfter, [after, limit])).map(stagedPath)
  }

  async named(files: readonly string[]): Promise<ReadonlyMap<string, readonly StagedPath[]>> {
    const fileOf = new Map(files.flatMap((file) => sameFile(file).map((form) => [form, file] as const)))
    const rows = await this.database.query<PathRow>(pathsNamed, [[...fileOf.keys()]])
    const named = new Map<string, StagedPath[]>()
    for (const row of rows) {
      const file = fileOf.get(row.path) ?? row.path
      named.set(file, [...(named.get(file) ?? []), stagedPath(row)])
    }
    return named
  }

  async countPaths(): Promise<number> {
    return onlyRow(await this.database.query<{ count: number }>(countPaths)).count
  }

  async remember(media: readonly StoredMedia[]): Promise<void> {
    await this.database.query(remember, [
      media.map(({ path }) => path),
      media.map(({ sourceSize }) => sourceSize),
      media.map(({ sourceModified }) => sourceModified),
      media.map(({ storageKey }) => storageKey),
      media.map(({ format }): FileFormat => format),
      media.map(({ width }) => width),
      media.map(({ height }) => height),
      media.map(({ sha256 }) => sha256),
      media.map(({ md5 }) => md5),
    ])
  }

  async notePaths(paths: readonly string[], state: 'stored' | 'missing' | 'unsafe'): Promise<void> {
    if (paths.length > 0) await this.database.query(notePaths, [paths, state])
  }

  async move(facts: ShopFacts, access: ShopAccess, options: MoveOptions) {
    try {
      return await this.database.transactionOnce(async (rows) => {
        const result = await this.#move(rows, facts, access, options)
        if (options.isDryRun) throw new DryRun(result)
        return result
      })
    } catch (thrown) {
      if (thrown instanceof DryRun) return thrown.result
      throw thrown
    }
  }

  async end(): Promise<void> {
    await dropStaging(this.database)
  }

  async #move(rows: Queryable, facts: ShopFacts, access: ShopAccess, options: MoveOptions) {
    await takeRoom(rows)
    await moveShop(rows, facts)
    const products = await moveProducts(rows, options)
    const ofAccess = await moveAccess(rows, access, this.secretBox)
    const oddities = [...(await odditiesOf(rows, facts.galleryAttribute)), ...ofAccess]
    await settleFiles(rows)
    const { stored, missing, unsafe, ...counted } = onlyRow(await rows.query<CountRow>(counts))
    return { products, ...counted, files: { stored, missing, unsafe }, oddities }
  }
}

/** What a transaction needs that works on all rows of a shop: time, and memory for its sorts. */
const ROOM: readonly string[] = [
  'SET LOCAL statement_timeout = 0',
  'SET LOCAL idle_in_transaction_session_timeout = 0',
  "SET LOCAL work_mem = '64MB'",
  "SET LOCAL maintenance_work_mem = '128MB'",
]

async function takeRoom(rows: Queryable): Promise<void> {
  for (const text of ROOM) await rows.query({ name: '', text })
}

function stagedPath({ path, size, modified, isNoted }: PathRow): StagedPath {
  const known = size !== null && modified !== null ? { sourceSize: size, sourceModified: modified } : null
  return { path, known, isNoted }
}
