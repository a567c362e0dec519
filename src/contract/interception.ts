import type { DecodedCall, Exchange } from './exchange'
import type { RequestContext } from './request'

/** Told of every exchange. */
export interface ExchangeWatcher {
  /** Called once it is over. */
  ended(exchange: Exchange, context: RequestContext, status: number, seconds: number): void
}

/** Stands before and behind every call: it may wait, answer in its place, or note what it came to. */
export interface CallInterceptor {
  intercept<T>(call: DecodedCall, request: RequestContext, run: () => Promise<T>): Promise<T>
}
