import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { flush } from '../contract/durableFile'

/** The permission bits: only the owner may read a backup. */
const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700

/** A write that broke off leaves a file with this ending, which is never read. */
export const UNFINISHED = '.tmp'

export async function makeDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE })
}

/** Writes a file whole and durably, or not at all: a reader sees what was there before, or all of this. */
export async function writeWhole(
  file: string,
  content: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  ...through: readonly Transform[]
): Promise<void> {
  const unfinished = `${file}${UNFINISHED}`
  try {
    const sink = createWriteStream(unfinished, { mode: FILE_MODE, flush: true })
    await pipeline([Readable.from(content), ...through, sink])
    await rename(unfinished, file)
  } catch (thrown) {
    await rm(unfinished, { force: true }).catch(() => undefined)
    throw thrown
  }
}

/** Flushes a directory, and those above it up to a root. */
export async function flushUpTo(root: string, directory: string): Promise<void> {
  for (let each = directory; each.length >= root.length; each = path.dirname(each)) await flush(each)
}
