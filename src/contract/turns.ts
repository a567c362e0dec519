import { setImmediate as turned } from 'node:timers/promises'

/** Work in small steps. Other work may run between any two steps. */
export type Steps<T> = Generator<void, T>

/**
 * How long the steps of one turn of the event loop may take together, in milliseconds. Shorter work is done
 * at once.
 */
const LONGEST_TURN_MS = 10

let line: Promise<unknown> = Promise.resolve()

/** Does work of any size without blocking the event loop (decision 015). Throws what the work throws. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  let began = performance.now()
  let isLong = false
  for (;;) {
    const step = steps.next()
    if (step.done) {
      // The code that uses a large result begins in a turn of its own.
      if (isLong) await nextTurn()
      return step.value
    }
    if (performance.now() - began < LONGEST_TURN_MS) continue
    isLong = true
    await nextTurn()
    began = performance.now()
  }
}

/** Does work at once, for a caller that cannot wait and knows that it is small. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/**
 * Returns a function for work that awaits at every step. It waits for a new turn when the current one has
 * lasted too long.
 */
export function turnsTaken(): () => Promise<void> {
  let began = performance.now()
  return async () => {
    if (performance.now() - began < LONGEST_TURN_MS) return
    await nextTurn()
    began = performance.now()
  }
}

/** Queues behind all other sliced work, so that one turn of the event loop runs one slice. */
function nextTurn(): Promise<unknown> {
  line = line.then(() => turned())
  return line
}
