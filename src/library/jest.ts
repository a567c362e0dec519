import type {} from 'expect'
import type { CallMatch } from './journalQueries'
import { keepsakeMatchers } from './matchers'

export { keepsakeMatchers, type MatcherResult, type Watched } from './matchers'

/** What `expect(keepsake)` can be asked about the journal. Each is to be awaited, else it passes whatever happened. */
export interface KeepsakeMatchers {
  /** Such a call was made, once or more; of any kind without a match. */
  toHaveReceivedCall(match?: CallMatch): Promise<void>
  /** Such a call was made exactly so many times. */
  toHaveReceivedCallTimes(times: number, match?: CallMatch): Promise<void>
  /** Such a call was answered with the fault of this code, once or more. */
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

/** The `expect` that Jest, or Vitest with its globals, gives a test; elsewhere `expect.extend(keepsakeMatchers)` does it. */
const { expect } = globalThis as { readonly expect?: { extend?(matchers: object): void } }
expect?.extend?.(keepsakeMatchers)
