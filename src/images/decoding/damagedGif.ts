import { GifReader } from 'omggif'

/** The pixels of a frame, as red, green, blue and opacity. */
export interface Frame {
  readonly width: number
  readonly height: number
  readonly pixels: Buffer
}

const BYTES_OF_PIXEL = 4

/**
 * Decodes the first frame of a GIF whose compressed data are damaged, up to the damage, as Magento's GD does; libvips gives up
 * there. Null for a GIF whose parts cannot be told from each other, or that has too many pixels.
 */
export function damagedGifFrame(bytes: Buffer, maxPixels: number): Frame | null {
  try {
    const reader = new GifReader(bytes)
    const { width, height } = reader
    if (width * height > maxPixels) return null
    const pixels = Buffer.alloc(width * height * BYTES_OF_PIXEL)
    reader.decodeAndBlitFrameRGBA(0, pixels)
    return { width, height, pixels }
  } catch {
    // The reader throws texts, and errors of its own slips, for what it cannot read.
    return null
  }
}
