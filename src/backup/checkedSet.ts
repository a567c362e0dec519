import pLimit from 'p-limit'
import { OperatorError } from '../contract/operatorError'
import { AT_ONCE } from './copiedImages'
import { type ImageRow, imageRows } from './imageRows'
import { type KeptImages, OtherBytes } from './keptImages'
import { KeySet } from './keySet'
import type { Manifest } from './manifest'
import { readRows, rowFile } from './rowFiles'

/**
 * Reads every file of a set.
 *
 * @returns the keys of its images
 * @throws OperatorError for the first file that is gone, or is not what the manifest says
 */
export async function checkSet(
  directory: string,
  manifest: Manifest,
  kept: KeptImages,
  onImage: () => void,
): Promise<KeySet> {
  for (const table of manifest.tables)
    for await (const _ of readRows(rowFile(directory, manifest, table.name), table));
  const keys = new KeySet()
  const limit = pLimit(AT_ONCE)
  let count = 0
  const check = async (row: ImageRow) => {
    await verify(row, kept)
    keys.add(row.key)
    count++
    onImage()
  }
  for await (const batch of imageRows(directory, manifest))
    await Promise.all(batch.map((row) => limit(check, row)))
  if (count !== manifest.images.count)
    throw new OperatorError(
      'invalid',
      `the manifest tells of ${manifest.images.count} images, its rows of ${count}`,
    )
  return keys
}

async function verify(row: ImageRow, kept: KeptImages): Promise<void> {
  try {
    await kept.verify(row)
  } catch (thrown) {
    const isGone = (thrown as NodeJS.ErrnoException).code === 'ENOENT'
    if (!isGone && !(thrown instanceof OtherBytes)) throw thrown
    const what = thrown instanceof OtherBytes ? thrown.message : 'is gone'
    throw new OperatorError('invalid', `the backup is damaged: ${kept.file(row.key)} ${what}`)
  }
}
