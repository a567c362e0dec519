import { constants, createReadStream, type Stats } from 'node:fs'
import { access, type FileHandle, mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { ImageStore, StoredBytes, StoredFile } from '../catalog/ports'
import { requireStorageKey } from './storageKey'

const UNFINISHED = '.tmp'

/** Images in a directory of the local disk. */
export class DiskImages implements ImageStore {
  constructor(private readonly root: string) {}

  /** A temporary file in the same directory, flushed, renamed, and the directory flushed: whole and durable, or absent. */
  async write(key: string, bytes: Uint8Array): Promise<void> {
    const target = this.#locate(key)
    const directory = path.dirname(target)
    await mkdir(directory, { recursive: true, mode: 0o750 })
    const unfinished = `${target}${UNFINISHED}`
    try {
      await writeDurably(unfinished, bytes)
      await rename(unfinished, target)
      await flushDirectory(directory)
    } catch (thrown) {
      // Where not even that can be removed, gc finds it; the first failure is the one that tells why.
      await rm(unfinished, { force: true }).catch(() => undefined)
      throw thrown
    }
  }

  async open(key: string): Promise<StoredBytes | null> {
    const file = this.#locate(key)
    const found = await statOrNull(file)
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
      const found = await statOrNull(file)
      if (!found) continue
      const key = `/${path.relative(this.root, file).split(path.sep).join('/')}`
      yield { key, size: found.size, modified: found.mtime }
    }
  }

  #locate(key: string): string {
    return path.join(this.root, ...requireStorageKey(key).split('/'))
  }
}

async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  await withOpened(file, 'wx', async (handle) => {
    await handle.writeFile(bytes)
    await handle.sync()
  })
}

async function flushDirectory(directory: string): Promise<void> {
  // Windows cannot open a directory, and needs no flush of one.
  if (process.platform === 'win32') return
  await withOpened(directory, 'r', (handle) => handle.sync())
}

async function withOpened(
  file: string,
  flags: string,
  work: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await open(file, flags, 0o640)
  try {
    await work(handle)
  } finally {
    await handle.close()
  }
}

/** What is known of a file; null when there is none, or no longer. */
async function statOrNull(file: string): Promise<Stats | null> {
  try {
    return await stat(file)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw thrown
  }
}

async function* filesBelow(directory: string): AsyncGenerator<string> {
  for await (const entry of await opendir(directory)) {
    const entryPath = path.join(directory, entry.name)
    if (entry.isDirectory()) yield* filesBelow(entryPath)
    else if (entry.isFile()) yield entryPath
  }
}
