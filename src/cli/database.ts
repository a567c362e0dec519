import { readFile } from 'node:fs/promises'
import { migrations } from '../../migrations/index'
import { plannedMigrations } from '../server/storage'
import type { Settings } from '../settings/settings'
import { applySeed, parseSeed } from '../store/shop/seed'
import { createLogger } from './logger'
import { endsWithLock } from './processStorage'
import { print, printTable, withStorage } from './withStorage'

export async function seedCommand(settings: Settings, file: string): Promise<void> {
  const seed = parseSeed(await readFile(file, 'utf8'))
  await withStorage(settings, ({ database, secretBox }) => applySeed(database, seed, secretBox))
  print(
    `Seeded: ${seed.users.length} users, ${seed.stores.length} store views, ${seed.products.length} products.`,
  )
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
