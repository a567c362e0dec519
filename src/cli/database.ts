import { readFile } from 'node:fs/promises'
import { migrations } from '../../migrations/index'
import { plannedMigrations } from '../server/storage'
import type { Settings } from '../settings/settings'
import { parseSeed } from '../store/shop/seed'
import { createLogger } from './logger'
import { OVERWRITE_HINT, type PlantFlags, plant, toldDifference } from './planting'
import { endsWithLock } from './processStorage'
import { print, printTable, warn } from './terminal'
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

export async function migrateCommand(settings: Settings, flags: { readonly plan?: boolean }): Promise<void> {
  if (flags.plan) return printPlan(settings)
  await withStorage({ ...settings, migrate: true }, async () =>
    print('The database has the schema of this version.'),
  )
}

async function printPlan(settings: Settings): Promise<void> {
  const log = createLogger(settings)
  const pending = await plannedMigrations(settings, log, endsWithLock(log))
  if (pending === null) {
    print('There is no embedded database yet: the first start makes one with the schema of this version.')
    return
  }
  if (pending.length === 0) {
    print('The database has the schema of this version: nothing would be done.')
    return
  }
  printTable(
    ['would run', 'adds'],
    pending.map((name) => [name, migrations.get(name)?.adds ?? '']),
  )
}
