import type { ServerResponse } from 'node:http'
import type { Entry } from '../../double/journal/entry'
import type { Journal } from '../../double/journal/journal'
import type { StillAllowed } from '../access'

/**
 * How often a comment is sent. It keeps proxies from closing the stream, and shows when the reader has gone, or may no
 * longer read.
 */
const HEARTBEAT_MS = 5_000

/** How much a slow reader may leave unread. Beyond that its stream is closed, so that the memory does not fill up. */
const MOST_UNREAD_BYTES = 16 * 1024 * 1024

/**
 * Writes entries as server-sent events as they come. Nothing is written to who may no longer read: the stream ends in
 * place of the next entry, or of the next comment.
 */
export function streamJournal(
  response: ServerResponse,
  journal: Journal,
  stillAllowed: StillAllowed,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' })
  response.write(': the journal\n\n')
  return new Promise((resolve, reject) => {
    const writer = new CheckedWriter(response, stillAllowed, reject)
    const stop = journal.listen(
      (entry) => writer.write(eventOf(entry)),
      () => writer.end(),
    )
    const heartbeat = setInterval(() => writer.write(':\n\n'), HEARTBEAT_MS)
    response.on('close', () => {
      clearInterval(heartbeat)
      stop()
      resolve()
    })
  })
}

function eventOf(entry: Entry): string {
  return `id: ${entry.id}\nevent: entry\ndata: ${JSON.stringify(entry)}\n\n`
}

/** Writes texts in their order, each after it was asked whether the reader may still read. */
class CheckedWriter {
  #waiting: string[] = []
  #waitingLength = 0
  #isAsking = false
  #isOver = false

  constructor(
    private readonly response: ServerResponse,
    private readonly stillAllowed: StillAllowed,
    /** Called when it cannot be found out whether the reader may still read. */
    private readonly onFailure: (cause: unknown) => void,
  ) {}

  write(text: string): void {
    if (this.#isOver) return
    this.#waiting.push(text)
    this.#waitingLength += text.length
    if (this.response.writableLength + this.#waitingLength > MOST_UNREAD_BYTES) this.response.destroy()
    else if (!this.#isAsking) this.#writeWaiting().catch(this.onFailure)
  }

  /** Ends the answer, behind what waits. */
  end(): void {
    this.#isOver = true
    if (!this.#isAsking) this.response.end()
  }

  async #writeWaiting(): Promise<void> {
    this.#isAsking = true
    while (this.#waiting.length > 0) {
      // Texts that arrive during the check go through another check.
      const texts = this.#waiting
      this.#waiting = []
      this.#waitingLength = 0
      if (!(await this.stillAllowed())) {
        this.#isOver = true
        break
      }
      if (this.response.destroyed) return
      for (const text of texts) this.response.write(text)
    }
    this.#isAsking = false
    if (this.#isOver) this.response.end()
  }
}
