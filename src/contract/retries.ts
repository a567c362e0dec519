import { setTimeout as pause } from 'node:timers/promises'

/** How often and how soon a failed attempt is repeated. */
export interface Patience {
  /** The largest number of attempts, the first included. */
  readonly attempts: number
  /** The longest pause before the second attempt, in milliseconds. It doubles for each further attempt. */
  readonly firstPause: number
}

/**
 * Runs `work` until it succeeds, fails in a way that a retry cannot help, or all attempts are used. Pauses
 * are of random length, so that callers that failed together do not retry together.
 *
 * @param mayHelp whether trying again may help after this failure
 * @throws the last failure
 */
export async function withRetries<T>(
  { attempts, firstPause }: Patience,
  mayHelp: (failure: unknown) => boolean,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (failure) {
      if (attempt >= attempts || !mayHelp(failure)) throw failure
      await pause(Math.random() * firstPause * 2 ** (attempt - 1))
    }
  }
}
