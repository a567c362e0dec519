import type { ImageStore } from '../catalog/ports'
import { unneededFiles } from '../catalog/upkeep/unneededFiles'
import type { Log } from '../contract/log'

/** Bytes are stored before their row: those of an upload that is under way are this young. */
const YOUNGEST_MS = 60_000
const INTERVAL_MS = 10_000

export interface ByteSweepParts {
  readonly images: ImageStore
  /** Those of the storage keys that a row or a snapshot needs. */
  readonly needed: (storageKeys: readonly string[]) => Promise<ReadonlySet<string>>
  /** Deletes what is known to be needed by nobody. */
  readonly dropOutdated: () => Promise<void>
  readonly log: Log
}

/** Lets bytes go that no row and no snapshot needs, so that a long run of tests does not fill the memory. */
export class ByteSweep {
  #last = Number.NEGATIVE_INFINITY
  #running: Promise<void> = Promise.resolve()

  constructor(private readonly parts: ByteSweepParts) {}

  /** Sweeps in the background, unless that was done a moment ago. */
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

/** Nobody else reads what is in memory: how long ago bytes were released does not count. */
const NEVER: ReadonlyMap<string, Date> = new Map()
