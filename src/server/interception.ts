import { globalFaults } from '../api/faults'
import { productMediaFaults } from '../catalog/rpc/faults'
import type { CallInterceptor, ExchangeWatcher } from '../contract/interception'
import { ForcedAnswers } from '../double/rules/forcedAnswers'
import { MagicSkus } from '../double/rules/magicSku'

/** What stands before and behind the calls. */
export interface Interception {
  readonly interceptor: CallInterceptor
  readonly exchanges: ExchangeWatcher
  /** Lets go of whoever waits, so that the server can stop. */
  close(): void
}

/** Obeys magic SKUs, and nothing else. */
export function magicSkuInterception(): Interception {
  const answers = forcedAnswers()
  return {
    interceptor: new MagicSkus(answers),
    // Answers can be spoilt, but nothing is kept of them.
    exchanges: { ended: () => undefined },
    close: () => answers.endWaits(),
  }
}

/** Answers in place of calls, by every fault that the API has. */
export function forcedAnswers(): ForcedAnswers {
  return new ForcedAnswers([globalFaults, productMediaFaults])
}
