import sharp, { type Sharp } from 'sharp'
import { asBrowsersShow, isPlainCmyk } from './cmyk'
import { damagedGifFrame } from './damagedGif'
import type { Decoded, DecodingTask } from './decodingTask'
import { formatOf } from './imageFormat'
import { sizeProblem } from './imageSize'

// The loaders of every other format stay closed: an SVG or a PDF that calls itself a PNG is never interpreted.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadWebpBuffer',
  ],
})
sharp.cache(false)
sharp.concurrency(1)

type RenderTask = Extract<DecodingTask, { kind: 'render' }>
type Preset = RenderTask['preset']
type Format = RenderTask['format']

const NOTHING = Buffer.alloc(0)

const TRANSPARENT = { r: 255, g: 255, b: 255, alpha: 0 }

const ENCODERS: Readonly<Record<Format, (image: Sharp, quality: number) => Sharp>> = {
  jpeg: (image, quality) => image.jpeg({ quality }),
  png: (image) => image.png(),
  gif: (image) => image.gif(),
  webp: (image, quality) => image.webp({ quality }),
  avif: (image, quality) => image.avif({ quality }),
}

/**
 * Decodes with libvips, in its own threads. What Magento's GD forgave is forgiven: a JPEG or GIF may lack its end, a PNG or
 * WebP may not. Nothing ends it but the end of the process.
 */
export async function decoded(task: DecodingTask, bytes: Buffer): Promise<Decoded> {
  try {
    return task.kind === 'measure' ? await measured(task.maxPixels, bytes) : await rendered(task, bytes)
  } catch (thrown) {
    // libvips gives every reason to refuse an image as an error with nothing but a text.
    return refused(thrown instanceof Error ? thrown.message : String(thrown))
  }
}

function refused(problem: string): Decoded {
  return { result: { problem }, bytes: NOTHING }
}

/** Decodes every pixel, keeping one channel, which is the least that libvips hands over. A colour profile changes no size. */
async function measured(maxPixels: number, bytes: Buffer): Promise<Decoded> {
  return withImage(bytes, { maxPixels, ignoreIcc: true }, async (image) => {
    const { info } = await image.extractChannel(0).raw().toBuffer({ resolveWithObject: true })
    return { result: { width: info.width, height: info.height }, bytes: NOTHING }
  })
}

/** Makes a variant, which has no metadata, and colours in sRGB. */
async function rendered({ maxPixels, preset, format }: RenderTask, bytes: Buffer): Promise<Decoded> {
  return withImage(bytes, { maxPixels, ignoreIcc: false }, async (image) => {
    const coloured = (await isPlainCmyk(image)) ? await asBrowsersShow(image, preset) : image
    const variant = ENCODERS[format](resized(coloured, preset, format), preset.quality)
    const { data, info } = await variant.toBuffer({ resolveWithObject: true })
    return { result: { width: info.width, height: info.height }, bytes: data }
  })
}

/** Works on an image that is not too large; on a GIF in which libvips finds damage, as another decoder reads it. */
async function withImage(
  bytes: Buffer,
  { maxPixels, ignoreIcc }: { readonly maxPixels: number; readonly ignoreIcc: boolean },
  work: (image: Sharp) => Promise<Decoded>,
): Promise<Decoded> {
  const format = formatOf(bytes)
  // A PNG or WebP that breaks off is refused by GD too. The size is judged here, with a reason that names the limit.
  const image = sharp(bytes, {
    failOn: format === 'png' || format === 'webp' ? 'truncated' : 'none',
    limitInputPixels: false,
    ignoreIcc,
  })
  try {
    const problem = sizeProblem(await image.metadata(), maxPixels)
    return problem === null ? await work(image) : refused(problem)
  } catch (thrown) {
    const frame = format === 'gif' ? damagedGifFrame(bytes, maxPixels) : null
    if (frame === null) throw thrown
    const { width, height, pixels } = frame
    return work(sharp(pixels, { raw: { width, height, channels: 4 } }))
  }
}

function resized(image: Sharp, preset: Preset, format: Format): Sharp {
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
