import pLimit from 'p-limit'
import sharp, { type Sharp } from 'sharp'

// The loaders of every other format stay closed: an SVG or a PDF that calls itself a PNG is never interpreted.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadNsgifBuffer'],
})
sharp.cache(false)
sharp.concurrency(1)

export interface ImageDecoderOptions {
  /** Images with more pixels than this are invalid. */
  readonly maxPixels: number
  /** How many images are decoded at once; the others wait. */
  readonly concurrency: number
  /** Told how many seconds each decode took, its wait left out. */
  readonly onDecoded?: ((seconds: number) => void) | undefined
}

/** libvips, in its own threads, with a bound on what it decodes: for all that decode, one of these. */
export class ImageDecoder {
  readonly #limit

  constructor(private readonly options: ImageDecoderOptions) {
    this.#limit = pLimit(options.concurrency)
  }

  /** Images that are decoded now, and that wait. */
  load(): { readonly running: number; readonly waiting: number } {
    return { running: this.#limit.activeCount, waiting: this.#limit.pendingCount }
  }

  /** Whether an image of several passes is too large: all of it is in memory until the last pass, five times a plain one's size. */
  async isTooLarge(image: Sharp): Promise<boolean> {
    const { isProgressive, width, height } = await image.metadata()
    return isProgressive && width * height > this.options.maxPixels / 2
  }

  /** Runs `work` on an image when its turn has come. A truncated image fails, one with the slips that Magento's GD forgave does not. */
  async decode<T>(bytes: Buffer, work: (image: Sharp) => Promise<T>): Promise<T> {
    return this.#limit(async () => {
      const started = performance.now()
      try {
        return await work(sharp(bytes, { failOn: 'truncated', limitInputPixels: this.options.maxPixels }))
      } finally {
        this.options.onDecoded?.((performance.now() - started) / 1000)
      }
    })
  }

  /** What libvips says of an image that it refuses; null for one that it decodes. */
  async problemOf(bytes: Buffer): Promise<string | null> {
    try {
      await this.decode(bytes, (image) => image.extractChannel(0).raw().toBuffer())
      return null
    } catch (thrown) {
      return thrown instanceof Error ? thrown.message : String(thrown)
    }
  }
}
