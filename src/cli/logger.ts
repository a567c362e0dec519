import pino, { type Logger } from 'pino'
import type { Settings } from '../settings/settings'
import { LogLines } from './logLines'

/** Structured lines on standard error, so that standard output stays for what a command answers. */
export function createLogger({ logLevel }: Pick<Settings, 'logLevel'>): Logger {
  // Node opens the stream when it is first asked for, and from then on a pipe or a socket does not block.
  const { fd } = process.stderr
  return pino({ level: logLevel }, new LogLines(fd))
}
