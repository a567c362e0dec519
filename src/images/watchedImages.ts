import type { Readable } from 'node:stream'
import type { ImageStore, StoredBytes } from '../catalog/ports'

/** Told of each operation, how many seconds it took, and what it failed with; null when it did not. */
export type ImageStoreWatcher = (
  operation: 'write' | 'open' | 'read' | 'delete' | 'list' | 'check',
  seconds: number,
  failure: unknown,
) => void

/** Wraps an image store and reports its operations. */
export class WatchedImages implements ImageStore {
  constructor(
    private readonly images: ImageStore,
    private readonly watcher: ImageStoreWatcher,
  ) {}

  write(key: string, bytes: Uint8Array): Promise<void> {
    return this.#watched('write', () => this.images.write(key, bytes))
  }

  async open(key: string): Promise<StoredBytes | null> {
    const bytes = await this.#watched('open', () => this.images.open(key))
    return bytes && { size: bytes.size, read: (range) => this.#watchedRead(bytes.read(range)) }
  }

  delete(key: string): Promise<void> {
    return this.#watched('delete', () => this.images.delete(key))
  }

  async *list(): ReturnType<ImageStore['list']> {
    const since = secondsSince()
    try {
      yield* this.images.list()
    } catch (thrown) {
      this.watcher('list', since(), thrown)
      throw thrown
    }
  }

  unfinished(): ReturnType<ImageStore['unfinished']> {
    return this.images.unfinished()
  }

  check(): Promise<void> {
    return this.#watched('check', () => this.images.check())
  }

  async #watched<T>(operation: Parameters<ImageStoreWatcher>[0], work: () => Promise<T>): Promise<T> {
    const since = secondsSince()
    try {
      const result = await work()
      this.watcher(operation, since(), null)
      return result
    } catch (thrown) {
      this.watcher(operation, since(), thrown)
      throw thrown
    }
  }

  /** Reports only failures of a stream, because its duration depends on the reader. */
  #watchedRead(bytes: Readable): Readable {
    const since = secondsSince()
    return bytes.once('error', (error: NodeJS.ErrnoException) => {
      // A client that hangs up ends the stream as well, which is no failure of the store.
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') this.watcher('read', since(), error)
    })
  }
}

function secondsSince(): () => number {
  const started = performance.now()
  return () => (performance.now() - started) / 1000
}
