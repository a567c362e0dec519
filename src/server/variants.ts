import { randomBytes } from 'node:crypto'
import { ImageVariants } from '../catalog/variants/imageVariants'
import { ImageDecoder } from '../images/decoding/imageDecoder'
import type { Settings } from '../settings/settings'
import { PostgresVariants } from '../store/galleries/variants'
import type { Storage } from './storage'

/** What decodes images, within the bounds of the settings. */
export function decoderOf(
  { maxPixels, decodeConcurrency, decodeTimeout }: Settings,
  onDecoded?: (seconds: number) => void,
): ImageDecoder {
  return new ImageDecoder({
    maxPixels,
    concurrency: decodeConcurrency,
    timeoutSeconds: decodeTimeout,
    onDecoded,
  })
}

/** Returns the variants of the stored images. */
export function imageVariantsOf(
  { database, images }: Pick<Storage, 'database' | 'images'>,
  { decodeConcurrency }: Settings,
  decoder: ImageDecoder,
  now: () => Date = () => new Date(),
): ImageVariants {
  return new ImageVariants({
    variants: new PostgresVariants(database, now),
    images,
    renderer: decoder,
    uniqueMark,
    concurrency: decodeConcurrency,
  })
}

/** Returns 16 hex digits that no other stored file has in its key. */
export function uniqueMark(): string {
  return randomBytes(8).toString('hex')
}
