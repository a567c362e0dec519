import { readFile } from 'node:fs/promises'
import type { Settings } from '../settings/settings'
import { applySeed, parseSeed } from '../store/shop/seed'
import { print, withStorage } from './withStorage'

export async function seedCommand(settings: Settings, file: string): Promise<void> {
  const seed = parseSeed(await readFile(file, 'utf8'))
  await withStorage(settings, ({ database, secretBox }) => applySeed(database, seed, secretBox))
  print(
    `Seeded: ${seed.users.length} users, ${seed.stores.length} store views, ${seed.products.length} products.`,
  )
}

export async function migrateCommand(settings: Settings): Promise<void> {
  await withStorage({ ...settings, migrate: true }, async () =>
    print('The database has the schema of this version.'),
  )
}
