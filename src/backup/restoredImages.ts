import pLimit from 'p-limit'
import type { ImageStore } from '../catalog/ports'
import { OperatorError } from '../contract/operatorError'
import { AT_ONCE } from './copiedImages'
import type { ImageRow } from './imageRows'
import { type KeptImages, OtherBytes, verified } from './keptImages'
import { KeySet } from './keySet'

/**
 * Returns the keys of the backup that an interrupted restore has already written, and deletes its unfinished files.
 *
 * @throws OperatorError when it has a file of anybody else
 */
export async function imagesFrom(store: ImageStore, backup: KeySet): Promise<KeySet> {
  const present = new KeySet()
  for await (const { key } of store.list()) {
    if (!backup.has(key))
      throw new OperatorError(
        'conflict',
        `the image store is not empty: it has ${key}, which is not of this backup. Name an empty one`,
      )
    present.add(key)
  }
  for await (const { key } of store.unfinished()) await store.delete(key)
  return present
}

/** Writes the images of the rows into the store, but for those that are there with the right bytes. */
export async function restoreImages(
  rows: AsyncIterable<readonly ImageRow[]>,
  from: KeptImages,
  to: ImageStore,
  present: KeySet,
  onImage: () => void,
): Promise<void> {
  const limit = pLimit(AT_ONCE)
  const restore = async (row: ImageRow) => {
    if (!present.has(row.key) || !(await isWhole(row, to))) await to.write(row.key, await from.read(row))
    onImage()
  }
  for await (const batch of rows) await Promise.all(batch.map((row) => limit(restore, row)))
}

async function isWhole(row: ImageRow, store: ImageStore): Promise<boolean> {
  const bytes = await store.open(row.key)
  if (!bytes) return false
  try {
    for await (const _ of verified(bytes.read(), row));
    return true
  } catch (thrown) {
    if (thrown instanceof OtherBytes) return false
    throw thrown
  }
}
