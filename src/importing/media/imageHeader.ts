import { imageSize } from 'image-size'
import type { FileFormat } from '../../catalog/ports'

export interface ImageHeader {
  readonly format: FileFormat
  /** In pixels; null for what is no image of a known format. */
  readonly width: number | null
  readonly height: number | null
}

/** The formats by the names of the library that tells them. */
const FORMATS: ReadonlyMap<string | undefined, FileFormat> = new Map([
  ['jpg', 'jpeg'],
  ['png', 'png'],
  ['gif', 'gif'],
  ['webp', 'webp'],
])

const NO_IMAGE: ImageHeader = { format: 'other', width: null, height: null }

/** Reads format and size from the beginning of an image. No pixel is decoded: Magento served files as they were. */
export function imageHeader(bytes: Buffer): ImageHeader {
  if (bytes.length === 0) return NO_IMAGE
  try {
    const { type, width, height } = imageSize(bytes)
    const format = FORMATS.get(type)
    return format && width > 0 && height > 0 ? { format, width, height } : NO_IMAGE
  } catch {
    // The library throws for what it does not know, and for a header that breaks off.
    return NO_IMAGE
  }
}
