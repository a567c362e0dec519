import type { Sharp } from 'sharp'
import type { ImagePreset, VariantFormat } from '../../catalog/variants/imagePreset'
import type { ImageRenderer } from '../../catalog/variants/ports'
import type { ImageDecoder } from './imageDecoder'

const TRANSPARENT = { r: 255, g: 255, b: 255, alpha: 0 }

const ENCODERS: Readonly<Record<VariantFormat, (image: Sharp, quality: number) => Sharp>> = {
  jpeg: (image, quality) => image.jpeg({ quality }),
  png: (image) => image.png(),
  gif: (image) => image.gif(),
  webp: (image, quality) => image.webp({ quality }),
  avif: (image, quality) => image.avif({ quality }),
}

/** Makes variants with libvips, which drops metadata and converts colours to sRGB. */
export class SharpRenderer implements ImageRenderer {
  constructor(private readonly decoder: ImageDecoder) {}

  async render(original: Buffer, preset: ImagePreset, format: VariantFormat): Promise<Buffer> {
    return this.decoder.decode(original, (image) =>
      ENCODERS[format](resized(image, preset, format), preset.quality).toBuffer(),
    )
  }
}

function resized(image: Sharp, preset: ImagePreset, format: VariantFormat): Sharp {
  const { width, height, fit, enlarge } = preset
  // A JPEG has no transparency, and Magento's own background is white.
  const background = preset.background ?? (format === 'jpeg' ? '#ffffff' : null)
  const turned = image.autoOrient()
  const opaque = background === null ? turned : turned.flatten({ background })
  return opaque.resize({
    width,
    height,
    fit,
    background: background ?? TRANSPARENT,
    withoutEnlargement: !enlarge,
  })
}
