import type { ImageStore, StoredFile } from '../ports'
import type { StoredRows } from './ports'

const BATCH = 1000

/** A stored file that no row of a file or variant refers to. */
export interface UnneededFile extends StoredFile {
  /** The later of two times: when it was written, and when its image got other bytes. */
  readonly unneededSince: Date
}

/** Yields stored files that no row refers to, in the order of the store's list. */
export async function* unneededFiles(
  images: Pick<ImageStore, 'list'>,
  rows: Pick<StoredRows, 'known' | 'released'>,
): AsyncGenerator<UnneededFile> {
  for await (const batch of inBatches(images.list(), BATCH)) {
    const known = await rows.known(batch.map(({ key }) => key))
    const unneeded = batch.filter(({ key }) => !known.has(key))
    if (unneeded.length === 0) continue
    // Ask for releases after the rows: a file that is released in between still has a row in the first
    // answer, and so is not listed.
    const released = await rows.released(unneeded.map(({ key }) => key))
    for (const file of unneeded)
      yield { ...file, unneededSince: later(file.modified, released.get(file.key)) }
  }
}

/** How many stored files no row points to, and their bytes; those of uploads under way included. Lists the whole store. */
export async function bytesWithoutRow(
  images: Pick<ImageStore, 'list'>,
  rows: Pick<StoredRows, 'known' | 'released'>,
): Promise<{ readonly files: number; readonly bytes: number }> {
  let files = 0
  let bytes = 0
  for await (const { size } of unneededFiles(images, rows)) {
    files++
    bytes += size
  }
  return { files, bytes }
}

function later(written: Date, released: Date | undefined): Date {
  return released && released > written ? released : written
}

async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
