/** The longest file name that file systems accept, in bytes. The names made here are ASCII. */
const LONGEST_NAME = 255

/** A file name as Magento stores it, split so that a number can be added when the name is taken. */
export interface StoredName {
  /** Directory and base name, such as `/m/y/my_photo`. */
  readonly stem: string
  /** The extension with its dot. */
  readonly extension: string
}

/**
 * Returns the name under which an upload is stored (magento.md §2.1): runs of bytes other than
 * `[A-Za-z0-9_.-]` become one `_`, a base name of underscores only becomes `file`, and the first two
 * characters name its directories; a dot among them becomes `_`. `./` before it means nothing (magento.md §6.17). The result has three `/`, and no directory
 * named `..`.
 *
 * @param base       as the client gave it, without the extension
 * @param extension  without a dot
 * @returns null for a name that Magento could not write: it holds a `/` or a NUL, or is too long
 */
export function storedName(base: string, extension: string): StoredName | null {
  const named = base.replace(/^(?:\.\/+)+/, '')
  const given = `${named}.${extension}`
  if (given.length > LONGEST_NAME || /[/\0]/.test(given)) return null
  if (Buffer.byteLength(given) > LONGEST_NAME) return null
  const clean = named.replace(/[^A-Za-z0-9_.-]+/g, '_')
  const name = /^_*$/.test(clean) ? 'file' : clean
  const [first, second] = [...`${name}.`].map((character) => (character === '.' ? '_' : character))
  return { stem: `/${first}/${second}/${name}`, extension: `.${extension}` }
}

/**
 * Returns the path of a stored name: unchanged for suffix 0, else with `_1`, `_2`… after the base. Null when
 * it is too long.
 */
export function storedPath({ stem, extension }: StoredName, suffix: number): string | null {
  const path = `${stem}${suffix === 0 ? '' : `_${suffix}`}${extension}`
  return path.length - '/x/y/'.length > LONGEST_NAME ? null : path
}

const URL_FORM = /^[a-z][a-z0-9+.-]*:\/\//i

/**
 * Whether a file can be under such a path of a gallery, and be served. An imported gallery may hold others: '', whole URLs,
 * and paths with a NUL, a backslash or `..` (importing.md). No file of theirs is ever opened.
 */
export function isServedPath(path: string): boolean {
  if (path === '' || /[\0\\]/.test(path) || URL_FORM.test(path)) return false
  return path.split('/').every((part) => part !== '..')
}

/** How many characters of a name its key repeats, so that a key is never too long for a file name. */
const REPEATED_NAME = 100

/**
 * Returns the key under which the bytes of a file are stored: its directories, the beginning of its name,
 * `~`, a mark and its extension. No two files share a mark, so bytes are never overwritten: giving a path
 * other bytes changes only the database. No name of an upload holds a `~`, so a key is never taken for a path. A path that
 * no upload could have, as of an imported gallery, gives a key with what is left of its name.
 */
export function storageKey(path: string, mark: string): string {
  const key = `${keyStem(path)}~${mark}${path.slice(path.lastIndexOf('.'))}`
  return isStorageKey(key) ? key : `${cleanStem(path)}~${mark}${extensionOf(path)}`
}

/**
 * Returns the key under which the bytes of a variant are stored: like that of the file, with the format of
 * the variant.
 */
export function variantStorageKey(path: string, mark: string, format: string): string {
  const key = `${keyStem(path)}~${mark}.${format}`
  return isStorageKey(key) ? key : `${cleanStem(path)}~${mark}.${format}`
}

const STORAGE_KEY = /^\/[A-Za-z0-9_-]\/[A-Za-z0-9_-]\/[A-Za-z0-9_.-]+~[A-Za-z0-9]+\.[a-z]+$/

/**
 * Whether a text has the form of a storage key: two directories and a file, none of which can lead out of the
 * store.
 */
export function isStorageKey(text: string): boolean {
  return STORAGE_KEY.test(text)
}

/** Makes directories and a name, as an upload of the path's last part would have them. */
function cleanStem(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const end = name.lastIndexOf('.')
  const clean = (end > 0 ? name.slice(0, end) : name).replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, REPEATED_NAME)
  const stem = clean === '' ? 'file' : clean
  return `/${stem[0]}/${stem[1] ?? '_'}/${stem}`
}

/** Returns the extension in lower case with its dot; `.bin` for a path without one of letters. */
function extensionOf(path: string): string {
  return /\.[A-Za-z]{1,10}$/.exec(path)?.[0].toLowerCase() ?? '.bin'
}

function keyStem(path: string): string {
  return path.slice(0, Math.min(path.lastIndexOf('.'), REPEATED_NAME))
}
