import { createHash } from 'node:crypto'
import pLimit from 'p-limit'
import sharp from 'sharp'
import type { ImageFacts, ImageFormat, ImageProbe } from '../catalog/ports'

// The loaders of every other format stay closed: an SVG or a PDF that calls itself a PNG is never interpreted.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadNsgifBuffer'],
})
sharp.cache(false)
sharp.concurrency(1)

const SIGNATURES: ReadonlyMap<ImageFormat, Buffer> = new Map([
  ['jpeg', Buffer.from([0xff, 0xd8, 0xff])],
  ['png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ['gif', Buffer.from('GIF8', 'latin1')],
])

export interface SharpProbeOptions {
  /** Images with more pixels than this, over all frames, are invalid. */
  readonly maxPixels: number
  /** How many images are decoded at once; the others wait. */
  readonly concurrency: number
}

/** Decodes images with libvips, in its own threads. */
export class SharpProbe implements ImageProbe {
  readonly #limit

  constructor(private readonly options: SharpProbeOptions) {
    this.#limit = pLimit(options.concurrency)
  }

  async probe(bytes: Buffer): Promise<ImageFacts | 'unsupported' | 'invalid'> {
    const format = formatOf(bytes)
    if (!format) return 'unsupported'
    return this.#limit(() => this.#decode(bytes, format))
  }

  async #decode(bytes: Buffer, format: ImageFormat): Promise<ImageFacts | 'invalid'> {
    const size = await this.#decodedSize(bytes)
    return size
      ? { format, ...size, size: bytes.length, sha256: createHash('sha256').update(bytes).digest() }
      : 'invalid'
  }

  /**
   * Decodes every pixel, keeping one channel, which is the least that libvips hands over. Null for an image that it
   * refuses: a truncated one, not one with the slips that Magento's GD forgave.
   */
  async #decodedSize(bytes: Buffer): Promise<{ width: number; height: number } | null> {
    try {
      const image = sharp(bytes, { failOn: 'truncated', limitInputPixels: this.options.maxPixels })
      const { info } = await image.extractChannel(0).raw().toBuffer({ resolveWithObject: true })
      return { width: info.width, height: info.height }
    } catch {
      // libvips gives every reason to refuse an image as an error with nothing but a text.
      return null
    }
  }
}

function formatOf(bytes: Buffer): ImageFormat | null {
  for (const [format, signature] of SIGNATURES) {
    if (bytes.subarray(0, signature.length).equals(signature)) return format
  }
  return null
}
