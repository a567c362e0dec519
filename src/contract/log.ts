/** The part of the logger that the inner rooms need. Unknown failures are logged with their cause. */
export interface Log {
  error(details: LogDetails, message: string): void
  debug(details: LogDetails, message: string): void
}

/** The log of a whole server, which also tells what is no failure. */
export interface ServerLog extends Log {
  info(details: Readonly<Record<string, unknown>>, message: string): void
  warn(message: string): void
}

export type LogDetails = { readonly err: unknown } & Record<string, unknown>
