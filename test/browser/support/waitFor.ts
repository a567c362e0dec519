import { setTimeout as pause } from 'node:timers/promises'

const PATIENCE_MS = 8000

/** Runs the assertion until it holds. @throws what it threw last */
export async function waitFor(assertion: () => Promise<void>): Promise<void> {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    try {
      await assertion()
      return
    } catch (thrown) {
      if (Date.now() > end) throw thrown
    }
    await pause(50)
  }
}
