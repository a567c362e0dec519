import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import pLimit from 'p-limit'
import { ifThere } from '../../contract/ifThere'
import type { ImageStore } from '../ports'
import type { StoredRow, StoredRows } from './ports'
import { unneededFiles } from './unneededFiles'

/** A problem of a row: its bytes are missing, cannot be read, or differ from what it records. */
export interface RowFinding {
  readonly kind: 'row_without_file' | 'wrong_size' | 'wrong_hash' | 'unreadable_file'
  readonly key: string
  /** The path of the image, or of the image that a variant was made from. */
  readonly path: string
  readonly isVariant: boolean
}

/** Bytes that no row needs. They do no harm; `keepsake gc` deletes them. */
export interface FileFinding {
  readonly kind: 'file_without_row' | 'left_over_temporary_file'
  readonly key: string
}

export type Finding = RowFinding | FileFinding

export interface StoreCheckParts {
  readonly images: ImageStore
  readonly rows: StoredRows
  readonly now: () => Date
  /** Waits until uploads that were under way have their rows. */
  readonly settle: () => Promise<void>
}

export interface StoreCheckOptions {
  /** Bytes that no row needs are reported only when this has lasted so long. */
  readonly graceMs: number
  /** Called for each row that has been checked. */
  readonly onRow: () => void
  /** Called for each file whose MD5 has been noted, which was not known; without it, none is noted. */
  readonly onMd5?: () => void
}

const PAGE = 1000
/** How many files are read at once. */
const CONCURRENCY = 8
/** Bytes without a row that are younger than this may belong to an upload under way. */
const FRESH_MS = 60_000

/**
 * Compares all rows with the bytes that they record, and all bytes with the rows. Anything that changes
 * meanwhile is checked again, so that a live store gives the same result as an idle one. Memory does not grow
 * with the store.
 */
export class StoreCheck {
  readonly #limit = pLimit(CONCURRENCY)

  constructor(private readonly parts: StoreCheckParts) {}

  async *findings(options: StoreCheckOptions): AsyncGenerator<Finding> {
    yield* this.#rowFindings(options)
    yield* this.#fileFindings(options.graceMs)
  }

  async *#rowFindings({ onRow, onMd5 }: StoreCheckOptions): AsyncGenerator<RowFinding> {
    for (let after = ''; ; ) {
      const rows = await this.parts.rows.page(after, PAGE)
      const found = await Promise.all(
        rows.map((row) => this.#limit(() => this.#check(row, onMd5).finally(onRow))),
      )
      yield* found.filter((finding) => finding !== null)
      const last = rows.at(-1)
      if (!last) return
      after = last.storageKey
    }
  }

  async #check(row: StoredRow, onMd5: StoreCheckOptions['onMd5']): Promise<RowFinding | null> {
    // Any failure of the store counts as a finding, so that one bad file does not hide the state of the
    // others.
    const found = await this.#wrongWith(row).catch(() => 'unreadable_file' as const)
    if (typeof found !== 'string') return this.#noteMd5(row, found.md5, onMd5)
    const kind = found
    // An update, or the removal of a variant, may have deleted row and bytes since the row was read.
    if (!(await this.parts.rows.has(row.storageKey))) return null
    return { kind, key: row.storageKey, path: row.path, isVariant: row.isVariant }
  }

  /** Returns what is wrong with the bytes of a row, or their MD5 when nothing is. */
  async #wrongWith({
    storageKey,
    size,
    sha256,
  }: StoredRow): Promise<RowFinding['kind'] | { readonly md5: Buffer }> {
    const bytes = await this.parts.images.open(storageKey)
    if (!bytes) return 'row_without_file'
    if (bytes.size !== size) return 'wrong_size'
    const found = await hashesOf(bytes.read())
    if (found === null) return 'row_without_file'
    return found.sha256.equals(sha256) ? { md5: found.md5 } : 'wrong_hash'
  }

  async #noteMd5(
    { storageKey, lacksMd5 }: StoredRow,
    md5: Buffer,
    onMd5: StoreCheckOptions['onMd5'],
  ): Promise<null> {
    if (!lacksMd5 || !onMd5) return null
    await this.parts.rows.rememberMd5(storageKey, md5)
    onMd5()
    return null
  }

  async *#fileFindings(graceMs: number): AsyncGenerator<FileFinding> {
    const { images, rows, now, settle } = this.parts
    const start = now().getTime()
    const isAgo = (ms: number, time: Date) => time.getTime() <= start - ms
    const fresh: string[] = []
    for await (const file of unneededFiles(images, rows)) {
      if (!isAgo(graceMs, file.unneededSince)) continue
      if (isAgo(FRESH_MS, file.modified)) yield { kind: 'file_without_row', key: file.key }
      else fresh.push(file.key)
    }
    if (fresh.length > 0) await settle()
    for (const key of fresh) {
      if ((await rows.known([key])).size === 0) yield { kind: 'file_without_row', key }
    }
    for await (const file of images.unfinished()) {
      if (isAgo(Math.max(graceMs, FRESH_MS), file.modified))
        yield { kind: 'left_over_temporary_file', key: file.key }
    }
  }
}

/** Returns the hashes of a file that is read as a stream; null when the file no longer exists. */
async function hashesOf(bytes: Readable): Promise<{ readonly sha256: Buffer; readonly md5: Buffer } | null> {
  const [sha256, md5] = [createHash('sha256'), createHash('md5')]
  const read = async () => {
    for await (const chunk of bytes) {
      sha256.update(chunk)
      md5.update(chunk)
    }
    return { sha256: sha256.digest(), md5: md5.digest() }
  }
  return ifThere(read())
}
