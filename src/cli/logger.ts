import pino, { type Logger } from 'pino'
import type { Settings } from '../settings/settings'

/**
 * Creates a logger that writes structured lines to standard error. Standard output is for the results of
 * commands.
 */
export function createLogger({ logLevel }: Pick<Settings, 'logLevel'>): Logger {
  // Lines are written in blocks of 4096 bytes, and at least twice a second: one write for each call would
  // cost a system call each.
  const destination = pino.destination({ fd: 2, sync: false, minLength: 4096, periodicFlush: 500 })
  process.once('exit', () => destination.flushSync())
  return pino({ level: logLevel }, destination)
}
