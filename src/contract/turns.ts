import { setImmediate as turned } from 'node:timers/promises'

/** Work in small steps: between any two of them, others may have their turn. */
export type Steps<T> = Generator<void, T>

/** How long the steps of one turn may take together, in milliseconds; what is shorter is done at once. */
const LONGEST_TURN_MS = 10

let line: Promise<unknown> = Promise.resolve()

/** Does work without keeping the event loop from turning, whatever its size (decision 015). Throws what the work throws. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  let began = performance.now()
  let isLong = false
  for (;;) {
    const step = steps.next()
    if (step.done) {
      // Whatever is done with much begins in a turn of its own.
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

/** For work that awaits at every step: what it answers waits for a new turn when the last has lasted long enough. */
export function turnsTaken(): () => Promise<void> {
  let began = performance.now()
  return async () => {
    if (performance.now() - began < LONGEST_TURN_MS) return
    await nextTurn()
    began = performance.now()
  }
}

/** Waits for a turn of the event loop that no other work in turns takes: many such works make no turn longer. */
function nextTurn(): Promise<unknown> {
  line = line.then(() => turned())
  return line
}
