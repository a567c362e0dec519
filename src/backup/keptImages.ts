import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { opendir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { isStorageKey } from '../catalog/fileName'
import { OperatorError } from '../contract/operatorError'
import { flushUpTo, makeDirectory, writeWhole } from './durableFiles'
import type { ImageRow } from './imageRows'

/** Bytes do not have the size or the SHA-256 that their row tells. */
export class OtherBytes extends Error {
  override readonly name = 'OtherBytes'
}

/** The images in the directory of a backup, under their storage keys. */
export class KeptImages {
  readonly #root: string
  readonly #madeIn = new Set<string>()

  constructor(directory: string) {
    this.#root = path.join(directory, 'images')
  }

  /** The file of an image. @throws OperatorError for a key that could lead out of the directory */
  file(key: string): string {
    if (!isStorageKey(key))
      throw new OperatorError('invalid', `the backup names ${JSON.stringify(key)}, which is no storage key`)
    return path.join(this.#root, ...key.split('/'))
  }

  /** Whether there is a file of that size under the key. Its bytes are not read. */
  async has({ key, size }: ImageRow): Promise<boolean> {
    const found = await stat(this.file(key)).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT') return null
      throw thrown
    })
    return found?.size === size
  }

  /** Keeps an image, whole and under a flushed name once {@link flush} has ended. @throws OtherBytes, and then keeps nothing */
  async keep(row: ImageRow, bytes: Readable): Promise<void> {
    const file = this.file(row.key)
    const directory = path.dirname(file)
    if (!this.#madeIn.has(directory)) await makeDirectory(directory)
    this.#madeIn.add(directory)
    await writeWhole(file, verified(bytes, row))
  }

  /** The bytes of an image, whole. @throws OtherBytes, or what the system says */
  async read(row: ImageRow): Promise<Buffer> {
    const chunks: Buffer[] = []
    for await (const chunk of verified(createReadStream(this.file(row.key)), row)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  /** Reads an image to its end. @throws OtherBytes, or what the system says */
  async verify(row: ImageRow): Promise<void> {
    for await (const _ of verified(createReadStream(this.file(row.key)), row));
  }

  async flush(): Promise<void> {
    for (const directory of this.#madeIn) await flushUpTo(this.#root, directory)
    this.#madeIn.clear()
  }

  /** Deletes what is not needed, left-overs of earlier writes with it. @returns how many files */
  async deleteAllBut(isNeeded: (key: string) => boolean): Promise<number> {
    let deleted = 0
    for await (const file of filesBelow(this.#root)) {
      const key = `/${path.relative(this.#root, file).split(path.sep).join('/')}`
      if (isNeeded(key)) continue
      await rm(file, { force: true })
      deleted++
    }
    return deleted
  }
}

/** Passes bytes on, and fails at their end when they are not those of the row. */
export async function* verified(bytes: AsyncIterable<Buffer>, row: ImageRow): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    hash.update(chunk)
    yield chunk
  }
  if (size !== row.size) throw new OtherBytes(`has ${size} bytes in place of ${row.size}`)
  if (hash.digest('hex') !== row.sha256) throw new OtherBytes('has other bytes than its row says')
}

async function* filesBelow(directory: string): AsyncGenerator<string> {
  const entries = await opendir(directory).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return []
    throw thrown
  })
  for await (const entry of entries) {
    const file = path.join(directory, entry.name)
    if (entry.isDirectory()) yield* filesBelow(file)
    else yield file
  }
}
