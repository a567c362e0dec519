import type { ImageStore, StoredFile, StoredRows } from './ports'

const BATCH = 1000

/** Stored files that no row of a file or variant points to, in the order of the store's list. */
export async function* unneededFiles(
  images: Pick<ImageStore, 'list'>,
  rows: Pick<StoredRows, 'known'>,
): AsyncGenerator<StoredFile> {
  for await (const batch of inBatches(images.list(), BATCH)) {
    const known = await rows.known(batch.map(({ key }) => key))
    yield* batch.filter(({ key }) => !known.has(key))
  }
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
