/** The longest file name that file systems take, in bytes; what `stored` answers is ASCII. */
const LONGEST_NAME = 255

/** A file name as Magento stores it, taken apart so that a taken name can be counted on. */
export interface StoredName {
  /** Directory and base name, such as `/m/y/my_photo`. */
  readonly stem: string
  /** With its dot. */
  readonly extension: string
}

/**
 * The name under which an upload is stored (magento.md §2.1): runs of bytes other than `[A-Za-z0-9_.-]`
 * become one `_`, a base name of underscores only becomes `file`, and the first two characters name its directories,
 * a dot among them as `_`. The result has no `/` but those three, and no directory named `..`.
 *
 * @param base       as the client gave it, without the extension
 * @param extension  without a dot
 * @returns null when the name is one that Magento could not write: it holds a `/` or a NUL, or is too long
 */
export function storedName(base: string, extension: string): StoredName | null {
  const given = `${base}.${extension}`
  if (given.length > LONGEST_NAME || /[/\0]/.test(given)) return null
  if (Buffer.byteLength(given) > LONGEST_NAME) return null
  const clean = base.replace(/[^A-Za-z0-9_.-]+/g, '_')
  const name = /^_*$/.test(clean) ? 'file' : clean
  const [first, second] = [...`${name}.`].map((character) => (character === '.' ? '_' : character))
  return { stem: `/${first}/${second}/${name}`, extension: `.${extension}` }
}

/** The path of a stored name: as it is for suffix 0, with `_1`, `_2`… behind the base for a taken one; null when too long. */
export function storedPath({ stem, extension }: StoredName, suffix: number): string | null {
  const path = `${stem}${suffix === 0 ? '' : `_${suffix}`}${extension}`
  return path.length - '/x/y/'.length > LONGEST_NAME ? null : path
}

/** As much of a name as a key repeats, so that a key is never too long for a file name. */
const REPEATED_NAME = 100

/**
 * The key under which the bytes of a file are stored: its directories, the beginning of its name, `~`, a mark and its
 * extension. No two files share a mark, so bytes are never overwritten: a path changes hands in the database alone.
 * `~` is in no stored name, so a key is never taken for a path.
 */
export function storageKey(path: string, mark: string): string {
  return `${keyStem(path)}~${mark}${path.slice(path.lastIndexOf('.'))}`
}

/** The key under which the bytes of a variant of a file are stored: as the file's own, with the variant's format. */
export function variantStorageKey(path: string, mark: string, format: string): string {
  return `${keyStem(path)}~${mark}.${format}`
}

const STORAGE_KEY = /^\/[A-Za-z0-9_-]\/[A-Za-z0-9_-]\/[A-Za-z0-9_.-]+~[A-Za-z0-9]+\.[a-z]+$/

/** Whether a text has the form of a storage key: two directories and a file, none of which can lead out of a store. */
export function isStorageKey(text: string): boolean {
  return STORAGE_KEY.test(text)
}

function keyStem(path: string): string {
  return path.slice(0, Math.min(path.lastIndexOf('.'), REPEATED_NAME))
}
