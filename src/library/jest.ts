import type {} from 'expect'
import type { CallMatch } from './journalQueries'
import { keepsakeMatchers } from './matchers'

export { keepsakeMatchers, type MatcherResult, type Watched } from './matchers'

/**
 * Checks of the journal, for `expect(keepsake)`. Await each of them: a check that is not awaited can never fail the
 * test.
 *
 * @example
 * await expect(keepsake).toHaveReceivedCall({ method: 'create', product: 'Sku' })
 */
export interface KeepsakeMatchers {
  /** Expects at least one matching call; without a match, at least one call of any kind. */
  toHaveReceivedCall(match?: CallMatch): Promise<void>
  /** Expects exactly this number of matching calls. */
  toHaveReceivedCallTimes(times: number, match?: CallMatch): Promise<void>
  /** Expects at least one matching call that was answered with the fault of this code, such as 104. */
  toHaveAnsweredFault(fault: number, match?: CallMatch): Promise<void>
}

declare global {
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: the parameters must be those of @types/jest
    interface Matchers<R, T = {}> extends KeepsakeMatchers {}
  }
}

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends KeepsakeMatchers {}
}

/**
 * The global `expect` of Jest, or of Vitest with globals. Without a global one, call `expect.extend(keepsakeMatchers)`.
 */
const { expect } = globalThis as { readonly expect?: { extend?(matchers: object): void } }
expect?.extend?.(keepsakeMatchers)
