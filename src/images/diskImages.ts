import { randomBytes } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { access, mkdir, open, opendir, rm, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import type { ImageStore, StoredBytes, StoredFile } from '../catalog/ports'
import { writeDurably } from '../contract/durableFile'
import { ifThere } from '../contract/ifThere'
import { requireStorageKey } from './storageKey'

const UNFINISHED = '.tmp'
/** How the name of a file begins that proves a write, and is no image. */
const PROOF = '.keepsake-proof-'
/** What a proof writes: a block of a disk. */
const PROOF_BYTES = Buffer.alloc(4096, 'Keepsake can write here.\n')
/** With less than this, in bytes, a disk is full: it may still take a thumbnail, but no photograph. */
const LEAST_ROOM = 1024 * 1024

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
    await this.#proveRoom()
    await this.#proveWrite()
  }

  async #proveRoom(): Promise<void> {
    const { bavail, bsize, blocks } = await statfs(this.root)
    // Some network file systems do not say how large they are.
    if (blocks === 0 || bavail * bsize >= LEAST_ROOM) return
    throw Object.assign(new Error(`ENOSPC: the disk of ${this.root} has ${bavail * bsize} bytes left`), {
      code: 'ENOSPC',
    })
  }

  /** The file has no name while it is written, so that a process that is killed leaves nothing. */
  async #proveWrite(): Promise<void> {
    const proof = path.join(this.root, `${PROOF}${randomBytes(8).toString('hex')}`)
    const handle = await open(proof, 'wx', 0o600)
    try {
      await rm(proof, { force: true })
      await handle.writeFile(PROOF_BYTES)
      await handle.sync()
    } finally {
      await handle.close()
    }
  }

  async *#files(isMeant: (name: string) => boolean): AsyncGenerator<StoredFile> {
    for await (const file of filesBelow(this.root)) {
      if (!isMeant(file) || path.basename(file).startsWith(PROOF)) continue
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
