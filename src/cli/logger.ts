import pino, { type Logger } from 'pino'
import type { Settings } from '../settings/settings'
import { printableJson } from '../text/printable'

/** Structured lines on standard error, so that standard output stays for what a command answers. */
export function createLogger({ logLevel }: Pick<Settings, 'logLevel'>): Logger {
  // Lines are written by the page, and at least twice a second: a line a call would cost a system call each.
  const destination = pino.destination({ fd: 2, sync: false, minLength: 4096, periodicFlush: 500 })
  process.once('exit', () => destination.flushSync())
  return pino({ level: logLevel }, { write: (line: string) => destination.write(printableJson(line)) })
}
