import type { DecodedCall, Exchange } from './exchange'
import type { RequestContext } from './request'
import type { Value } from './value'

/** Told of every exchange. */
export interface ExchangeWatcher {
  /** Called once it is over. */
  ended(exchange: Exchange, context: RequestContext, status: number, seconds: number): void
}

/** What a call has come to. A protocol in which that is more than a value, as in REST, adds the rest. */
export interface CallResult {
  /** What the answer holds; null for an answer that holds nothing. */
  readonly value: Value
}

/** Stands before and behind every call: it may wait, answer in its place, or note what it came to. */
export interface CallInterceptor {
  intercept<Result extends CallResult>(
    call: DecodedCall,
    request: RequestContext,
    run: () => Promise<Result>,
  ): Promise<Result>
}
