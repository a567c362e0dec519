import type { PGlite } from '@electric-sql/pglite'

/** What a new embedded database has. */
export interface PreparedShop {
  /** Of all that statements can define, such as tables, constraints and roles. */
  readonly definitions: string
  /** The rows of each table that has any. */
  readonly rows: ReadonlyMap<string, Blob>
  /** Where each sequence stands that has begun. */
  readonly sequences: readonly Sequence[]
}

interface Sequence {
  readonly name: string
  readonly value: string
}

/** Remembers what a database has. */
export async function prepared(pglite: PGlite): Promise<PreparedShop> {
  const rows = new Map<string, Blob>()
  for (const table of await writtenTables(pglite)) {
    const { blob } = await pglite.query(`COPY ${table} TO '/dev/blob'`)
    if (blob) rows.set(table, blob)
  }
  return { definitions: await definitionsOf(pglite), rows, sequences: await begunSequences(pglite) }
}

/** Brings a database back to what it had; answers false if a test has defined something there, which stays. */
export async function restored(
  pglite: PGlite,
  { definitions, rows, sequences }: PreparedShop,
): Promise<boolean> {
  // PGlite has one session for all of its clients.
  await pglite.exec('ROLLBACK')
  await pglite.exec('DISCARD ALL')
  if ((await definitionsOf(pglite)) !== definitions) return false
  await pglite.exec('SET session_replication_role = replica')
  const written = await writtenTables(pglite)
  if (written.length > 0) await pglite.exec(`TRUNCATE ${written.join(', ')} CASCADE`)
  for (const [table, blob] of rows) await pglite.query(`COPY ${table} FROM '/dev/blob'`, [], { blob })
  await pglite.exec('RESET session_replication_role')
  for (const { name } of await begunSequences(pglite)) await pglite.exec(`ALTER SEQUENCE ${name} RESTART`)
  for (const { name, value } of sequences) await pglite.query('SELECT setval($1, $2)', [name, value])
  return true
}

async function writtenTables(pglite: PGlite): Promise<readonly string[]> {
  const { rows } = await pglite.query<{ name: string }>(`
    SELECT oid::regclass::text AS name FROM pg_class
     WHERE relkind = 'r' AND oid >= ${FIRST_OF_OURS} AND relnamespace = 'public'::regnamespace
       AND pg_relation_size(oid) > 0`)
  return rows.map(({ name }) => name)
}

async function begunSequences(pglite: PGlite): Promise<readonly Sequence[]> {
  const { rows } = await pglite.query<Sequence>(`
    SELECT format('%I.%I', schemaname, sequencename) AS name, last_value::text AS value FROM pg_sequences
     WHERE last_value IS NOT NULL`)
  return rows
}

/** Objects with lower ids are PostgreSQL's own. */
const FIRST_OF_OURS = 16_384

const CATALOGUES = [
  ...['pg_attrdef', 'pg_constraint', 'pg_index', 'pg_trigger', 'pg_namespace', 'pg_sequence', 'pg_roles'],
  ...['pg_db_role_setting', 'pg_extension', 'pg_policy', 'pg_statistic_ext'],
]

/** A table's place and size change with its rows. */
const DEFINITIONS = `
  SELECT md5(string_agg(line, ' ' ORDER BY line)) AS definitions FROM (
    SELECT (to_jsonb(c)
      - '{relfilenode,relpages,reltuples,relallvisible,relallfrozen,relfrozenxid,relminmxid}'::text[])::text AS line
      FROM pg_class c WHERE oid >= ${FIRST_OF_OURS}
    UNION ALL SELECT p::text FROM pg_proc p WHERE oid >= ${FIRST_OF_OURS}
    UNION ALL SELECT t::text FROM pg_type t WHERE oid >= ${FIRST_OF_OURS}
    UNION ALL SELECT a::text FROM pg_attribute a WHERE attrelid >= ${FIRST_OF_OURS}
    ${CATALOGUES.map((name) => `UNION ALL SELECT '${name}' || ${name}::text FROM ${name}`).join('\n    ')}
  ) defined`

async function definitionsOf(pglite: PGlite): Promise<string> {
  const { rows } = await pglite.query<{ definitions: string }>(DEFINITIONS)
  return rows[0]?.definitions ?? ''
}
