import { constants, createReadStream } from 'node:fs'
import { access, mkdir, opendir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { ImageStore, StoredBytes, StoredFile } from '../catalog/ports'
import { writeDurably } from '../contract/durableFile'
import { ifThere } from '../contract/ifThere'
import { requireStorageKey } from './storageKey'

const UNFINISHED = '.tmp'

/** Stores images in a directory of the local disk. */
export class DiskImages implements ImageStore {
  constructor(private readonly root: string) {}

  /** Writes the bytes durably, all or none. An unfinished file that stays behind is found by `gc`. */
  async write(key: string, bytes: Uint8Array): Promise<void> {
    const target = this.#locate(key)
    await mkdir(path.dirname(target), { recursive: true, mode: 0o750 })
    await writeDurably({ path: target, unfinished: `${target}${UNFINISHED}`, mode: 0o640 }, bytes)
  }

  async open(key: string): Promise<StoredBytes | null> {
    const file = this.#locate(key)
    const found = await ifThere(stat(file))
    return found && { size: found.size, read: (range) => createReadStream(file, range) }
  }

  async delete(key: string): Promise<void> {
    const suffix = key.endsWith(UNFINISHED) ? UNFINISHED : ''
    await rm(this.#locate(key.slice(0, key.length - suffix.length)) + suffix, { force: true })
  }

  list(): AsyncGenerator<StoredFile> {
    return this.#files((name) => !name.endsWith(UNFINISHED))
  }

  unfinished(): AsyncGenerator<StoredFile> {
    return this.#files((name) => name.endsWith(UNFINISHED))
  }

  async check(): Promise<void> {
    await mkdir(this.root, { recursive: true, mode: 0o750 })
    await access(this.root, constants.R_OK | constants.W_OK)
  }

  async *#files(isMeant: (name: string) => boolean): AsyncGenerator<StoredFile> {
    for await (const file of filesBelow(this.root)) {
      if (!isMeant(file)) continue
      const found = await ifThere(stat(file))
      if (!found) continue
      const key = `/${path.relative(this.root, file).split(path.sep).join('/')}`
      yield { key, size: found.size, modified: found.mtime }
    }
  }

  #locate(key: string): string {
    return path.join(this.root, ...requireStorageKey(key).split('/'))
  }
}

async function* filesBelow(directory: string): AsyncGenerator<string> {
  for await (const entry of await opendir(directory)) {
    const entryPath = path.join(directory, entry.name)
    if (entry.isDirectory()) yield* filesBelow(entryPath)
    else if (entry.isFile()) yield entryPath
  }
}
