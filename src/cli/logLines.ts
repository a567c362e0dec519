import { writeSync } from 'node:fs'

/** Lines are written by the page, and at least twice a second: a line a call would cost a system call each. */
const PAGE = 4096
const LONGEST_WAIT_MS = 500

/** In bytes: what is kept of a log that cannot be written. */
const MOST_KEPT = 1024 * 1024

/**
 * Writes lines to a file descriptor, none of which keeps the process or ends it, whatever becomes of the descriptor: a
 * reader that has gone or does not read, a full disk. What cannot be written is kept, up to a bound, and tried again;
 * lines beyond the bound are lost, and a line says how many once there is room. pino's own destination tries for ever.
 */
export class LogLines {
  /** What is not written yet, the first of it perhaps the rest of a line. */
  #kept: Buffer[] = []
  #keptBytes = 0
  /** Bytes that came since the last try. */
  #fresh = 0
  #lost = 0

  /** @param descriptor must not block: what it cannot take at once, it must refuse */
  constructor(private readonly descriptor: number) {
    setInterval(() => this.flushSync(), LONGEST_WAIT_MS).unref()
    process.once('exit', () => this.flushSync())
  }

  /** Takes a line, with its end. */
  write(line: string): void {
    const bytes = Buffer.from(line)
    if (this.#keptBytes + bytes.length > MOST_KEPT) {
      this.#lost++
      return
    }
    this.#keep(bytes)
    this.#fresh += bytes.length
    if (this.#fresh >= PAGE) this.flushSync()
  }

  /** Writes what the descriptor takes now. Never throws. The name is the one by which pino calls it at a fatal line. */
  flushSync(): void {
    this.#fresh = 0
    this.#writeKept()
    if (this.#lost === 0 || this.#keptBytes > 0) return
    this.#keep(Buffer.from(lossLine(this.#lost)))
    this.#lost = 0
    this.#writeKept()
  }

  #keep(bytes: Buffer): void {
    this.#kept.push(bytes)
    this.#keptBytes += bytes.length
  }

  #writeKept(): void {
    let rest = Buffer.concat(this.#kept)
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(this.descriptor, rest))
    } catch {
      // There is nobody to tell. The next try tells how many lines were lost.
    }
    this.#kept = rest.length > 0 ? [rest] : []
    this.#keptBytes = rest.length
  }
}

/** In the form of pino's lines, at its level `error`. */
function lossLine(lines: number): string {
  const msg = `the log could not be written for a while: ${lines} lines are lost`
  return `${JSON.stringify({ level: 50, time: Date.now(), lost: lines, msg })}\n`
}
