import type { ImageFormat } from '../ports'
import type { ImagePreset, VariantFormat } from './imagePreset'

/** Makes variants. */
export interface ImageRenderer {
  /**
   * The image as the preset has it, turned as its EXIF orientation says, without metadata; of an animation the first
   * frame.
   *
   * @param client the address of who asks: those who wait have their turns one after the other
   */
  render(original: Buffer, preset: ImagePreset, format: VariantFormat, client: string): Promise<Buffer>
}

/** Names a variant: the bytes that it is made of, and how. */
export interface VariantName {
  readonly originalKey: string
  readonly recipe: string
  readonly format: VariantFormat
}

/** A stored variant, to be served as a file is. */
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

/** What is stored of an image by one recipe. */
export interface FoundVariants {
  readonly original: { readonly storageKey: string; readonly format: ImageFormat }
  readonly variants: readonly VariantFile[]
}

/** Variants as rows. One whose original has other bytes by now is outdated: it is never found, and only waits to be dropped. */
export interface Variants {
  /** The file under this path with its variants by this recipe, in one read; null without such a file. */
  find(path: string, recipe: string): Promise<FoundVariants | null>
  /** Records a variant whose bytes are stored; null when its original has been replaced, or when it was recorded before. */
  add(variant: NewVariant): Promise<VariantFile | null>
  /** Runs `work` while no other process does so for the same variant; within this one, the caller sees to that. */
  exclusively<T>(name: VariantName, work: () => Promise<T>): Promise<T>
  /** Makes outdated: the variants by these recipes, or all for null. */
  outdate(recipes: readonly string[] | null): Promise<void>
  /** Makes one outdated. */
  outdateOne(storageKey: string): Promise<void>
  /** Storage keys of outdated variants, some at a time. */
  outdated(): Promise<readonly string[]>
  /** Deletes outdated rows, once their bytes are deleted. */
  forget(storageKeys: readonly string[]): Promise<void>
}
