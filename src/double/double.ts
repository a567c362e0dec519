import type { DecodedCall, Exchange, NotedCall } from '../contract/exchange'
import { Fault } from '../contract/fault'
import type { CallInterceptor, ExchangeWatcher } from '../contract/interception'
import { callerOf } from '../contract/notedCall'
import type { RequestContext } from '../contract/request'
import type { Value } from '../contract/value'
import type { AdjustableClock } from './clock'
import type { Journal } from './journal/journal'

export interface DoubleParts {
  readonly clock: AdjustableClock
  readonly journal: Journal
}

/** A server that stands in for another in tests: it obeys rules about what to answer, and remembers what it was asked. */
export class Double implements CallInterceptor, ExchangeWatcher {
  readonly clock: AdjustableClock
  readonly journal: Journal

  constructor({ clock, journal }: DoubleParts) {
    this.clock = clock
    this.journal = journal
  }

  async intercept<T>(call: DecodedCall, request: RequestContext, run: () => Promise<T>): Promise<T> {
    const note: NotedCall = { ...call, ...callerOf(request) }
    request.exchange?.calls.push(note)
    try {
      const value = await run()
      note.value = value as Value
      return value
    } catch (thrown) {
      if (thrown instanceof Fault)
        note.fault = { key: thrown.key, code: thrown.code, message: thrown.message }
      throw thrown
    }
  }

  ended(exchange: Exchange, context: RequestContext, status: number, seconds: number): void {
    if (UNNOTED.test(exchange.target)) return
    this.journal.add({ exchange, context, status, seconds })
  }

  /** Everything that lasts here as it was at the start. */
  reset(): void {
    this.clock.reset()
    this.journal.clear()
  }

  /** Lets go of whoever watches, so that the server can stop. */
  close(): void {
    this.journal.close()
  }
}

/** What people and machines ask beside the API: the control API, the console, and whether the server lives. */
const UNNOTED = /^\/(?:_keepsake|console|healthz|readyz|favicon\.ico)(?:[/?]|$)/
