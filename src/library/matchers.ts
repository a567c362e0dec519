import type { Control } from './control'
import type { CallMatch, HowOften } from './journalQueries'
import { nearMissesText } from './nearMisses'

/** What `expect` is given: a running server, or anything that has its control. */
export interface Watched {
  readonly control: Control
}

/** As `expect.extend` wants it. */
export interface MatcherResult {
  readonly pass: boolean
  message(): string
}

/** Matchers on a server's journal, for `expect.extend` of Jest and of Vitest. Each is to be awaited. */
export const keepsakeMatchers = {
  /** Whether such a call was made, once or more. */
  toHaveReceivedCall: (keepsake: Watched, match: CallMatch = {}) => judged(keepsake, match, { atLeast: 1 }),

  /** Whether such a call was made exactly so many times. */
  toHaveReceivedCallTimes: (keepsake: Watched, times: number, match: CallMatch = {}) =>
    judged(keepsake, match, { exactly: times }),

  /** Whether such a call was answered with the fault of this code, once or more. */
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
