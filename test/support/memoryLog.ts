import { setTimeout as pause } from 'node:timers/promises'
import pino, { type Logger } from 'pino'

export type LogLine = Readonly<Record<string, unknown>>

/** A real logger, at its most talkative, whose lines stay in memory. */
export interface MemoryLog {
  readonly log: Logger
  /** All that was written. */
  text(): string
  lines(): readonly LogLine[]
  /** The lines of one request, once the one that ends it is there. */
  ofRequest(requestId: string): Promise<readonly LogLine[]>
}

export function memoryLog(): MemoryLog {
  const written: string[] = []
  const lines = () => written.map((line): LogLine => JSON.parse(line))
  return {
    log: pino({ level: 'trace' }, { write: (line: string) => void written.push(line) }),
    text: () => written.join(''),
    lines,
    async ofRequest(requestId) {
      for (;;) {
        const found = lines().filter((line) => line.requestId === requestId)
        // The line is written when the connection has taken the answer, which may be after the client has read it.
        if (found.some((line) => 'ms' in line)) return found
        await pause(5)
      }
    },
  }
}
