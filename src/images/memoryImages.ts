import { Readable } from 'node:stream'
import type { ImageStore, StoredBytes, StoredFile } from '../catalog/ports'

/** Stores images in memory, for a server whose data need not last. */
export class MemoryImages implements ImageStore {
  readonly #files = new Map<string, { readonly bytes: Buffer; readonly modified: Date }>()

  /** @param now the real time, by which the age of files is counted */
  constructor(private readonly now: () => Date = () => new Date()) {}

  async write(key: string, bytes: Uint8Array): Promise<void> {
    this.#files.set(key, { bytes: Buffer.from(bytes), modified: this.now() })
  }

  async open(key: string): Promise<StoredBytes | null> {
    const bytes = this.#files.get(key)?.bytes
    if (!bytes) return null
    return {
      size: bytes.length,
      read: (range) => Readable.from([range ? bytes.subarray(range.start, range.end + 1) : bytes]),
    }
  }

  async delete(key: string): Promise<void> {
    this.#files.delete(key)
  }

  async *list(): AsyncGenerator<StoredFile> {
    for (const [key, { bytes, modified }] of this.#files) yield { key, size: bytes.length, modified }
  }

  /** Yields nothing: a write in memory is never unfinished. */
  async *unfinished(): AsyncGenerator<StoredFile> {}

  async check(): Promise<void> {}
}
