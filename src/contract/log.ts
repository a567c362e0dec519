/** The part of the logger that the inner rooms need: unknown failures are logged with their cause, then answered plainly. */
export interface Log {
  error(details: { readonly err: unknown } & Record<string, unknown>, message: string): void
}
