import { isAscii } from 'node:buffer'
import { SLICE, utf8Slices } from '../utf8'

/** The bytes are not text in the encoding that the document declares. */
export class UnreadableText extends Error {
  override readonly name = 'UnreadableText'
}

const DECLARATION = /^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']/
const ENDLESS_DECLARATION = /^<\?xml\s(?!.*\?>)/s
const LONGEST_DECLARATION = 256

/**
 * Yields the text of an XML document, slice by slice. The encoding is that of its byte order mark, else of
 * its first bytes and its XML declaration (XML 1.0, appendix F), else UTF-8. The charset of HTTP does not
 * count, as it does not for PHP.
 *
 * @throws UnreadableText
 */
export function* xmlText(bytes: Buffer): Generator<string> {
  const encoding = encodingOf(bytes)
  let isFirst = true
  for (const text of slicesIn(encoding, bytes)) {
    // The parser would silently drop a second byte order mark.
    if (isFirst && text.startsWith('\ufeff') && encoding !== 'latin1')
      throw new UnreadableText('starts with more than one byte order mark')
    isFirst &&= text === ''
    yield text
  }
}

function* slicesIn(encoding: string, bytes: Buffer): Generator<string> {
  if (encoding === 'ascii') yield* asciiSlices(bytes)
  else if (encoding === 'latin1') yield* latin1Slices(bytes)
  else yield* decodedSlices(encoding, bytes)
}

function* asciiSlices(bytes: Buffer): Generator<string> {
  for (let start = 0; start < bytes.length; start += SLICE) {
    if (!isAscii(bytes.subarray(start, start + SLICE))) throw new UnreadableText('not readable as ascii')
    yield bytes.toString('latin1', start, start + SLICE)
  }
}

function* latin1Slices(bytes: Buffer): Generator<string> {
  for (let start = 0; start < bytes.length; start += SLICE)
    yield bytes.toString('latin1', start, start + SLICE)
}

function* decodedSlices(encoding: string, bytes: Buffer): Generator<string> {
  try {
    yield* encoding === 'utf-8'
      ? utf8Slices(bytes)
      : slicesOf(new TextDecoder(encoding, { fatal: true }), bytes)
  } catch (cause) {
    throw new UnreadableText(`not readable as ${encoding}`, { cause })
  }
}

function* slicesOf(decoder: InstanceType<typeof TextDecoder>, bytes: Buffer): Generator<string> {
  for (let start = 0; start < bytes.length; start += SLICE)
    yield decoder.decode(bytes.subarray(start, start + SLICE), { stream: true })
  yield decoder.decode()
}

function encodingOf(bytes: Buffer): string {
  const [first, second, third, fourth] = bytes
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  // A document in UTF-16 without a byte order mark must begin with an XML declaration, which shows the byte
  // order.
  if (first === 0x00 && second === 0x3c && third === 0x00 && fourth === 0x3f) return 'utf-16be'
  if (first === 0x3c && second === 0x00 && third === 0x3f && fourth === 0x00) return 'utf-16le'
  if (first === 0xef && second === 0xbb) return 'utf-8'
  const start = bytes.toString('latin1', 0, LONGEST_DECLARATION)
  if (ENDLESS_DECLARATION.test(start)) throw new UnreadableText('its XML declaration does not end')
  const declared = DECLARATION.exec(start)?.[1]?.toLowerCase() ?? 'utf-8'
  // This declaration was readable as single bytes, so the document cannot be UTF-16.
  if (declared.startsWith('utf-16')) throw new UnreadableText('declared as UTF-16, but it is not')
  if (/^(?:us-)?ascii$/.test(declared)) return 'ascii'
  return /^(?:iso-?8859-?1|latin-?1)$/.test(declared) ? 'latin1' : declared
}
