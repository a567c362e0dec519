import type { ImageFormat } from '../../catalog/ports'
import type { Steps } from '../../contract/turns'

const KB = 1024
const MB = 1024 * KB

/** The bytes of metadata in one image: ICC profiles, EXIF, XMP, comments. Decoders keep several copies of them. */
const MOST_METADATA = 16 * MB
/** The blocks of metadata in one image, and the frames of a GIF or WebP. */
const MOST_BLOCKS = 10_000
/** The bytes of a PNG's compressed texts: what they are unpacked to may be a thousand times as much. */
const MOST_COMPRESSED_TEXT = 128 * KB
/** The scans of a JPEG: each is a pass over all pixels, and may be a few bytes. */
const MOST_SCANS = 100
/** How many blocks are looked at in one step. */
const STEP = 4096

/**
 * Why an image would cost a decoder more than its pixels do; null for one that would not, and for one whose structure
 * breaks off or makes no sense: the decoder judges that.
 *
 * It looks at the headers of chunks, segments and blocks alone, and decodes nothing.
 */
export function structureProblem(format: ImageFormat, bytes: Buffer): Steps<string | null> {
  return READERS[format](bytes)
}

const READERS: Readonly<Record<ImageFormat, (bytes: Buffer) => Steps<string | null>>> = {
  png: pngProblem,
  jpeg: jpegProblem,
  gif: gifProblem,
  webp: webpProblem,
}

/** What is counted of any format. */
class Tally {
  #blocks = 0
  #bytes = 0

  /** Counts a block of metadata, and says what there is too much of. */
  add(bytes: number): string | null {
    this.#blocks++
    this.#bytes += bytes
    if (this.#blocks > MOST_BLOCKS) return `it has over ${MOST_BLOCKS} blocks of metadata`
    if (this.#bytes > MOST_METADATA) return `it has over ${MOST_METADATA} bytes of metadata`
    return null
  }
}

/** The chunks that decoders keep; they pass over any other that is not of the image itself. */
const METADATA_CHUNKS: ReadonlySet<string> = new Set(['iCCP', 'iTXt', 'zTXt', 'tEXt', 'eXIf', 'sPLT'])

/** PNG, third edition, 5.3: length, type, data, checksum. */
function* pngProblem(bytes: Buffer): Steps<string | null> {
  const tally = new Tally()
  let compressed = 0
  let seen = 0
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    const data = bytes.subarray(at + 8, at + 8 + length)
    if (type === 'IEND') return null
    if (METADATA_CHUNKS.has(type)) {
      const problem = tally.add(data.length)
      if (problem !== null) return problem
      if (type === 'zTXt' || (type === 'iTXt' && isCompressed(data))) compressed += data.length
      if (compressed > MOST_COMPRESSED_TEXT)
        return `it has over ${MOST_COMPRESSED_TEXT} bytes of compressed text`
    }
    at += 12 + length
    if (++seen % STEP === 0) yield
  }
  return null
}

/** PNG, third edition, 11.3.3.4: a keyword of at most 79 bytes, a zero, the flag. */
function isCompressed(international: Buffer): boolean {
  const end = international.subarray(0, 80).indexOf(0)
  return end >= 0 && international[end + 1] !== 0
}

const FILL = 0xff
const START_OF_SCAN = 0xda
const END_OF_IMAGE = 0xd9
const COMMENT = 0xfe

/** The second byte of what is no marker (0), and of markers without a segment: TEM, RST0 to RST7, SOI. */
const isWithoutSegment = (code: number) => code <= 1 || (code >= 0xd0 && code <= 0xd8)

const isMetadataSegment = (code: number) => code === COMMENT || (code >= 0xe0 && code <= 0xef)

/** ITU-T T.81, B.1.1: segments behind markers, and behind those of scans the pixels, in which 0xff is followed by 0. */
function* jpegProblem(bytes: Buffer): Steps<string | null> {
  const tally = new Tally()
  let scans = 0
  let seen = 0
  for (let at = bytes.indexOf(FILL, 2); at >= 0 && at + 4 <= bytes.length; at = bytes.indexOf(FILL, at)) {
    if (++seen % STEP === 0) yield
    const code = bytes.readUInt8(at + 1)
    if (code === FILL) {
      at += 1
      continue
    }
    if (code === END_OF_IMAGE) return null
    if (isWithoutSegment(code)) {
      at += 2
      continue
    }
    if (code === START_OF_SCAN && ++scans > MOST_SCANS) return `it has over ${MOST_SCANS} scans`
    const length = bytes.readUInt16BE(at + 2)
    const problem = isMetadataSegment(code) ? tally.add(length) : null
    if (problem !== null) return problem
    at += 2 + length
  }
  return null
}

/** RFC 9649, 2.3 and 2.4: a file that tells its size, of chunks: a type, a length, and data padded to an even length. */
function* webpProblem(bytes: Buffer): Steps<string | null> {
  const tally = new Tally()
  let frames = 0
  let seen = 0
  const end = bytes.length < 8 ? 0 : Math.min(bytes.length, 8 + bytes.readUInt32LE(4))
  for (let at = 12; at + 8 <= end; ) {
    const type = bytes.toString('latin1', at, at + 4)
    const length = bytes.readUInt32LE(at + 4)
    if (type === 'ANMF' && ++frames > MOST_BLOCKS) return `it has over ${MOST_BLOCKS} frames`
    const held = Math.min(length, end - at - 8)
    const problem = PIXEL_CHUNKS.has(type) ? null : tally.add(held)
    if (problem !== null) return problem
    at += 8 + length + (length % 2)
    if (++seen % STEP === 0) yield
  }
  return null
}

/** The chunks of a WebP that are pixels, and its header. All others are kept, known or not. */
const PIXEL_CHUNKS: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF'])

const EXTENSION = 0x21
const FRAME = 0x2c
const TRAILER = 0x3b
const HEADER = 13

/** GIF89a, 17 to 26: a header, a colour table, then extensions and frames, each with its data in sub-blocks. */
function* gifProblem(bytes: Buffer): Steps<string | null> {
  const tally = new Tally()
  let frames = 0
  let seen = 0
  for (let at = HEADER + colourTable(bytes[10]); at < bytes.length; ) {
    const kind = bytes[at]
    if (kind === TRAILER) return null
    if (kind === FRAME && ++frames > MOST_BLOCKS) return `it has over ${MOST_BLOCKS} frames`
    const start = at + lengthBeforeData(kind, bytes[at + 9])
    at = start
    if (kind !== FRAME && kind !== EXTENSION) continue
    for (let length = bytes[at] ?? 0; length > 0; length = bytes[at] ?? 0) {
      at += 1 + length
      if (++seen % STEP === 0) yield
    }
    at += 1
    // Each frame may have an extension that says how long it is shown.
    const problem = kind === EXTENSION && at - start > CONTROL_LENGTH ? tally.add(at - start) : null
    if (problem !== null) return problem
    if (++seen % STEP === 0) yield
  }
  return null
}

/** The data of a Graphic Control Extension, with its lengths. */
const CONTROL_LENGTH = 6

function lengthBeforeData(kind: number | undefined, packed: number | undefined): number {
  if (kind === FRAME) return 11 + colourTable(packed)
  // Whatever is neither is passed over, a byte at a time: a decoder that gives up there has looked at less.
  return kind === EXTENSION ? 2 : 1
}

/** The bytes of the colour table that a packed field announces. */
function colourTable(packed = 0): number {
  return packed & 0x80 ? 3 << ((packed & 7) + 1) : 0
}
