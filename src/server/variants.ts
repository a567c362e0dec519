import { randomBytes } from 'node:crypto'
import { ImageVariants } from '../catalog/variants/imageVariants'
import { ImageDecoder } from '../images/decoding/imageDecoder'
import { SharpRenderer } from '../images/decoding/sharpRenderer'
import type { Settings } from '../settings/settings'
import { PostgresVariants } from '../store/galleries/variants'
import type { Storage } from './storage'

/** Returns the decoder of images, with the limits of the settings. */
export function decoderOf({ maxPixels, decodeConcurrency }: Settings): ImageDecoder {
  return new ImageDecoder({ maxPixels, concurrency: decodeConcurrency })
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
    renderer: new SharpRenderer(decoder),
    uniqueMark,
    concurrency: decodeConcurrency,
  })
}

/** Returns 16 hex digits that no other stored file has in its key. */
export function uniqueMark(): string {
  return randomBytes(8).toString('hex')
}
