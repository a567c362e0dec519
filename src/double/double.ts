import type { DecodedCall, Exchange, NotedCall } from '../contract/exchange'
import type { CallInterceptor, CallResult, ExchangeWatcher } from '../contract/interception'
import { callerOf, isDocumented, notedFault } from '../contract/notedCall'
import type { RequestContext } from '../contract/request'
import type { AdjustableClock } from './clock'
import type { SessionIds } from './ids'
import type { Journal } from './journal/journal'
import type { LooseMode } from './loose'
import { type ForcedAnswers, NotCarriedOut } from './rules/forcedAnswers'
import { magicAnswer } from './rules/magicSku'
import type { Rules } from './rules/rules'

export interface DoubleParts {
  readonly clock: AdjustableClock
  readonly ids: SessionIds
  readonly mode: LooseMode
  readonly journal: Journal
  readonly rules: Rules
  readonly answers: ForcedAnswers
  /** Whether magic SKUs are obeyed as well, after the rules. */
  readonly magicSkus: boolean
}

/** A server that replaces another one in tests. It answers as its rules say, and records the requests. */
export class Double implements CallInterceptor, ExchangeWatcher {
  readonly clock: AdjustableClock
  readonly ids: SessionIds
  readonly mode: LooseMode
  readonly journal: Journal
  readonly rules: Rules

  constructor(private readonly parts: DoubleParts) {
    this.clock = parts.clock
    this.ids = parts.ids
    this.mode = parts.mode
    this.journal = parts.journal
    this.rules = parts.rules
  }

  async intercept<Result extends CallResult>(
    call: DecodedCall,
    request: RequestContext,
    run: () => Promise<Result>,
  ): Promise<Result> {
    const note: OpenNote = { ...call, ...callerOf(request) }
    request.notes.exchange?.noteCall(note)
    try {
      const result = await this.#answered(note, request, run)
      note.value = result.value
      return result
    } catch (thrown) {
      if (isDocumented(thrown) && !(thrown instanceof NotCarriedOut)) note.fault = notedFault(thrown)
      throw thrown
    }
  }

  ended(exchange: Exchange, context: RequestContext, status: number, seconds: number): void {
    if (UNNOTED.test(exchange.target)) return
    this.journal.add({ exchange, context, status, seconds })
  }

  /**
   * Resets rules, journal, clock and the sequence of ids. Loose mode, and whether ids repeat, stay as they
   * were set.
   */
  reset(): void {
    this.clock.reset()
    this.ids.restart()
    this.rules.reset()
    this.journal.clear()
    this.parts.answers.endWaits()
  }

  /** Ends all waits and subscriptions, so that the server can stop. */
  close(): void {
    this.journal.close()
    this.parts.answers.endWaits()
  }

  async #answered<T>(note: OpenNote, request: RequestContext, run: () => Promise<T>): Promise<T> {
    const { rules, answers, magicSkus } = this.parts
    const rule = await rules.answering(note, request)
    if (rule) note.rule = rule.id
    const answer = rule?.answer ?? (magicSkus ? magicAnswer(note) : null)
    return answer ? answers.give(answer, request, run) : run()
  }
}

/** The note of a call that is still running. Only this file writes it. */
type OpenNote = { -readonly [Name in keyof NotedCall]: NotedCall[Name] }

/** Requests beside the API, which the journal leaves out: the control API, the console and health checks. */
const UNNOTED = /^\/(?:_keepsake|console|healthz|readyz|favicon\.ico)(?:[/?]|$)/
