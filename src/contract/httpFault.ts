/** The HTTP statuses with which REST and the control API answer failures (RFC 9110, 15.5 and 15.6). */
export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 406 | 408 | 409 | 413 | 415 | 500 | 503

export interface HttpFaultOptions extends ErrorOptions {
  /** The fault's name in its table; absent for a fault without a table. */
  readonly key?: string
  /** Further facts beside the message; only the control API answers them. */
  readonly details?: Readonly<Record<string, unknown>>
}

/**
 * A documented failure of a request, by HTTP's status, for REST and the control API. The message is for the
 * person who sent the request.
 * The literal type of `name` keeps the compiler from accepting a fault of another numbering as one of these
 * (decision 022).
 */
export class HttpFault extends Error {
  override readonly name = 'HttpFault'
  readonly key: string | undefined
  readonly details: Readonly<Record<string, unknown>>

  /** @param options include the cause, if the fault is not the caller's; it is logged and not answered */
  constructor(
    readonly status: ErrorStatus,
    message: string,
    { key, details = {}, ...options }: HttpFaultOptions = {},
  ) {
    super(message, options)
    this.key = key
    this.details = details
  }
}

/** Fault names, each with HTTP's status and its standard text. */
export type HttpFaultTable<Key extends string = string> = Readonly<
  Record<Key, readonly [status: ErrorStatus, message: string]>
>

/**
 * Makes a function that creates the faults of a table: `throw fault('no_route')`. A detail replaces the
 * standard text.
 */
export function httpFaultsOf<Key extends string>(table: HttpFaultTable<Key>) {
  return (key: Key, detail?: string, options?: ErrorOptions): HttpFault => {
    const [status, message] = table[key]
    return new HttpFault(status, detail ?? message, { ...options, key })
  }
}
