import type { Storage } from '../server/storage'
import { addMissing } from '../store/shop/missingSeed'
import { applySeed, type Seed } from '../store/shop/seed'
import type { SeedDifference } from '../store/shop/seedDifferences'

export interface PlantFlags {
  /** Whether what operators have changed is undone. */
  readonly overwriteWithSeed?: boolean
}

/** What is said below differences that were left. */
export const OVERWRITE_HINT =
  'what differs was left as it is; --overwrite-with-seed brings it to what the seed says'

/** Puts a seed into the database, and answers what was left there as it is. @throws SeedError, UnknownName */
export async function plant(
  { database, secretBox }: Pick<Storage, 'database' | 'secretBox'>,
  seed: Seed,
  { overwriteWithSeed = false }: PlantFlags,
): Promise<readonly SeedDifference[]> {
  if (!overwriteWithSeed) return addMissing(database, seed, secretBox)
  await applySeed(database, seed, secretBox)
  return []
}

export function toldDifference({ entry, fields }: SeedDifference): string {
  return `${entry} differs from the seed in ${fields.join(' and ')}`
}
