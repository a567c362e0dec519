import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { networkOf } from '../../contract/clientNetwork'
import { FairQueue } from '../../contract/fairQueue'
import { variantStorageKey } from '../fileName'
import type { ImageStore, StoredBytes } from '../ports'
import { formatsOf, type ImagePreset, recipeOf, type VariantFormat } from './imagePreset'
import {
  type ImageRenderer,
  UnrenderableOriginal,
  type VariantFile,
  type VariantName,
  type Variants,
} from './ports'

export interface ImageVariantsParts {
  readonly variants: Variants
  readonly images: ImageStore
  readonly renderer: ImageRenderer
  /** Returns a mark that no two stored files share. */
  readonly uniqueMark: () => string
  /** How many variants are made at once; the others wait, each client for its turn. */
  readonly concurrency: number
}

export interface OpenVariant {
  readonly file: VariantFile
  readonly bytes: StoredBytes
}

/** A variant to be made, with its original. */
interface Order extends VariantName {
  readonly path: string
  readonly preset: ImagePreset
  readonly client: string
}

/** Who asks for variants by a command. */
const OPERATOR = ''

/** So often may an image be replaced, or its variant dropped, while one request is answered. */
const ATTEMPTS = 5

/**
 * The variants of images. Each is made and stored when it is first requested, and dropped when its original
 * changes.
 */
export class ImageVariants {
  readonly #underWay = new Map<string, Promise<VariantFile | null>>()
  readonly #queue

  constructor(private readonly parts: ImageVariantsParts) {
    this.#queue = new FairQueue(parts.concurrency)
  }

  /**
   * Opens the variant of the image under a path. It is made now unless it is stored.
   *
   * @param choose picks one of the formats that the preset has for this image
   * @param client the address of who asks
   * @returns null when there is no image under the path, or one that cannot be decoded
   */
  async open(
    path: string,
    preset: ImagePreset,
    choose: (formats: readonly VariantFormat[]) => VariantFormat,
    client = OPERATOR,
  ): Promise<OpenVariant | null> {
    const recipe = recipeOf(preset)
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const found = await this.parts.variants.find(path, recipe)
      if (!found) return null
      const { original, variants } = found
      const format = choose(formatsOf(preset, original.format))
      const file =
        variants.find((variant) => variant.format === format) ??
        (await this.#make({ path, preset, recipe, format, originalKey: original.storageKey, client }).catch(
          unrenderable,
        ))
      if (file === UNRENDERABLE) return null
      const bytes = file && (await this.parts.images.open(file.storageKey))
      if (file && bytes) return { file, bytes }
      // Somebody has deleted the bytes by hand, so they are made again.
      if (file) await this.parts.variants.outdateOne(file.storageKey)
    }
    throw new Error(`the image ${path} did not stay the same for long enough to be resized`)
  }

  /**
   * Makes the missing variants of an image by a preset. Answers how many it made, and how many were there
   * before.
   *
   * @throws UnrenderableOriginal
   */
  async complete(path: string, preset: ImagePreset): Promise<{ made: number; present: number }> {
    const recipe = recipeOf(preset)
    const found = await this.parts.variants.find(path, recipe)
    if (!found) return { made: 0, present: 0 }
    const { original, variants } = found
    const stored = new Set(variants.map(({ format }) => format))
    const formats = formatsOf(preset, original.format)
    const missing = formats.filter((format) => !stored.has(format))
    await Promise.all(
      missing.map((format) =>
        this.#make({ path, preset, recipe, format, originalKey: original.storageKey, client: OPERATOR }),
      ),
    )
    return { made: missing.length, present: formats.length - missing.length }
  }

  /**
   * Drops the variants by these presets (null: all), and those that were outdated before. Answers how many
   * were dropped.
   */
  async clear(presets: readonly ImagePreset[] | null): Promise<number> {
    await this.parts.variants.outdate(presets?.map(recipeOf) ?? null)
    return this.dropOutdated()
  }

  /**
   * Drops the variants whose originals were replaced. Bytes go before rows, so that an interrupted run can be
   * continued.
   */
  async dropOutdated(): Promise<number> {
    for (let dropped = 0; ; ) {
      const storageKeys = await this.parts.variants.outdated()
      if (storageKeys.length === 0) return dropped
      for (const storageKey of storageKeys) await this.parts.images.delete(storageKey)
      await this.parts.variants.forget(storageKeys)
      dropped += storageKeys.length
    }
  }

  /**
   * Makes a variant, or waits for the code that already makes it. Answers null when its original was replaced
   * meanwhile.
   */
  #make(order: Order): Promise<VariantFile | null> {
    const name = `${order.originalKey} ${order.recipe} ${order.format}`
    const underWay = this.#underWay.get(name)
    if (underWay !== undefined) return underWay
    const making = this.#queue
      .run(networkOf(order.client), () =>
        this.parts.variants.exclusively(order, () => this.#makeUnlessStored(order)),
      )
      .finally(() => this.#underWay.delete(name))
    this.#underWay.set(name, making)
    return making
  }

  async #makeUnlessStored(order: Order): Promise<VariantFile | null> {
    const { variants, images, renderer, uniqueMark } = this.parts
    // Another process may have made the variant while this one waited.
    const found = await variants.find(order.path, order.recipe)
    if (found?.original.storageKey !== order.originalKey) return null
    const stored = found.variants.find(({ format }) => format === order.format)
    if (stored) return stored

    const original = await images.open(order.originalKey)
    if (!original) throw new Error(`the bytes of a stored file are missing: ${order.originalKey}`)
    const bytes = await renderer.render(
      await buffer(original.read()),
      order.preset,
      order.format,
      order.client,
    )
    const storageKey = variantStorageKey(order.path, uniqueMark(), order.format)
    await images.write(storageKey, bytes)
    const { originalKey, recipe, format } = order
    const sha256 = createHash('sha256').update(bytes).digest()
    const added = await variants.add({ originalKey, recipe, format, storageKey, size: bytes.length, sha256 })
    if (!added) await images.delete(storageKey)
    return added
  }
}

/** Stands for a variant whose original cannot be decoded. */
const UNRENDERABLE = 'unrenderable'

function unrenderable(thrown: unknown): typeof UNRENDERABLE {
  if (thrown instanceof UnrenderableOriginal) return UNRENDERABLE
  throw thrown
}
