import type { Storage } from '../server/storage'
import type { Settings } from '../settings/settings'
import { CommandError } from './commandError'
import { createLogger } from './logger'
import { openProcessStorage } from './processStorage'
import { warnOfUnknownSettings } from './warnOfUnknownSettings'

/** Runs a command with the storage that the settings name, and closes it afterwards. */
export async function withStorage<T>(settings: Settings, work: (storage: Storage) => Promise<T>): Promise<T> {
  const isForgotten = settings.memory && settings.databaseUrl === null
  if (isForgotten)
    throw new CommandError('KEEPSAKE_MEMORY is set: what this command changes would be gone when it ends')
  const log = createLogger(settings)
  warnOfUnknownSettings(log)
  const storage = await openProcessStorage(settings, log)
  try {
    return await work(storage)
  } finally {
    await storage.close()
  }
}
