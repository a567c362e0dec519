import { open, opendir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { UnreadableShop } from '../../magento/unreadableShop'
import type { MediaFolder, MediaSourceFile, ReadFile } from '../ports'

/** Where the product images are below what people call the media folder, or its parent. */
const BELOW = ['media/catalog/product', 'catalog/product', 'pub/media/catalog/product', '']

/** What lies in the folder and is no image of a product. */
const LEFT_OUT: ReadonlySet<string> = new Set(['cache', 'placeholder'])
const LEFT_OUT_FILES: ReadonlySet<string> = new Set(['.DS_Store', 'Thumbs.db', '.htaccess'])

/** How often a file is read again that changes meanwhile. */
const ATTEMPTS = 3

/** The product images of a media folder on a disk. */
export class MediaDirectory implements MediaFolder {
  readonly kind = 'folder'

  private constructor(private readonly root: string) {}

  /**
   * Finds the product images in `media/`, `media/catalog/product/`, or their parent.
   *
   * @throws UnreadableShop for what is no directory
   */
  static async in(directory: string): Promise<MediaDirectory> {
    for (const below of BELOW) {
      const root = path.join(directory, below)
      const found = await stat(root).catch(() => null)
      if (found?.isDirectory()) return new MediaDirectory(await realpath(root))
    }
    throw new UnreadableShop(`there is no media folder ${directory}`)
  }

  async open(file: string): Promise<MediaSourceFile | null> {
    const normal = normalPath(file)
    const location = path.join(this.root, ...normal.split('/'))
    const real = await realpath(location).catch(() => null)
    // A link may lead out of the folder, where nothing is meant for everybody's eyes.
    if (real === null || !real.startsWith(this.root + path.sep)) return null
    const found = await stat(real)
    if (!found.isFile()) return null
    const { size, mtimeMs } = found
    return { path: normal, size, modified: Math.floor(mtimeMs), read: () => readWhole(real) }
  }

  list(): AsyncGenerator<string> {
    return filesBelow(this.root, '')
  }
}

/** Returns the path with one slash at its beginning, and none twice. */
export function normalPath(file: string): string {
  return `/${file
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')}`
}

/** Whether a file of the folder may be an image of a product. */
export function isOfProducts(file: string): boolean {
  const parts = file.split('/').filter((part) => part !== '')
  return !LEFT_OUT.has(parts[0] ?? '') && !LEFT_OUT_FILES.has(parts.at(-1) ?? '')
}

/** @throws UnreadableShop for a file that changes all the time */
async function readWhole(file: string): Promise<ReadFile> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const read = await readOnce(file)
    if (read) return read
  }
  throw new UnreadableShop(`the file ${file} changes while it is read: is the old shop still at work on it?`)
}

/** Returns null when the file changed while it was read. */
async function readOnce(file: string): Promise<ReadFile | null> {
  const handle = await open(file, 'r')
  try {
    const before = await handle.stat()
    const bytes = await handle.readFile()
    const after = await handle.stat()
    const isSame = bytes.length === after.size && before.mtimeMs === after.mtimeMs
    return isSame ? { bytes, modified: Math.floor(after.mtimeMs) } : null
  } finally {
    await handle.close()
  }
}

async function* filesBelow(directory: string, below: string): AsyncGenerator<string> {
  for await (const entry of await opendir(directory)) {
    const file = `${below}/${entry.name}`
    if (!isOfProducts(file)) continue
    if (entry.isDirectory()) yield* filesBelow(path.join(directory, entry.name), file)
    else if (entry.isFile()) yield file
  }
}
