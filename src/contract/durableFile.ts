import { type FileHandle, link, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'

/** A file that is there whole and for good, or not at all, whenever the machine stops. */
export interface DurableFile {
  readonly path: string
  /** A file in the same directory that holds the content until it is whole. No other writer may have one of that name. */
  readonly unfinished: string
  /** Who may read and write it, as bits of Unix. */
  readonly mode: number
}

/** Writes the file, in the place of one that is there. Its directory must be there. */
export function writeDurably(file: DurableFile, content: Uint8Array | string): Promise<void> {
  return put(file, content, () => rename(file.unfinished, file.path))
}

/** Writes the file if there is none. @returns false when another writer was first, whose file stays */
export async function createDurably(file: DurableFile, content: Uint8Array | string): Promise<boolean> {
  let isFirst = true
  await put(file, content, async () => {
    // A link, unlike a rename, fails when the file is there.
    isFirst = await isLinked(file.unfinished, file.path)
    await rm(file.unfinished, { force: true })
  })
  return isFirst
}

/** The content is flushed before the file gets its name, and the directory, which holds the name, afterwards. */
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
    await flushDirectory(path.dirname(target))
  } catch (thrown) {
    // The first failure is the one that tells why; a file that not even this removes is left.
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

/** Makes what was renamed into a directory, or linked there, survive a power failure. */
export async function flushDirectory(directory: string): Promise<void> {
  // Windows cannot open a directory, and needs no flush of one.
  if (process.platform === 'win32') return
  await withOpened(directory, { flags: 'r' }, (handle) => handle.sync())
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
