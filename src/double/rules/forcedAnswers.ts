import type { Spoiling } from '../../contract/exchange'
import { Fault, type FaultCode, type FaultTable } from '../../contract/fault'
import { isDocumented } from '../../contract/notedCall'
import type { RequestContext } from '../../contract/request'
import { HTML_PAGE, STATUS_PAGES } from './replacements'
import type { ForcedAnswer } from './rule'
import { Waits } from './waits'

/** Ends a call that is not carried out and whose answer is not sent. */
export class NotCarriedOut extends Fault {
  constructor() {
    super('not_carried_out', 1, 'The call was not carried out, and its answer is replaced.')
  }
}

/** Gives the answers that rules or magic SKUs ask for. */
export class ForcedAnswers {
  readonly #waits = new Waits()
  readonly #faults: ReadonlyMap<number, readonly [key: string, code: FaultCode, message: string]>

  /** @param faults all faults that may be asked for, with their standard texts */
  constructor(faults: readonly FaultTable[]) {
    this.#faults = new Map(
      faults.flatMap((table) =>
        Object.entries(table).map(([key, [code, message]]) => [code, [key, code, message]] as const),
      ),
    )
  }

  /**
   * Waits, and then throws the fault or has the request's answer spoilt. The call is carried out before the
   * wait if the answer says `after`; after the wait if there is no fault and the call's own answer, or a part
   * of it, is needed; and otherwise not at all. A call whose client hangs up during the wait is not carried
   * out any more.
   */
  async give<T>(answer: ForcedAnswer, request: RequestContext, run: () => Promise<T>): Promise<T> {
    const { exchange } = request.notes
    const done = answer.after ? await outcome(run) : null
    if (answer.wait !== undefined && !(await this.#waits.wait(answer.wait, exchange?.over))) {
      exchange?.spoil({ kind: 'cut' })
      throw new NotCarriedOut()
    }
    if (answer.fault !== undefined) throw this.#fault(answer.fault, answer.message)
    const spoiling = spoilingOf(answer)
    if (spoiling) exchange?.spoil(spoiling)
    if (done) return done()
    if (spoiling && !SHOWN_IN_PART.has(spoiling.kind)) throw new NotCarriedOut()
    return run()
  }

  /** Ends all waits, so that a server can stop or be reset at once. */
  endWaits(): void {
    this.#waits.endAll()
  }

  #fault(asked: number, text: string | undefined): Fault {
    const [key, code, message] = this.#faults.get(asked) ?? ['unknown', 0, '']
    return new Fault(key, code, text ?? message)
  }
}

/** Kinds of spoiling that send a part of the answer, and so need the answer of the call. */
const SHOWN_IN_PART: ReadonlySet<Spoiling['kind']> = new Set<Spoiling['kind']>(['truncated', 'malformed'])

function spoilingOf({ broken, http }: ForcedAnswer): Spoiling | null {
  if (http !== undefined) return { kind: 'replaced', answer: STATUS_PAGES[http] }
  if (broken === undefined) return null
  return broken === 'html' ? { kind: 'replaced', answer: HTML_PAGE } : { kind: broken }
}

/**
 * Runs the call and returns a function that gives its result, or throws its fault.
 *
 * @throws any failure that is not a fault
 */
async function outcome<T>(run: () => Promise<T>): Promise<() => T> {
  try {
    const value = await run()
    return () => value
  } catch (thrown) {
    if (!isDocumented(thrown)) throw thrown
    return () => {
      throw thrown
    }
  }
}
