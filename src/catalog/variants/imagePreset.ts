/** What a variant can be made in. */
export type VariantFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'avif'

/** A listed way to resize images. */
export interface ImagePreset {
  /** Pixels. */
  readonly width: number
  /** Pixels. */
  readonly height: number
  /**
   * `inside` keeps the proportions within the size; `contain` also fills the size up with background; `cover` cuts what
   * goes beyond it; `fill` stretches.
   */
  readonly fit: 'inside' | 'contain' | 'cover' | 'fill'
  /** What shows through and around an image, as `#rrggbb`; null keeps that transparent, where the format can. */
  readonly background: string | null
  /** Whether an image that is smaller than the size grows to it. */
  readonly enlarge: boolean
  /** 1 to 100, for the formats that lose some. */
  readonly quality: number
  /** The formats to choose from by what a client accepts; `original` is that of the image. The last is for clients that name none. */
  readonly formats: readonly ('original' | 'jpeg' | 'png' | 'webp' | 'avif')[]
}

/** Presets by their names, which are parts of URL paths. */
export type ImagePresets = ReadonlyMap<string, ImagePreset>

/** Raised when other pixels follow from the same preset: variants of an older number are made anew. */
const RENDERING = 1

/** All that the pixels of a variant follow from, but its original and its format: presets of one recipe share their variants. */
export function recipeOf({ width, height, fit, background, enlarge, quality }: ImagePreset): string {
  const growth = enlarge ? 'enlarge' : 'shrink'
  return `${RENDERING} ${width}x${height} ${fit} ${background ?? 'transparent'} ${growth} q${quality}`
}

/** The formats in which a preset shows an image of this format. */
export function formatsOf({ formats }: ImagePreset, original: VariantFormat): readonly VariantFormat[] {
  return [...new Set(formats.map((format) => (format === 'original' ? original : format)))]
}

/** The path of a variant, below that of the images: its preset's name, then the image's own path of three parts. */
const VARIANT_PATH = /^\/cache\/(.+)(\/[^/]+\/[^/]+\/[^/]+)$/s

/** The preset that a path names, and the image; null for a path of no listed preset. */
export function variantOf(
  path: string,
  presets: ImagePresets,
): { preset: ImagePreset; image: string } | null {
  const [, name = '', image = ''] = VARIANT_PATH.exec(path) ?? []
  const preset = presets.get(name)
  return preset ? { preset, image } : null
}
