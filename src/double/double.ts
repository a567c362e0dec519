import type { DecodedCall, Exchange, NotedCall } from '../contract/exchange'
import { Fault } from '../contract/fault'
import type { CallInterceptor, ExchangeWatcher } from '../contract/interception'
import type { RequestContext } from '../contract/request'
import type { Value } from '../contract/value'
import type { AdjustableClock } from './clock'
import { type ForcedAnswers, NotCarriedOut } from './forcedAnswers'
import type { SessionIds } from './ids'
import type { LooseMode } from './loose'
import { magicAnswer } from './magicSku'
import type { Rules } from './rules'

export interface DoubleParts {
  readonly clock: AdjustableClock
  readonly ids: SessionIds
  readonly mode: LooseMode
  readonly rules: Rules
  readonly answers: ForcedAnswers
  /** Whether magic SKUs are obeyed too, after the rules. */
  readonly magicSkus: boolean
}

/** A server that stands in for another in tests: it obeys rules about what to answer, and remembers what it was asked. */
export class Double implements CallInterceptor, ExchangeWatcher {
  readonly clock: AdjustableClock
  readonly ids: SessionIds
  readonly mode: LooseMode
  readonly rules: Rules

  constructor(private readonly parts: DoubleParts) {
    this.clock = parts.clock
    this.ids = parts.ids
    this.mode = parts.mode
    this.rules = parts.rules
  }

  async intercept<T>(call: DecodedCall, request: RequestContext, run: () => Promise<T>): Promise<T> {
    const note: NotedCall = { ...call }
    request.exchange?.calls.push(note)
    try {
      const value = await this.#answered(note, request, run)
      note.value = value as Value
      return value
    } catch (thrown) {
      if (thrown instanceof Fault && !(thrown instanceof NotCarriedOut))
        note.fault = { key: thrown.key, code: thrown.code, message: thrown.message }
      throw thrown
    }
  }

  ended(_exchange: Exchange, _context: RequestContext, _status: number, _seconds: number): void {}

  /** Everything that lasts here as it was at the start; whether it is loose, and ids repeat, stays as it was set. */
  reset(): void {
    this.clock.reset()
    this.ids.restart()
    this.rules.reset()
    this.parts.answers.endWaits()
  }

  /** Lets go of whoever waits, so that the server can stop. */
  close(): void {
    this.parts.answers.endWaits()
  }

  async #answered<T>(note: NotedCall, request: RequestContext, run: () => Promise<T>): Promise<T> {
    const { rules, answers, magicSkus } = this.parts
    const rule = await rules.answering(note, request)
    if (rule) note.rule = rule.id
    const answer = rule?.answer ?? (magicSkus ? magicAnswer(note) : null)
    return answer ? answers.give(answer, request, run) : run()
  }
}
