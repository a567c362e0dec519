import { setTimeout as pause } from 'node:timers/promises'

/** How long a failure is borne with. */
export interface Patience {
  /** How often something is tried in all. */
  readonly attempts: number
  /** Milliseconds before the second attempt, at most; twice as many before each further one. */
  readonly firstPause: number
}

/**
 * Runs `work` until it succeeds, fails for good, or has failed as often as patience allows. Pauses are of random length,
 * so that callers who failed together do not come back together.
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
