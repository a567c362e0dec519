import sharp, { type Sharp } from 'sharp'
// The application's decoder closes these loaders for the whole process; what it has made must be looked at all the same.
import '../../src/images/decoding/decodingWork'

sharp.unblock({ operation: ['VipsForeignLoadWebpBuffer', 'VipsForeignLoadHeifBuffer'] })

/** Red, green, blue and opacity, each 0 to 255. */
export type Colour = readonly [number, number, number, number]

export const RED: Colour = [255, 0, 0, 255]
export const GREEN: Colour = [0, 160, 0, 255]
export const BLUE: Colour = [0, 0, 255, 255]
export const YELLOW: Colour = [255, 255, 0, 255]
export const WHITE: Colour = [255, 255, 255, 255]
export const CLEAR: Colour = [255, 255, 255, 0]

/** The colour at a place, whose coordinates run from 0 at the left and the top to 1. */
export type Painting = (x: number, y: number) => Colour

/** A colour in each corner: turned or mirrored in any way, it is another painting. */
export const quarters: Painting = (x, y) => (y < 0.5 ? (x < 0.5 ? RED : GREEN) : x < 0.5 ? BLUE : YELLOW)

export interface Size {
  readonly width: number
  readonly height: number
}

/** The painting as an image, to be encoded. */
export function painted(size: Size, painting: Painting): Sharp {
  return sharp(pixelsOf(size, painting), { raw: { ...size, channels: 4 } })
}

/** The painting as an animation's frames, which go on with red. */
export async function animated(size: Size, painting: Painting): Promise<Buffer> {
  const frames = [painting, () => RED].map((frame) => painted(size, frame).png().toBuffer())
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .gif()
    .toBuffer()
}

/** How far an image is from a painting: the mean difference over all values of all pixels. Throws for another size. */
export async function difference(image: Buffer, size: Size, painting: Painting): Promise<number> {
  const { data, info } = await sharp(image).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  if (info.width !== size.width || info.height !== size.height)
    throw new Error(`${info.width} by ${info.height} pixels, not ${size.width} by ${size.height}`)
  const expected = pixelsOf(size, painting)
  const sum = data.reduce(
    (total, _value, index) => total + Math.abs(shown(data, index) - shown(expected, index)),
    0,
  )
  return sum / data.length
}

/** As much of a colour as its pixel's opacity lets through: what is clear has no colour to differ in. */
function shown(pixels: Buffer, index: number): number {
  const opacity = index - (index % 4) + 3
  const value = pixels[index] ?? 0
  return index === opacity ? value : (value * (pixels[opacity] ?? 0)) / 255
}

function pixelsOf({ width, height }: Size, painting: Painting): Buffer {
  const pixels: number[] = []
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels.push(...painting((x + 0.5) / width, (y + 0.5) / height))
  }
  return Buffer.from(pixels)
}
