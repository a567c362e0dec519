import { text } from '../contract/readers'
import { fieldsOf, type Value } from '../contract/value'

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

export function readSentFile(file: Value): SentFile {
  const fields = fieldsOf(file)
  const field = (name: string) => text(fields?.get(name) ?? null)
  return { name: field('name'), mime: field('mime'), content: field('content') }
}

const WHITE_SPACE = /[ \t\n\r]/
const BASE64 = /^[A-Za-z0-9+/]*(={0,2})$/

/**
 * Decodes base64 as strictly as Magento: white space is skipped and missing padding is fine; excess padding or any
 * other character is not. What decodes to nothing, or to the text `0`, is refused as well (REFERENCE.md §2).
 *
 * @returns null for what is refused
 */
export function decodeBase64(content: string): Buffer | null {
  const compact = WHITE_SPACE.test(content) ? content.replace(/[ \t\n\r]+/g, '') : content
  const padding = BASE64.exec(compact)?.[1]?.length
  if (padding === undefined) return null
  const digits = compact.length - padding
  if (digits % 4 === 1) return null
  if (padding > 0 && compact.length % 4 !== 0) return null
  const bytes = Buffer.from(compact, 'base64')
  return bytes.length === 0 || (bytes.length === 1 && bytes[0] === 0x30) ? null : bytes
}
