import type { Control } from './control'
import type { CallMatch, HowOften } from './journalQueries'
import { nearMissesText } from './nearMisses'

/** The value that `expect` is called with: a running server, or any object that has its `control`. */
export interface Watched {
  readonly control: Control
}

/** The result of a matcher, in the form that `expect.extend` requires. */
export interface MatcherResult {
  readonly pass: boolean
  message(): string
}

/**
 * Matchers on a server's journal, for `expect.extend` of Jest or Vitest. Await each of them.
 *
 * @example
 * expect.extend(keepsakeMatchers)
 */
export const keepsakeMatchers = {
  /** Checks that at least one matching call was made. */
  toHaveReceivedCall: (keepsake: Watched, match: CallMatch = {}) => judged(keepsake, match, { atLeast: 1 }),

  /** Checks that exactly this number of matching calls was made. */
  toHaveReceivedCallTimes: (keepsake: Watched, times: number, match: CallMatch = {}) =>
    judged(keepsake, match, { exactly: times }),

  /** Checks that at least one matching call was answered with the fault of this code. */
  toHaveAnsweredFault: (keepsake: Watched, fault: number, match: CallMatch = {}) =>
    judged(keepsake, { ...match, fault }, { atLeast: 1 }),
}

async function judged(keepsake: Watched, match: CallMatch, howOften: HowOften): Promise<MatcherResult> {
  if (typeof keepsake?.control?.journal?.verify !== 'function')
    throw new TypeError('expected what startKeepsake has answered: expect(keepsake)')
  const { passed, calls, message, nearMisses } = await keepsake.control.journal.verify(match, howOften)
  if (!passed)
    return {
      pass: false,
      message: () => `expected ${JSON.stringify(match)}: ${message}${nearMissesText(nearMisses)}`,
    }
  const made = `${calls} ${calls === 1 ? 'call' : 'calls'}`
  return { pass: true, message: () => `expected no such call, got ${made}: ${JSON.stringify(match)}` }
}
