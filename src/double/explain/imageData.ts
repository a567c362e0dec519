import { storedName } from '../../catalog/fileName'
import {
  nameOrDefault,
  REST_FILE_FIELDS,
  RPC_FILE_FIELDS,
  readSentFile,
  type SentFile,
} from '../../catalog/sentImage'
import { quoted } from '../../contract/nearest'
import { text } from '../../contract/readers'
import { fieldsOf, itemsOf, type Value } from '../../contract/value'
import type { Inspection } from './ports'

/** Returns the file of a create or update, in the form of SOAP or of REST. */
export function sentFileOf(data: Value, isRest: boolean): SentFile {
  const fields = fieldsOf(data)
  return isRest
    ? readSentFile(fields, REST_FILE_FIELDS)
    : readSentFile(fieldsOf(fields?.get('file') ?? null), RPC_FILE_FIELDS)
}

/** Explains why the data has no file, although it must have one. */
export function whyNotSpecified(data: Value, isRest: boolean): string {
  const fields = fieldsOf(data)
  const names = isRest ? ['file_mime_type', 'file_content'] : ['mime', 'content']
  if (!fields) {
    const given =
      data === null ? 'nothing' : itemsOf(data) ? 'a list' : `the text ${quoted(text(data) ?? '')}`
    return `The data must be a struct or map; ${given} was given${data === null ? '' : ', perhaps for another argument'}.`
  }
  const file = isRest ? fields : fieldsOf(fields.get('file') ?? null)
  if (!file) {
    const misplaced = names.filter((name) => fields.has(name))
    const hint = misplaced.length > 0 ? ` ${misplaced.join(' and ')} must stand inside it.` : ''
    return `The data has no "file", which must be a struct of name, mime and content.${hint}`
  }
  const missing = names.filter((name) => !text(file.get(name) ?? null))
  return `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing${isRest ? '' : ' in "file"'}; it has ${[...file.keys()].join(', ') || 'nothing'}.`
}

/** Explains why a mime type is not one of those that are taken. */
export function whyMime(mime: string | null, taken: readonly string[]): string {
  const meant = mime === null ? undefined : taken.find((type) => isSameType(type, mime))
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`
  return `The mime type ${quoted(mime ?? '')} is not taken, only exactly ${taken.join(', ')}.${hint}`
}

function isSameType(type: string, given: string): boolean {
  const word = given
    .toLowerCase()
    .replace(/;.*/, '')
    .replace(/^image\/|^\.|^x-/g, '')
    .trim()
    .replace('jpg', 'jpeg')
  return type === `image/${word}`
}

/** Explains where a content stops being base64. */
export function whyNotBase64(content: string): string {
  if (/^data:/i.test(content))
    return `The content begins with ${quoted(content.slice(0, content.indexOf(',') + 1))}: only what follows the comma is base64.`
  const compact = content.replace(/[ \t\n\r]+/g, '')
  if (compact === '') return 'The content is empty.'
  const at = content.search(/[^A-Za-z0-9+/= \t\n\r]/)
  if (at >= 0) {
    const character = String.fromCodePoint(content.codePointAt(at) ?? 0)
    const url = /[-_]/.test(character) ? ' The alphabet for URLs is not taken: + and / are.' : ''
    const form = character === '%' ? ' It may have been encoded for a form, and not decoded.' : ''
    return `Character ${at + 1} of the content, ${quoted(character)}, is none of base64.${url}${form}`
  }
  const padding = compact.indexOf('=')
  if (padding >= 0 && /[^=]/.test(compact.slice(padding)))
    return `There is padding (=) in the middle of the content, at character ${padding + 1}: several texts of base64 in a row?`
  const digits = padding < 0 ? compact.length : padding
  if (digits % 4 === 1)
    return `The content has ${digits} characters of base64, which cannot be: it was cut, or lost one.`
  if (padding >= 0 && compact.length % 4 !== 0)
    return `The content has too much padding: ${compact.length - digits} characters (=) behind ${digits}.`
  return 'The content decodes to nothing.'
}

/** Explains why a file is not an image that can be stored, given the message of the fault. */
export async function whyNoImage(file: SentFile, message: string, inspection: Inspection): Promise<string> {
  const bytes = Buffer.from((file.content ?? '').replace(/[ \t\n\r]+/g, ''), 'base64')
  const byName = whyName(file, inspection)
  if (message === 'Cannot create image.' || (byName && !signatureOf(bytes)))
    return byName ?? 'No free name was left.'
  const name = signatureOf(bytes)
  const storable = STORABLE.filter(({ mime }) => inspection.extensions.has(mime))
  if (name === null || storable.every((format) => format.name !== name)) {
    const formats = storable.map(({ format }) => format)
    return whyUnsupported(name, bytes, formats)
  }
  return `The bytes begin as ${name}, but do not decode: ${await whyInvalid(name, bytes, inspection)}`
}

function whyName({ name, mime }: SentFile, inspection: Inspection): string | null {
  const base = nameOrDefault(name ?? '')
  const extension = inspection.extensions.get(mime ?? '') ?? 'jpg'
  if (storedName(base, extension)) return null
  if (base.includes('/'))
    return `The name ${quoted(base)} has a path in it: give ${quoted(base.slice(base.lastIndexOf('/') + 1))}.`
  if (base.includes('\0')) return 'The name has a NUL in it.'
  return `The name has ${Buffer.byteLength(`${base}.${extension}`)} bytes with its extension; a file name has at most 255.`
}

/** The types of files by their first bytes. */
const SIGNATURES: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['a JPEG', /^\xff\xd8\xff/],
  ['a PNG', /^\x89PNG\r\n/],
  ['a GIF', /^GIF8/],
  ['a WebP image', /^RIFF[\s\S]{4}WEBP/],
  ['an AVIF image', /^[\s\S]{4}ftypavi[fs]/],
  ['an HEIC image', /^[\s\S]{4}ftyp(?:hei[cx]|mif1|hevc)/],
  ['a TIFF image', /^(?:II\*|MM.\*)/],
  ['a bitmap (BMP)', /^BM[\s\S]{12}[(|]/],
  ['a PDF', /^%PDF-/],
  [
    'an SVG, which is no bitmap',
    /^\s*(?:<\?xml[\s\S]{0,500}?)?(?:<!--[\s\S]{0,500}?-->\s*|<!DOCTYPE svg[\s\S]{0,300}?>\s*)*<svg[\s>]/i,
  ],
  ['an HTML page, perhaps of an error in the place of an image', /^\s*(?:<!DOCTYPE html|<html)/i],
  ['a ZIP archive', /^PK/],
  ['base64 once more: it was encoded twice', /^(?:\/9j\/|iVBORw0KGgo|R0lGOD|UklGR)/],
  ['a data URL', /^data:image\//],
]

/** Those that some version of Magento stores. */
const STORABLE: readonly { readonly name: string; readonly mime: string; readonly format: string }[] = [
  { name: 'a JPEG', mime: 'image/jpeg', format: 'JPEG' },
  { name: 'a PNG', mime: 'image/png', format: 'PNG' },
  { name: 'a GIF', mime: 'image/gif', format: 'GIF' },
  { name: 'a WebP image', mime: 'image/webp', format: 'WebP' },
]

function signatureOf(bytes: Buffer): string | null {
  const start = bytes.toString('latin1', 0, 2048)
  return SIGNATURES.find(([, pattern]) => pattern.test(start))?.[0] ?? null
}

function whyUnsupported(name: string | null, bytes: Buffer, formats: readonly string[]): string {
  const allBut = formats.slice(0, -1).join(', ')
  const last = formats.at(-1)
  const start = bytes.toString('latin1', 0, 8).replace(/[^ -~]/g, '.')
  return name === null
    ? `The ${bytes.length} bytes begin with ${quoted(start)}, as no ${allBut} or ${last} does.`
    : `The bytes are ${name}; only ${allBut} and ${last} are taken.`
}

/** The last bytes of complete images of a form in which nothing may be missing. */
const ENDS: Readonly<Record<string, { readonly bytes: Buffer; readonly name: string }>> = {
  'a PNG': { bytes: Buffer.from('IEND', 'latin1'), name: 'its IEND chunk' },
}

async function whyInvalid(name: string, bytes: Buffer, inspection: Inspection): Promise<string> {
  const end = ENDS[name]
  const isCut = end !== undefined && !bytes.subarray(-64).includes(end.bytes)
  const problem =
    (await inspection.imageProblem(bytes)) ?? 'it takes the image now, so that a setting has changed since'
  return `${isCut ? `it is truncated, ${end.name} is not there (${bytes.length} bytes). ` : ''}The decoder says: ${problem.trim().replaceAll('\n', '; ')}.`
}
