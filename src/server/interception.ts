import { globalFaults } from '../api/faults'
import { productMediaFaults } from '../catalog/rpc/faults'
import type { CallInterceptor, ExchangeWatcher } from '../contract/interception'
import { ForcedAnswers } from '../double/rules/forcedAnswers'
import { MagicSkus } from '../double/rules/magicSku'

/** The parts that intercept calls. */
export interface Interception {
  readonly interceptor: CallInterceptor
  readonly exchanges: ExchangeWatcher
  /** Ends all waits, so that the server can stop. */
  close(): void
}

/** Obeys magic SKUs, and nothing else. */
export function magicSkuInterception(): Interception {
  const answers = forcedAnswers()
  return {
    interceptor: new MagicSkus(answers),
    // Answers can be spoilt, but exchanges are not recorded.
    exchanges: { ended: () => undefined },
    close: () => answers.endWaits(),
  }
}

/** Returns the code that answers in place of calls, with all faults of the API. */
export function forcedAnswers(): ForcedAnswers {
  return new ForcedAnswers([globalFaults, productMediaFaults])
}
