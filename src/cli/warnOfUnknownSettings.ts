import type { Logger } from 'pino'
import { unknownSettings } from '../settings/settings'

/** Logs a warning of each variable of the environment that looks like a setting and is none: it has no effect. */
export function warnOfUnknownSettings(log: Logger): void {
  for (const line of unknownSettings(process.env)) log.warn(line)
}
