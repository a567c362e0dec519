import type { DecodedCall, Exchange } from './exchange'
import type { RequestContext } from './request'
import type { Value } from './value'

/** Receives every exchange. */
export interface ExchangeWatcher {
  /** Called when the exchange has ended. */
  ended(exchange: Exchange, context: RequestContext, status: number, seconds: number): void
}

/** The result of a call. A protocol whose result is more than a value, such as REST, extends it. */
export interface CallResult {
  /** The value of the answer; null for an empty answer. */
  readonly value: Value
}

/** Runs around every call: it may wait, answer in place of the call, or note the result. */
export interface CallInterceptor {
  intercept<Result extends CallResult>(
    call: DecodedCall,
    request: RequestContext,
    run: () => Promise<Result>,
  ): Promise<Result>
}
