import type { DecodedCall, Exchange, NotedCall } from '../contract/exchange'
import { Fault } from '../contract/fault'
import type { CallInterceptor, ExchangeWatcher } from '../contract/interception'
import type { RequestContext } from '../contract/request'
import type { Value } from '../contract/value'
import { AdjustableClock } from './clock'
import { SessionIds } from './ids'
import type { LooseMode } from './loose'

export interface DoubleParts {
  readonly deterministicIds: boolean
  readonly loose: boolean
}

/** A server that stands in for another in tests: it obeys rules about what to answer, and remembers what it was asked. */
export class Double implements CallInterceptor, ExchangeWatcher {
  readonly clock = new AdjustableClock()
  readonly ids: SessionIds
  readonly mode: LooseMode

  constructor({ deterministicIds, loose }: DoubleParts) {
    this.ids = new SessionIds(deterministicIds)
    this.mode = { isLoose: loose }
  }

  async intercept<T>(call: DecodedCall, request: RequestContext, run: () => Promise<T>): Promise<T> {
    const note: NotedCall = { ...call }
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

  ended(_exchange: Exchange, _context: RequestContext, _status: number, _seconds: number): void {}

  /** Everything that lasts here as it was at the start; whether it is loose, and ids repeat, stays as it was set. */
  reset(): void {
    this.clock.reset()
    this.ids.restart()
  }
}
