import { readFile } from 'node:fs/promises'
import type { Settings } from '../settings/settings'
import { parseSeed } from '../store/shop/seed'
import { OVERWRITE_HINT, type PlantFlags, plant, toldDifference } from './planting'
import { print, warn } from './terminal'
import { withStorage } from './withStorage'

/** Adds what the seed file names and the database lacks, and warns of what differs. @throws SeedError */
export async function seedCommand(settings: Settings, file: string, flags: PlantFlags): Promise<void> {
  const seed = parseSeed(await readFile(file, 'utf8'))
  const differences = await withStorage(settings, (storage) => plant(storage, seed, flags))
  print(
    `Seeded: ${seed.users.length} users, ${seed.stores.length} store views, ${seed.products.length} products.`,
  )
  if (differences.length > 0) warn(...differences.map(toldDifference), OVERWRITE_HINT)
}

export async function migrateCommand(settings: Settings): Promise<void> {
  await withStorage({ ...settings, migrate: true }, async () =>
    print('The database has the schema of this version.'),
  )
}
