import { integer, isEmpty, text, texts } from '../contract/readers'
import { isStorableText } from '../contract/storable'
import { inTurns, type Steps } from '../contract/turns'
import { fieldsOf, itemsOf, type Value, type ValueMap } from '../contract/value'
import type { ImageChanges } from './gallery'

/** The extension that each accepted type gives a file, whatever the bytes are. */
export const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', 'jpg'],
  ['image/gif', 'gif'],
  ['image/png', 'png'],
])

/** The `file` of a create or update, as sent; a field is null when it was not given. */
export interface SentFile {
  readonly name: string | null
  readonly mime: string | null
  readonly content: string | null
}

/** Reads the `file` of a create or update; without one, no field is given. */
export function readSentFile(file: Value): SentFile {
  const fields = fieldsOf(file)
  const field = (name: string) => text(fields?.get(name) ?? null)
  return { name: field('name'), mime: field('mime'), content: field('content') }
}

/** A file that was sent and found to be base64; whether it is an image is yet to be seen. */
export interface DecodedFile {
  /** As the client gave it, without the extension. */
  readonly name: string
  readonly extension: string
  readonly bytes: Buffer
}

/** The name of a file that was sent: PHP's `empty` decides that '' and '0' are none. */
export function nameOrDefault(name: string): string {
  return isEmpty(name) ? 'image' : name
}

const WHITE_SPACE = /[ \t\n\r]/
const DIGITS_AND_PADDING = /^[A-Za-z0-9+/]*(=*)$/

/** How much of a text is decoded in one step. */
const SLICE = 64 * 1024

/**
 * Decodes base64 as strictly as Magento, in turns: white space is skipped and missing padding is fine; excess padding or
 * any other character is not. What decodes to nothing, or to the text `0`, is refused as well (magento.md §2).
 *
 * @returns null for what is refused
 */
export function decodeBase64(content: string): Promise<Buffer | null> {
  return inTurns(decoded(content))
}

function* decoded(content: string): Steps<Buffer | null> {
  const bytes = Buffer.allocUnsafe(Math.ceil(content.length / 4) * 3)
  let length = 0
  let carried = ''
  let padding = 0
  for (let start = 0; start < content.length; start += SLICE) {
    const compact = withoutWhiteSpace(content.slice(start, start + SLICE))
    const padded = DIGITS_AND_PADDING.exec(compact)?.[1]?.length
    if (padded === undefined || (padding > 0 && padded < compact.length)) return null
    padding += padded
    if (padding > 2) return null
    const digits = carried + compact.slice(0, compact.length - padded)
    const whole = digits.length - (digits.length % 4)
    length += bytes.write(digits.slice(0, whole), length, 'base64')
    carried = digits.slice(whole)
    yield
  }
  if (carried.length === 1 || (padding > 0 && carried.length + padding !== 4)) return null
  length += bytes.write(carried, length, 'base64')
  return length === 0 || (length === 1 && bytes[0] === 0x30) ? null : bytes.subarray(0, length)
}

function withoutWhiteSpace(text: string): string {
  return WHITE_SPACE.test(text) ? text.replace(/[ \t\n\r]+/g, '') : text
}

/** In characters; Magento kept 255 of them. */
const LONGEST_LABEL = 65_535

/**
 * The fields that the data gives. `disabled` is an undocumented twin of `exclude`, which wins.
 *
 * @returns null for a label that no database column would hold
 */
export function readChanges(data: ValueMap | null): ImageChanges | null {
  const value = (name: string) => data?.get(name) ?? null
  const label = text(value('label'))
  if (label && (label.length > LONGEST_LABEL || !isStorableText(label))) return null
  return {
    label,
    position: integer(value('position')),
    exclude: integer(value('exclude') ?? value('disabled')),
  }
}

/** The types that a new image is given: a list, or one text for a list of one. */
export function typesOfNew(data: ValueMap | null): readonly string[] {
  return texts(data?.get('types') ?? null) ?? []
}

/** The types that an update gives: only a list counts, and it names all that the image is to have. */
export function typesOfUpdate(data: ValueMap | null): readonly string[] | null {
  const types: Value = data?.get('types') ?? null
  return itemsOf(types) === null ? null : texts(types)
}
