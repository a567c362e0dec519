import sharp, { type Sharp } from 'sharp'
import type { Decoded, DecodingTask } from './decodingTask'

// The loaders of every other format stay closed: an SVG or a PDF that calls itself a PNG is never interpreted.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadNsgifBuffer'],
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
 * Decodes with libvips, in its own threads. A truncated image is refused, one with the slips that Magento's GD forgave is
 * not. Nothing ends it but the end of the process.
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
  const image = sharp(bytes, { failOn: 'truncated', limitInputPixels: maxPixels, ignoreIcc: true })
  const { isProgressive, width, height } = await image.metadata()
  // All of an image of several passes is in memory until the last pass, five times a plain one's size.
  if (isProgressive && width * height > maxPixels / 2)
    return refused(`it is progressive or interlaced, and has over ${Math.floor(maxPixels / 2)} pixels`)
  const { info } = await image.extractChannel(0).raw().toBuffer({ resolveWithObject: true })
  return { result: { width: info.width, height: info.height }, bytes: NOTHING }
}

/** Makes a variant, which has no metadata, and colours in sRGB. */
async function rendered({ maxPixels, preset, format }: RenderTask, bytes: Buffer): Promise<Decoded> {
  const image = sharp(bytes, { failOn: 'truncated', limitInputPixels: maxPixels })
  const { data, info } = await ENCODERS[format](resized(image, preset, format), preset.quality).toBuffer({
    resolveWithObject: true,
  })
  return { result: { width: info.width, height: info.height }, bytes: data }
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
