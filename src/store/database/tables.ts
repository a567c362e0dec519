import type { Queryable } from './database'

/**
 * A table that a migration has created, with its name as SQL writes it, and the tables that its foreign keys
 * refer to.
 */
export interface Table {
  readonly name: string
  readonly references: readonly string[]
}

/**
 * What remembers the migrations (older databases have a second such table), what `/readyz` writes, and what an import stages
 * is no part of a shop.
 */
const listTables = {
  name: 'list_tables',
  text: `
    SELECT format('%I', relname) AS name,
           ARRAY(SELECT DISTINCT format('%I', other.relname)
                   FROM pg_constraint JOIN pg_class other ON other.oid = confrelid
                  WHERE conrelid = relation.oid AND contype = 'f' AND confrelid <> conrelid) AS references
      FROM pg_class relation
     WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname NOT LIKE 'knex\\_%'
       AND relname <> 'server_readiness' AND relname NOT LIKE 'importing\\_%'
     ORDER BY relname`,
}

const listCounters = {
  name: 'list_counters',
  text: `
    SELECT format('%I', relname) AS name FROM pg_class
     WHERE relkind = 'S' AND relnamespace = current_schema()::regnamespace AND relname NOT LIKE 'knex\\_%'
     ORDER BY relname`,
}

/** Returns the tables that the migrations have created, each after all tables that it refers to. */
export async function tablesOf(database: Queryable): Promise<readonly Table[]> {
  return referredFirst(await database.query<Table>(listTables))
}

/** Returns the sequences of ids, with their names as SQL writes them. */
export async function countersOf(database: Queryable): Promise<readonly string[]> {
  return (await database.query<{ name: string }>(listCounters)).map(({ name }) => name)
}

/** @throws when tables refer to each other in a circle, which no order can satisfy */
function referredFirst(tables: readonly Table[]): readonly Table[] {
  const ordered: Table[] = []
  let rest = tables
  while (rest.length > 0) {
    const isReady = ({ references }: Table) =>
      references.every((name) => ordered.some((table) => table.name === name))
    const ready = rest.filter(isReady)
    if (ready.length === 0) throw new Error('tables refer to each other in a circle')
    ordered.push(...ready)
    rest = rest.filter((table) => !ready.includes(table))
  }
  return ordered
}
