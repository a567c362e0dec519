/** What PostgreSQL refuses whoever asks: its connections, its memory and disk, its system, a standby that takes no writes. */
const REFUSALS = /^(?:08|53|58)|^(?:57014|57P0[1-5]|25006)$/

/** What the network and the system say of a connection. */
const UNREACHABLE: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'ENOENT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** The driver has no codes for what it finds itself. */
const DRIVER = /^(?:Connection terminated|timeout expired|Query read timeout|Client .* not queryable)/

interface Failure {
  readonly code?: unknown
  readonly severity?: unknown
  readonly message?: unknown
  readonly errors?: unknown
}

/** Whether a failure is about the database as such, and so would meet any statement, and not about one statement. */
export function isDatabaseOutage(failure: unknown): boolean {
  const { code, severity, message, errors } = (failure ?? {}) as Failure
  // A host with several addresses fails at each of them.
  if (Array.isArray(errors)) return errors.some(isDatabaseOutage)
  // FATAL ends a connection: a wrong password, a database that starts or stops.
  if (severity === 'FATAL' || severity === 'PANIC') return true
  if (typeof code === 'string') return UNREACHABLE.has(code) || REFUSALS.test(code)
  return typeof message === 'string' && DRIVER.test(message)
}
