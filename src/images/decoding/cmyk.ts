import sharp, { type Sharp } from 'sharp'

/** The size of a variant, and how an image fits into it. */
export interface Box {
  readonly width: number
  readonly height: number
  readonly fit: 'inside' | 'contain' | 'cover' | 'fill'
  readonly enlarge: boolean
}

/** Whether the image is of printing colours, with no profile that says how they look. */
export async function isPlainCmyk(image: Sharp): Promise<boolean> {
  const { space, icc } = await image.metadata()
  return space === 'cmyk' && icc === undefined
}

/**
 * Returns an image of printing colours in the colours in which browsers show it: without a profile each ink takes its share of
 * the light, where libvips would assume a printing press. It is made small enough for the box before, so that few pixels are
 * converted.
 */
export async function asBrowsersShow(image: Sharp, { width, height, fit, enlarge }: Box): Promise<Sharp> {
  const { data, info } = await image
    .clone()
    .pipelineColourspace('cmyk')
    .autoOrient()
    .resize({ width, height, fit: fit === 'contain' ? 'inside' : fit, withoutEnlargement: !enlarge })
    .toColourspace('cmyk')
    .raw()
    .toBuffer({ resolveWithObject: true })
  return sharp(lightOf(data), { raw: { width: info.width, height: info.height, channels: 3 } })
}

const FULL = 255

/** Returns red, green and blue for each cyan, magenta, yellow and black. */
function lightOf(inks: Buffer): Buffer {
  const light = Buffer.allocUnsafe((inks.length / 4) * 3)
  for (let from = 0, to = 0; from < inks.length; from += 4) {
    const unblackened = FULL - (inks[from + 3] ?? 0)
    for (let ink = 0; ink < 3; ink++)
      light[to++] = Math.round(((FULL - (inks[from + ink] ?? 0)) * unblackened) / FULL)
  }
  return light
}
