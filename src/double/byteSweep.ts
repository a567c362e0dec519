import type { ImageStore } from '../catalog/ports'
import { unneededFiles } from '../catalog/upkeep/unneededFiles'
import type { Log } from '../contract/log'

/** Younger bytes may belong to an upload under way, which stores them before their row. */
const YOUNGEST_MS = 60_000
const INTERVAL_MS = 10_000

export interface ByteSweepParts {
  readonly images: ImageStore
  /** Returns those of the storage keys that a row or a snapshot needs. */
  readonly needed: (storageKeys: readonly string[]) => Promise<ReadonlySet<string>>
  /** Deletes outdated variants. */
  readonly dropOutdated: () => Promise<void>
  readonly log: Log
}

/** Deletes bytes that no row and no snapshot needs, so that a long run of tests does not fill the memory. */
export class ByteSweep {
  #last = Number.NEGATIVE_INFINITY
  #running: Promise<void> = Promise.resolve()

  constructor(private readonly parts: ByteSweepParts) {}

  /** Sweeps in the background, unless the last sweep was a moment ago. */
  start(): void {
    if (performance.now() - this.#last < INTERVAL_MS) return
    this.#last = performance.now()
    this.#running = this.#sweep().catch((err: unknown) => {
      this.parts.log.error({ err }, 'bytes that nobody needs were not deleted: a later reset tries again')
    })
  }

  /** Waits for the sweep that is under way. */
  async stop(): Promise<void> {
    await this.#running
  }

  async #sweep(): Promise<void> {
    const { images, needed, dropOutdated } = this.parts
    await dropOutdated()
    const oldest = Date.now() - YOUNGEST_MS
    for await (const { key, modified } of unneededFiles(images, {
      known: needed,
      released: async () => NEVER,
    })) {
      if (modified.getTime() < oldest) await images.delete(key)
    }
  }
}

/** No other process reads bytes in memory, so it does not matter how long ago they were released. */
const NEVER: ReadonlyMap<string, Date> = new Map()
