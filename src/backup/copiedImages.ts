import pLimit from 'p-limit'
import type { ImageStore } from '../catalog/ports'
import { OperatorError } from '../contract/operatorError'
import type { ImageRow } from './imageRows'
import { type KeptImages, OtherBytes } from './keptImages'
import type { Manifest } from './manifest'

/** How many images are copied at once. */
export const AT_ONCE = 8
/** The largest number of damaged images. If there are more, the store itself is at fault. */
const MOST_DAMAGED = 1000

export interface CopiedImages extends Pick<Manifest, 'images'> {
  /** The images that were copied because the directory lacked them. */
  readonly copied: { readonly count: number; readonly bytes: number }
}

/**
 * Copies the images of the rows that the directory lacks. One whose bytes are gone, or are not those of its row, is noted as
 * damaged.
 *
 * @throws OperatorError when more than 1,000 are damaged
 */
export async function copyImages(
  rows: AsyncIterable<readonly ImageRow[]>,
  from: Pick<ImageStore, 'open'>,
  to: KeptImages,
  onImage: () => void,
): Promise<CopiedImages> {
  const limit = pLimit(AT_ONCE)
  const images = { count: 0, bytes: 0, damaged: [] as { key: string; reason: string }[] }
  const copied = { count: 0, bytes: 0 }
  const copy = async (row: ImageRow) => {
    const isNew = !(await to.has(row))
    const reason = isNew ? await keptFrom(row, from, to) : null
    onImage()
    if (reason !== null) {
      images.damaged.push({ key: row.key, reason })
      if (images.damaged.length > MOST_DAMAGED) throw tooManyDamaged(row.key, reason)
      return
    }
    add(images, row)
    if (isNew) add(copied, row)
  }
  for await (const batch of rows) await Promise.all(batch.map((row) => limit(copy, row)))
  await to.flush()
  return { images, copied }
}

/** What kept an image from being copied; null when it is there. */
async function keptFrom(
  row: ImageRow,
  from: Pick<ImageStore, 'open'>,
  to: KeptImages,
): Promise<string | null> {
  const bytes = await from.open(row.key)
  if (!bytes) return 'is gone'
  try {
    await to.keep(row, bytes.read())
    return null
  } catch (thrown) {
    if (thrown instanceof OtherBytes) return thrown.message
    throw thrown
  }
}

function add(sum: { count: number; bytes: number }, { size }: ImageRow): void {
  sum.count++
  sum.bytes += size
}

function tooManyDamaged(key: string, reason: string): OperatorError {
  return new OperatorError(
    'conflict',
    `over ${MOST_DAMAGED} images have lost their bytes, such as ${key}, which ${reason}: is it the right image store?`,
  )
}
