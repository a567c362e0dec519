/** The part of the logger that the inner rooms need. Unknown failures are logged with their cause. */
export interface Log {
  error(details: LogDetails, message: string): void
  debug(details: LogDetails, message: string): void
}

export type LogDetails = { readonly err: unknown } & Record<string, unknown>
