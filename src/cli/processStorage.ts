import type { Logger } from 'pino'
import { openStorage, type Storage } from '../server/storage'
import type { Settings } from '../settings/settings'

/**
 * Opens the storage for the life of this process. The process ends when another one may have taken the data
 * directory.
 */
export function openProcessStorage(settings: Settings, log: Logger): Promise<Storage> {
  return openStorage(settings, log, endsWithLock(log))
}

/** What a process does that has lost its data directory. */
export function endsWithLock(log: Logger): (err: Error) => void {
  return (err) => {
    log.fatal({ err }, 'the data directory is no longer locked for this process')
    process.exit(1)
  }
}
