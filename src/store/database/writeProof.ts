import type { Queryable } from './database'

const proveWrite = {
  name: 'prove_write',
  text: `
    INSERT INTO server_readiness (id, proven_at) VALUES (1, now())
    ON CONFLICT (id) DO UPDATE SET proven_at = excluded.proven_at`,
}

/** Commits one small row. Throws what the database throws when it takes no write. */
export async function proveDatabaseWrite(database: Queryable): Promise<void> {
  await database.query(proveWrite)
}
