import type { ImageFormat } from '../ports'
import type { ImagePreset, VariantFormat } from './imagePreset'

/** An original that cannot be decoded, as only an imported one may be. */
export class UnrenderableOriginal extends Error {
  override readonly name = 'UnrenderableOriginal'
}

/** Renders variants from originals. */
export interface ImageRenderer {
  /**
   * The image as the preset has it, turned as its EXIF orientation says, without metadata; of an animation the first
   * frame.
   *
   * @param client the address of who asks: those who wait have their turns one after the other
   * @throws UnrenderableOriginal
   */
  render(original: Buffer, preset: ImagePreset, format: VariantFormat, client: string): Promise<Buffer>
}

/** Identifies a variant by the bytes that it is made from, and by its recipe and format. */
export interface VariantName {
  readonly originalKey: string
  readonly recipe: string
  readonly format: VariantFormat
}

/** A stored variant, which is served like a file. */
export interface VariantFile {
  readonly storageKey: string
  readonly format: VariantFormat
  readonly sha256: Buffer
  readonly modified: Date
}

export interface NewVariant extends VariantName {
  readonly storageKey: string
  readonly size: number
  readonly sha256: Buffer
}

/** The stored variants of an image by one recipe. */
export interface FoundVariants {
  readonly original: { readonly storageKey: string; readonly format: ImageFormat }
  readonly variants: readonly VariantFile[]
}

/**
 * The rows of variants. A variant whose original has other bytes now is outdated: it is not found any more,
 * until it is dropped.
 */
export interface Variants {
  /**
   * Returns the file under this path with its variants by this recipe, in one query; null without such a
   * file.
   */
  find(path: string, recipe: string): Promise<FoundVariants | null>
  /**
   * Records a variant whose bytes are stored; null when its original was replaced, or the variant was already
   * recorded.
   */
  add(variant: NewVariant): Promise<VariantFile | null>
  /**
   * Runs `work` while no other process does so for the same variant. Within one process, the caller ensures
   * this.
   */
  exclusively<T>(name: VariantName, work: () => Promise<T>): Promise<T>
  /** Marks the variants by these recipes (null: all) as outdated. */
  outdate(recipes: readonly string[] | null): Promise<void>
  /** Marks one variant as outdated. */
  outdateOne(storageKey: string): Promise<void>
  /** Returns storage keys of outdated variants, a limited number at a time. */
  outdated(): Promise<readonly string[]>
  /** Deletes outdated rows, after their bytes were deleted. */
  forget(storageKeys: readonly string[]): Promise<void>
}
