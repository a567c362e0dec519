import { integer, isEmpty, textOrArray, texts } from '../contract/readers'
import { isStorableText } from '../contract/storable'
import { inTurns, type Steps } from '../contract/turns'
import { itemsOf, type Value, type ValueMap } from '../contract/value'
import type { ImageChanges } from './gallery'

/**
 * The `file` of a create or update, as sent; a field is null when it was not given. A list or map is the text `Array`, as
 * in PHP (magento.md §6.11 and §6.18).
 */
export interface SentFile {
  readonly name: string | null
  readonly mime: string | null
  readonly content: string | null
}

/** How the RPC dialects and REST call the fields of a file. */
export const RPC_FILE_FIELDS = { name: 'name', mime: 'mime', content: 'content' } as const
export const REST_FILE_FIELDS = {
  name: 'file_name',
  mime: 'file_mime_type',
  content: 'file_content',
} as const

/** Reads the file of a create or update from the fields that have it; without them, no field is given. */
export function readSentFile(
  fields: ValueMap | null,
  names: Readonly<Record<keyof SentFile, string>>,
): SentFile {
  const field = (name: keyof SentFile) => fields?.get(names[name]) ?? null
  return {
    name: nameIn(field('name')),
    mime: textOrArray(field('mime')),
    content: textOrArray(field('content')),
  }
}

/** Reads a name as given. An empty list or map is none, as PHP's `empty` has it. */
function nameIn(name: Value): string | null {
  return itemsOf(name)?.length === 0 ? null : textOrArray(name)
}

/** A sent file whose content was valid base64. It is not yet known whether it is an image. */
export interface DecodedFile {
  /** The name as the client gave it, without the extension. */
  readonly name: string
  readonly extension: string
  readonly bytes: Buffer
}

/** Returns the name of a sent file, or the default for '' and '0', which PHP's `empty` treats as absent. */
export function nameOrDefault(name: string): string {
  return isEmpty(name) ? 'image' : name
}

const WHITE_SPACE = /[ \t\n\r]/
const DIGITS_AND_PADDING = /^[A-Za-z0-9+/]*(=*)$/

/** How many characters are decoded in one step. */
const SLICE = 64 * 1024

/**
 * Decodes base64 as strictly as Magento, in turns: white space is skipped and missing padding is accepted;
 * excess padding and any other character are not. Content that decodes to nothing, or to the text `0`, is
 * refused as well (magento.md §2).
 *
 * @returns null for content that is refused
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

/** The longest label, in characters; Magento kept 255 of them. */
const LONGEST_LABEL = 65_535

/**
 * Returns the fields that the data gives. `disabled` is an undocumented name of `exclude`; `exclude` wins.
 *
 * @returns null for a label that no database column would hold
 */
export function readChanges(data: ValueMap | null): ImageChanges | null {
  const value = (name: string) => data?.get(name) ?? null
  const label = textOrArray(value('label'))
  if (label && (label.length > LONGEST_LABEL || !isStorableText(label))) return null
  return {
    label,
    position: integer(value('position')),
    exclude: integer(value('exclude') ?? value('disabled')),
  }
}

/** Returns the types of a new image: a list, or one text as a list of one. */
export function typesOfNew(data: ValueMap | null): readonly string[] {
  return texts(data?.get('types') ?? null) ?? []
}

/** Returns all types that the image is to have after an update. Anything but a list counts as not given. */
export function typesOfUpdate(data: ValueMap | null): readonly string[] | null {
  const types: Value = data?.get('types') ?? null
  return itemsOf(types) === null ? null : texts(types)
}
