import { SingleBar } from 'cli-progress'
import { printAside } from './terminal'

/** How often a line shows the progress when standard error is no terminal. */
const LINE_EVERY_MS = 10_000

/**
 * Shows the progress of a command on standard error: a bar on a terminal, otherwise a line every ten seconds.
 */
export interface Progress {
  advance(): void
  stop(): void
}

export function progressOf(total: number, things: string): Progress {
  return process.stderr.isTTY ? barOf(total, things) : linesOf(total, things)
}

function barOf(total: number, things: string): Progress {
  const bar = new SingleBar({ format: `{bar} {percentage}% | {value}/{total} ${things} | {eta_formatted}` })
  bar.start(total, 0)
  return { advance: () => bar.increment(), stop: () => bar.stop() }
}

function linesOf(total: number, things: string): Progress {
  let done = 0
  const timer = setInterval(() => printAside(`${done} of ${total} ${things}`), LINE_EVERY_MS)
  return {
    advance() {
      done++
    },
    stop: () => clearInterval(timer),
  }
}
