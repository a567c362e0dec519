/** The formats in which a variant can be made. */
export type VariantFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'avif'

/** A way to resize images, as the allow-list has it. */
export interface ImagePreset {
  /** The width in pixels. */
  readonly width: number
  /** The height in pixels. */
  readonly height: number
  /**
   * `inside` keeps the proportions within the size; `contain` also fills the rest with background; `cover`
   * crops the overhang; `fill` stretches.
   */
  readonly fit: 'inside' | 'contain' | 'cover' | 'fill'
  /**
   * The colour of transparent parts and of the area around an image, as `#rrggbb`; null keeps them
   * transparent, where the format can.
   */
  readonly background: string | null
  /** Whether a smaller image is enlarged to the size. */
  readonly enlarge: boolean
  /** 1 to 100, for the lossy formats. */
  readonly quality: number
  /**
   * The formats to choose from by what a client accepts; `original` is the format of the image. The last one
   * is for clients that name none of them.
   */
  readonly formats: readonly ('original' | 'jpeg' | 'png' | 'webp' | 'avif')[]
}

/** Presets by their names, which are parts of URL paths. */
export type ImagePresets = ReadonlyMap<string, ImagePreset>

/**
 * The version of the rendering. Raise it when the same preset gives other pixels: variants of older versions
 * are then made again.
 */
const RENDERING = 2

/**
 * Returns all parameters that decide the pixels of a variant, except its original and its format. Presets
 * with the same recipe share their variants.
 */
export function recipeOf({ width, height, fit, background, enlarge, quality }: ImagePreset): string {
  const growth = enlarge ? 'enlarge' : 'shrink'
  return `${RENDERING} ${width}x${height} ${fit} ${background ?? 'transparent'} ${growth} q${quality}`
}

/** Returns the formats in which a preset shows an image of this format. */
export function formatsOf({ formats }: ImagePreset, original: VariantFormat): readonly VariantFormat[] {
  return [...new Set(formats.map((format) => (format === 'original' ? original : format)))]
}

/** How the path of a variant begins; its preset's name follows, then the image's own path. */
const VARIANTS = '/cache/'

/** Returns the preset and the image that a path names; null for a path without a listed preset. */
export function variantOf(
  path: string,
  presets: ImagePresets,
): { preset: ImagePreset; image: string } | null {
  if (!path.startsWith(VARIANTS)) return null
  const [longest] = [...presets]
    .filter(([name]) => path.startsWith(`${VARIANTS}${name}/`))
    .sort(([one], [other]) => other.length - one.length)
  if (!longest) return null
  const [name, preset] = longest
  return { preset, image: path.slice(VARIANTS.length + name.length) }
}
