import pino, { type Logger } from 'pino'
import type { Settings } from '../settings'

/** Structured lines on standard error, so that standard output stays for what a command answers. */
export function createLogger({ logLevel }: Pick<Settings, 'logLevel'>): Logger {
  return pino({ level: logLevel }, pino.destination({ fd: 2, sync: true }))
}
