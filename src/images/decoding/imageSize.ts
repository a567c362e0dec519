/** What is known of an image before its pixels are decoded. */
export interface ImageHeader {
  readonly format?: string
  readonly width: number
  readonly height: number
  readonly channels: number
  /** How many bits a channel of a pixel has, in libvips's words: `uchar`, `ushort`. */
  readonly depth: string
  readonly isProgressive?: boolean | undefined
}

/** What a decoder holds of a JPEG of several passes for each channel of each pixel: a coefficient. */
const COEFFICIENT_BYTES = 2

/** The bytes that a pixel may take in an image of several passes: those of three coefficients, as a photograph has them. */
const MOST_BYTES_OF_PIXEL = 3 * COEFFICIENT_BYTES

/**
 * Why an image is too large to be decoded; null for one that is not. Of an image of several passes (progressive, interlaced)
 * all is in memory until the last pass: so many pixels as {@link maxPixels}, with three channels of 16 bits, is the most.
 */
export function sizeProblem(
  { format, width, height, channels, depth, isProgressive }: ImageHeader,
  maxPixels: number,
): string | null {
  const pixels = width * height
  if (pixels > maxPixels) return `it has ${pixels} pixels, and KEEPSAKE_MAX_PIXELS allows ${maxPixels}`
  const bytesOfChannel = format === 'jpeg' || depth !== 'uchar' ? COEFFICIENT_BYTES : 1
  const bytesOfPixel = channels * bytesOfChannel
  if (!isProgressive || pixels * bytesOfPixel <= maxPixels * MOST_BYTES_OF_PIXEL) return null
  const most = Math.floor((maxPixels * MOST_BYTES_OF_PIXEL) / bytesOfPixel)
  return `it is progressive or interlaced, and has ${pixels} pixels of ${channels} channels: KEEPSAKE_MAX_PIXELS allows ${most} of them`
}
