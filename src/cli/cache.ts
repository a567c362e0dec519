import pLimit from 'p-limit'
import type { ImagePreset } from '../catalog/variants/imagePreset'
import type { Storage } from '../server/storage'
import { decoderOf, imageVariantsOf } from '../server/variants'
import { SETTINGS, type Settings } from '../settings/settings'
import { countGalleryPaths, galleryPaths } from '../store/galleries/mediaFiles'
import { CommandError } from './commandError'
import { progressOf } from './progress'
import { print } from './terminal'
import { withStorage } from './withStorage'

export interface CacheFlags {
  /** Names of presets; without any, all presets. */
  readonly preset?: readonly string[]
}

const PAGE = 1000
const SHOWN_FAILURES = 100

interface Tally {
  made: number
  present: number
  /** The images that failed, with the reason, one line each. */
  readonly failures: string[]
}

/**
 * Makes the missing variants of gallery images.
 *
 * @throws CommandError for failed images, after it has made all others
 */
export async function warm(settings: Settings, { preset: names }: CacheFlags): Promise<void> {
  const presets = names ? presetsNamed(settings, names) : [...(settings.imagePresets?.values() ?? [])]
  if (presets.length === 0)
    throw new CommandError(`${SETTINGS.imagePresets.environment} lists no preset to make variants by`)
  const { made, present, failures } = await withStorage(settings, (storage) =>
    warmAll(storage, settings, presets),
  )
  print(`Made ${made} variants; ${present} were there.`)
  if (failures.length > 0) throw failureOf(failures)
}

/** Deletes stored variants, which are made again on request. */
export async function clear(settings: Settings, { preset: names }: CacheFlags): Promise<void> {
  const presets = names ? presetsNamed(settings, names) : null
  const deleted = await withStorage(settings, (storage) =>
    imageVariantsOf(storage, settings, decoderOf(settings)).clear(presets),
  )
  print(`Deleted ${deleted} variants.`)
}

function presetsNamed({ imagePresets }: Settings, names: readonly string[]): readonly ImagePreset[] {
  return names.map((name) => {
    const preset = imagePresets?.get(name)
    if (!preset) throw new CommandError(`${SETTINGS.imagePresets.environment} lists no preset ${name}`)
    return preset
  })
}

async function warmAll(
  storage: Storage,
  settings: Settings,
  presets: readonly ImagePreset[],
): Promise<Tally> {
  const variants = imageVariantsOf(storage, settings, decoderOf(settings))
  const tally: Tally = { made: 0, present: 0, failures: [] }
  const warmOne = async (path: string) => {
    try {
      for (const preset of presets) {
        const { made, present } = await variants.complete(path, preset)
        tally.made += made
        tally.present += present
      }
    } catch (thrown) {
      tally.failures.push(`${path}: ${(thrown as Error).message}`)
    }
  }
  const limit = pLimit(settings.decodeConcurrency)
  const progress = progressOf(await countGalleryPaths(storage.database), 'images')
  try {
    for (let after = ''; ; ) {
      const paths = await galleryPaths(storage.database, after, PAGE)
      await Promise.all(paths.map((path) => limit(() => warmOne(path).then(progress.advance))))
      const last = paths.at(-1)
      if (last === undefined) return tally
      after = last
    }
  } finally {
    progress.stop()
  }
}

function failureOf(failures: readonly string[]): CommandError {
  const rest = failures.length - SHOWN_FAILURES
  return new CommandError(`${failures.length} images failed:`, [
    ...failures.slice(0, SHOWN_FAILURES).map((failure) => `  ${failure}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ])
}
