import pino, { type Logger } from 'pino'
import type { Settings } from '../settings/settings'
import { printableJson } from '../text/printable'
import { LogLines } from './logLines'

/**
 * Creates a logger that writes structured lines to standard error. Standard output is for the results of
 * commands.
 */
export function createLogger({ logLevel }: Pick<Settings, 'logLevel'>): Logger {
  // Node opens the stream when it is first asked for, and from then on a pipe or a socket does not block.
  const lines = new LogLines(process.stderr.fd)
  const destination = {
    write: (line: string) => lines.write(printableJson(line)),
    flushSync: () => lines.flushSync(),
  }
  return pino({ level: logLevel }, destination)
}
