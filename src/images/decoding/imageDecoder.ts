import pLimit from 'p-limit'
import sharp, { type Sharp } from 'sharp'

// Close the loaders of all other formats, so that an SVG or a PDF that claims to be a PNG is never
// interpreted.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadNsgifBuffer'],
})
sharp.cache(false)
sharp.concurrency(1)

export interface ImageDecoderOptions {
  /** Images with more pixels than this are invalid. */
  readonly maxPixels: number
  /** How many images are decoded at the same time; others wait. */
  readonly concurrency: number
}

/**
 * Decodes images with libvips, in its own threads and within limits. A process has one, which all code
 * shares.
 */
export class ImageDecoder {
  readonly #limit

  constructor(private readonly options: ImageDecoderOptions) {
    this.#limit = pLimit(options.concurrency)
  }

  /** Returns how many images are being decoded and how many wait. */
  load(): { readonly running: number; readonly waiting: number } {
    return { running: this.#limit.activeCount, waiting: this.#limit.pendingCount }
  }

  /**
   * Tells whether an image of several passes is too large. All of it stays in memory until the last pass,
   * five times the size of a plain one.
   */
  async isTooLarge(image: Sharp): Promise<boolean> {
    const { isProgressive, width, height } = await image.metadata()
    return isProgressive && width * height > this.options.maxPixels / 2
  }

  /**
   * Runs `work` on an image, once a place is free. A truncated image fails; one with the small errors that
   * Magento's GD accepts does not.
   */
  async decode<T>(bytes: Buffer, work: (image: Sharp) => Promise<T>): Promise<T> {
    return this.#limit(() =>
      work(sharp(bytes, { failOn: 'truncated', limitInputPixels: this.options.maxPixels })),
    )
  }

  /** Returns libvips' complaint about an image; null for one that it decodes. */
  async problemOf(bytes: Buffer): Promise<string | null> {
    try {
      await this.decode(bytes, (image) => image.extractChannel(0).raw().toBuffer())
      return null
    } catch (thrown) {
      return thrown instanceof Error ? thrown.message : String(thrown)
    }
  }
}
