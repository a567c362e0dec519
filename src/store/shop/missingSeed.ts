import type { SecretBox } from '../access/secretBox'
import type { Database } from '../database/database'
import { planted, type Seed, saveSeed } from './seed'
import { compareSeed, type SeedDifference } from './seedDifferences'

/** Servers that start together with one seed on one database do not overwrite each other's work. */
const oneAtATime = { name: 'seed_lock', text: `SELECT pg_advisory_xact_lock(${0x6b656573})` }

/**
 * Makes what the seed names and the database lacks, all of it or nothing. What the database has already stays as it is,
 * for an operator may have changed it.
 *
 * @returns what the database has otherwise than the seed
 * @throws SeedError, UnknownName
 */
export async function addMissing(
  database: Database,
  seed: Seed,
  secretBox: SecretBox,
): Promise<readonly SeedDifference[]> {
  return planted(() =>
    database.transaction(async (rows) => {
      await rows.query(oneAtATime)
      const { missing, differences } = await compareSeed(rows, seed, secretBox)
      await saveSeed(rows, missing, secretBox)
      return differences
    }),
  )
}
