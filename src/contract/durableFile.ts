import { type FileHandle, link, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'

/** A file that is written completely or not at all, even if the machine stops meanwhile. */
export interface DurableFile {
  readonly path: string
  /**
   * A file in the same directory that holds the content until it is complete. Each writer needs a name of its
   * own for it.
   */
  readonly unfinished: string
  /** The Unix permission bits of the file. */
  readonly mode: number
}

/** Writes the file and replaces an existing one. The directory must exist. */
export function writeDurably(file: DurableFile, content: Uint8Array | string): Promise<void> {
  return put(file, content, () => rename(file.unfinished, file.path))
}

/** Writes the file if there is none. @returns false when another writer was first; its file stays */
export async function createDurably(file: DurableFile, content: Uint8Array | string): Promise<boolean> {
  let isFirst = true
  await put(file, content, async () => {
    // A link, unlike a rename, fails when the file is there.
    isFirst = await isLinked(file.unfinished, file.path)
    await rm(file.unfinished, { force: true })
  })
  return isFirst
}

/** Flushes the content before the file gets its name, and then the directory, which holds the name. */
async function put(
  { path: target, unfinished, mode }: DurableFile,
  content: Uint8Array | string,
  giveName: () => Promise<void>,
): Promise<void> {
  try {
    await withOpened(unfinished, { flags: 'wx', mode }, async (handle) => {
      await handle.writeFile(content)
      await handle.sync()
    })
    await giveName()
    await flush(path.dirname(target))
  } catch (thrown) {
    // This first failure says what went wrong, so a failure to remove the unfinished file is ignored.
    await rm(unfinished, { force: true }).catch(() => undefined)
    throw thrown
  }
}

async function isLinked(existing: string, name: string): Promise<boolean> {
  try {
    await link(existing, name)
    return true
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw thrown
  }
}

/** Makes a file that has been written, or the renames and links in a directory, survive a power failure. */
export async function flush(fileOrDirectory: string): Promise<void> {
  // Windows flushes nothing that was not opened for writing, and a directory cannot be opened so.
  if (process.platform === 'win32') return
  await withOpened(fileOrDirectory, { flags: 'r' }, (handle) => handle.sync())
}

async function withOpened(
  file: string,
  { flags, mode }: { readonly flags: string; readonly mode?: number },
  work: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await open(file, flags, mode)
  try {
    await work(handle)
  } finally {
    await handle.close()
  }
}
