import pLimit from 'p-limit'
import type { Snapshot, Snapshots } from '../../double/ports'
import { type Database, onlyRow, type Queryable, type Statement } from '../database/database'
import { countersOf, type Table, tablesOf } from '../database/tables'

/** A schema apart from the shop's own tables. Snapshots that a killed process has left there are dropped. */
const SCHEMA = 'keepsake_double'

const SETUP: readonly Statement[] = [
  { name: '', text: `DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE` },
  { name: '', text: `CREATE SCHEMA ${SCHEMA}` },
  {
    name: '',
    text: `CREATE UNLOGGED TABLE ${SCHEMA}.kept_row (snapshot text NOT NULL, relation text NOT NULL, content text NOT NULL)`,
  },
  { name: '', text: `CREATE INDEX ON ${SCHEMA}.kept_row (snapshot, relation)` },
  {
    name: '',
    text: `
      CREATE UNLOGGED TABLE ${SCHEMA}.kept_counter (
        snapshot text NOT NULL, counter regclass NOT NULL, last_value bigint NOT NULL, is_called boolean NOT NULL)`,
  },
]

const dropRows = { name: 'drop_kept_rows', text: `DELETE FROM ${SCHEMA}.kept_row WHERE snapshot = $1` }

const dropCounters = {
  name: 'drop_kept_counters',
  text: `DELETE FROM ${SCHEMA}.kept_counter WHERE snapshot = $1`,
}

const setCounters = {
  name: 'set_counters',
  text: `SELECT setval(counter, last_value, is_called) FROM ${SCHEMA}.kept_counter WHERE snapshot = $1`,
}

const keptKeys = {
  name: 'kept_storage_keys',
  text: `
    SELECT DISTINCT (content::media_file).storage_key AS "storageKey"
      FROM ${SCHEMA}.kept_row
     WHERE relation = 'media_file' AND (content::media_file).storage_key IS NOT NULL`,
}

/**
 * Tables that snapshots leave out. Variants are made again on request, and may lose their bytes at any time;
 * a snapshot's row would then be wrong. A restore that removes a file outdates its variants by their foreign
 * key.
 */
const REMADE: ReadonlySet<string> = new Set(['media_variant'])

/**
 * A table with the statements that clear and fill it. Its name comes from the catalogue, quoted where
 * necessary.
 */
interface KeptTable extends Table {
  readonly clear: Statement
  readonly fill: Statement
}

/**
 * Keeps snapshots inside the database: each row as its text, which PostgreSQL reads back to the same values.
 * A restore writes only the tables that have changed, and those that refer to them.
 */
export class PostgresSnapshots implements Snapshots {
  readonly #taken = new Map<string, Date>()
  /** Runs operations one after the other, so that each sees the result of the last. */
  readonly #inTurn = pLimit(1)
  readonly #keepRows: Statement
  readonly #keepCounters: Statement
  readonly #lock: Statement
  readonly #compare: Statement

  private constructor(
    private readonly database: Database,
    private readonly tables: readonly KeptTable[],
    counters: readonly string[],
    private readonly onRestored: () => void,
  ) {
    const names = tables.map(({ name }) => name)
    this.#keepRows = {
      name: 'keep_rows',
      text: `INSERT INTO ${SCHEMA}.kept_row ${names.map(rowsOfTable).join(' UNION ALL ')}`,
    }
    this.#keepCounters = {
      name: 'keep_counters',
      text: `INSERT INTO ${SCHEMA}.kept_counter ${counters.map(valuesOfCounter).join(' UNION ALL ')}`,
    }
    // This mode does not block readers: they see the old rows until the restore is complete.
    this.#lock = {
      name: 'lock_tables',
      text: `LOCK TABLE ${names.join(', ')} IN SHARE ROW EXCLUSIVE MODE`,
    }
    this.#compare = {
      name: 'changed_tables',
      text: `SELECT ARRAY_REMOVE(ARRAY[${names.map(nameIfChanged).join(', ')}], NULL) AS changed`,
    }
  }

  /** @param onRestored called whenever a restore may have changed rows, for code that remembers some */
  static async open(database: Database, onRestored: () => void): Promise<PostgresSnapshots> {
    const tables = (await tablesOf(database)).filter(({ name }) => !REMADE.has(name))
    const counters = await countersOf(database)
    await database.transaction(async (rows) => {
      for (const statement of SETUP) await rows.query(statement)
    })
    return new PostgresSnapshots(database, tables.map(keptTable), counters, onRestored)
  }

  take(name: string): Promise<Snapshot> {
    return this.#inTurn(async () => {
      await this.database.transaction(async (rows) => {
        await dropIn(rows, name)
        await rows.query(this.#keepRows, [name])
        await rows.query(this.#keepCounters, [name])
      })
      const taken = new Date()
      this.#taken.set(name, taken)
      return { name, taken }
    })
  }

  restore(name: string): Promise<boolean> {
    return this.#inTurn(async () => {
      if (!this.#taken.has(name)) return false
      await this.database.transaction((rows) => this.#restoreIn(rows, name))
      this.onRestored()
      return true
    })
  }

  drop(name: string): Promise<boolean> {
    return this.#inTurn(async () => {
      if (!this.#taken.delete(name)) return false
      await this.database.transaction((rows) => dropIn(rows, name))
      return true
    })
  }

  list(): readonly Snapshot[] {
    return [...this.#taken]
      .map(([name, taken]) => ({ name, taken }))
      .sort((one, other) => (one.name < other.name ? -1 : 1))
  }

  /** Returns the storage keys of all files in snapshots. */
  async storageKeys(): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ storageKey: string }>(keptKeys)
    return new Set(rows.map(({ storageKey }) => storageKey))
  }

  /** Deletes all snapshots. */
  async close(): Promise<void> {
    this.#taken.clear()
    await this.database.query({ name: '', text: `DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE` })
  }

  async #restoreIn(rows: Queryable, name: string): Promise<void> {
    await rows.query(this.#lock)
    const { changed } = onlyRow(await rows.query<{ changed: string[] }>(this.#compare, [name]))
    const written = withReferring(this.tables, new Set(changed))
    for (const { clear } of [...written].reverse()) await rows.query(clear)
    for (const { fill } of written) await rows.query(fill, [name])
    // This comes last, because a rollback would not undo it.
    await rows.query(setCounters, [name])
  }
}

async function dropIn(rows: Queryable, name: string): Promise<void> {
  await rows.query(dropRows, [name])
  await rows.query(dropCounters, [name])
}

function keptTable(table: Table): KeptTable {
  const { name } = table
  return {
    ...table,
    clear: { name: `clear_${name}`, text: `DELETE FROM ${name}` },
    fill: {
      name: `fill_${name}`,
      text: `
        INSERT INTO ${name} SELECT (kept.row).* FROM (
          SELECT content::${name} AS row FROM ${SCHEMA}.kept_row
           WHERE snapshot = $1 AND relation = '${name}' OFFSET 0) kept`,
    },
  }
}

function rowsOfTable(table: string): string {
  return `SELECT $1::text, '${table}', ${table}::text FROM ${table}`
}

function valuesOfCounter(counter: string): string {
  return `SELECT $1::text, '${counter}'::regclass, last_value, is_called FROM ${counter}`
}

/**
 * Returns SQL that gives the table's name if its rows differ from the snapshot's. No two rows of a table are
 * equal, so the rows are the same if neither side has one that the other lacks.
 */
function nameIfChanged(table: string): string {
  const now = `SELECT ${table}::text FROM ${table}`
  const kept = `SELECT content FROM ${SCHEMA}.kept_row WHERE snapshot = $1 AND relation = '${table}'`
  return `CASE WHEN EXISTS ((${now}) EXCEPT (${kept})) OR EXISTS ((${kept}) EXCEPT (${now})) THEN '${table}' END`
}

/** Returns the named tables and all that refer to them, directly or not, in the order of the tables. */
function withReferring(tables: readonly KeptTable[], names: ReadonlySet<string>): readonly KeptTable[] {
  const written = new Set(names)
  return tables.filter(({ name, references }) => {
    if (references.some((reference) => written.has(reference))) written.add(name)
    return written.has(name)
  })
}
