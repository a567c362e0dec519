import { createHash } from 'node:crypto'
import pLimit from 'p-limit'
import { isServedPath, storageKey } from '../catalog/fileName'
import type { ImageStore } from '../catalog/ports'
import { UnreadableShop } from '../magento/unreadableShop'
import { imageHeader } from './media/imageHeader'
import type {
  ImportStore,
  MediaArchive,
  MediaFolder,
  MediaSource,
  MediaSourceFile,
  StagedPath,
  StoredMedia,
} from './ports'

const PAGE = 2000
/** How many files are read at once. */
const CONCURRENCY = 8

export interface MediaStoringParts {
  /** How many paths the shop's galleries name. */
  readonly paths: number
  readonly store: ImportStore
  readonly images: ImageStore
  /** Returns a mark that no two stored files share. */
  readonly uniqueMark: () => string
  /** Whether nothing is to be written. */
  readonly isDryRun: boolean
  /** Called for each path that is done. */
  readonly onPath: () => void
}

export interface MediaOutcome {
  readonly copied: number
  readonly bytes: number
  readonly unnamed: number
}

interface Tally {
  copied: number
  bytes: number
  found: number
  unnamed: number
}

/**
 * Stores the bytes of the files that the shop's galleries name, and notes of each path whether it has some. Bytes that an
 * earlier import has stored, and that are as they were in the media folder, are not stored again.
 *
 * @param source null for an import without media: then all files are missing that no earlier import has
 * @throws UnreadableShop for a folder that has none of the files
 */
export async function storeMedia(
  source: MediaSource | null,
  parts: MediaStoringParts,
): Promise<MediaOutcome> {
  const tally: Tally = { copied: 0, bytes: 0, found: 0, unnamed: 0 }
  await parts.store.notePaths([''], 'unsafe')
  if (source?.kind === 'archive') await storeArchive(source, parts, tally)
  await storePages(source?.kind === 'folder' ? source : null, parts, tally)
  if (source && parts.paths > 0 && tally.found === 0)
    throw new UnreadableShop(
      `the media folder has none of the ${parts.paths} files that the shop names: is it another shop's?`,
    )
  if (source?.kind === 'folder') tally.unnamed = await countUnnamed(source, parts.store)
  const { copied, bytes, unnamed } = tally
  return { copied, bytes, unnamed }
}

/** Goes through all paths in order, but for those that an archive had. */
async function storePages(folder: MediaFolder | null, parts: MediaStoringParts, tally: Tally): Promise<void> {
  const limit = pLimit(CONCURRENCY)
  for (let after = ''; ; ) {
    const page = await parts.store.paths(after, PAGE)
    const stored: StoredMedia[] = []
    const states = await Promise.all(
      page
        .filter(({ isNoted }) => !isNoted)
        .map((staged) =>
          limit(async () => {
            const state = await stateOf(staged, folder, parts, tally, stored)
            parts.onPath()
            return { path: staged.path, state }
          }),
        ),
    )
    if (stored.length > 0) await parts.store.remember(stored)
    for (const wanted of ['stored', 'missing', 'unsafe'] as const)
      await parts.store.notePaths(
        states.filter(({ state }) => state === wanted).map(({ path }) => path),
        wanted,
      )
    const last = page.at(-1)
    if (!last) return
    after = last.path
  }
}

async function stateOf(
  staged: StagedPath,
  folder: MediaFolder | null,
  parts: MediaStoringParts,
  tally: Tally,
  stored: StoredMedia[],
): Promise<'stored' | 'missing' | 'unsafe'> {
  if (!isServedPath(staged.path)) return 'unsafe'
  const file = folder && (await folder.open(staged.path))
  if (!file) return staged.known ? 'stored' : 'missing'
  tally.found++
  const media = await storeFile(file, staged, parts, tally)
  if (media) stored.push(media)
  return 'stored'
}

async function storeArchive(archive: MediaArchive, parts: MediaStoringParts, tally: Tally): Promise<void> {
  for await (const file of archive.files()) {
    const named = (await parts.store.named([file.path])).get(file.path) ?? []
    const served = named.filter(({ path }) => isServedPath(path))
    if (served.length === 0) {
      tally.unnamed++
      continue
    }
    tally.found++
    const read = await file.read()
    const reread = { ...file, read: async () => read }
    const stored: StoredMedia[] = []
    for (const staged of served) {
      const media = await storeFile(reread, staged, parts, tally)
      if (media) stored.push(media)
      parts.onPath()
    }
    if (stored.length > 0) await parts.store.remember(stored)
    await parts.store.notePaths(
      served.map(({ path }) => path),
      'stored',
    )
  }
}

/** Stores the bytes of a file for a path; null when they are there already, or nothing is to be written. */
async function storeFile(
  file: MediaSourceFile,
  { path, known }: StagedPath,
  { images, uniqueMark, isDryRun }: MediaStoringParts,
  tally: Tally,
): Promise<StoredMedia | null> {
  const isSame = known?.sourceSize === file.size && known.sourceModified === file.modified
  if (isSame) return null
  tally.copied++
  tally.bytes += file.size
  if (isDryRun) return null
  const { bytes, modified } = await file.read()
  const key = storageKey(path, uniqueMark())
  await images.write(key, bytes)
  return {
    path,
    sourceSize: bytes.length,
    sourceModified: modified,
    storageKey: key,
    ...imageHeader(bytes),
    sha256: createHash('sha256').update(bytes).digest(),
    md5: createHash('md5').update(bytes).digest(),
  }
}

async function countUnnamed(folder: MediaFolder, store: ImportStore): Promise<number> {
  let unnamed = 0
  let batch: string[] = []
  const count = async () => {
    const named = await store.named(batch)
    unnamed += batch.filter((file) => !named.has(file)).length
    batch = []
  }
  for await (const file of folder.list()) {
    batch.push(file)
    if (batch.length === PAGE) await count()
  }
  await count()
  return unnamed
}
