import { deflateSync } from 'node:zlib'
import sharp from 'sharp'

const WIDTH = 64
const HEIGHT = 48

/** A picture with enough of a pattern that its bytes are worth cutting; another shade is another picture. */
export async function picture(encoding: 'jpeg' | 'png' | 'gif' | 'webp', shade = 0): Promise<Buffer> {
  const pixels = Buffer.from(
    Array.from({ length: WIDTH * HEIGHT * 3 }, (_, index) => (index * index + shade) % 256),
  )
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .toFormat(encoding)
    .toBuffer()
}

/** A few bytes that are a PNG by all but its size, which is only claimed. */
export function pngClaiming(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc(1024))),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** A PNG of one pixel with these chunks before the pixels, and these behind them. */
export function pngWith(before: readonly Buffer[], after: readonly Buffer[] = []): Buffer {
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...before,
    pngChunk('IDAT', deflateSync(Buffer.alloc(4))),
    ...after,
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** A text of a PNG that was packed into these bytes. */
export function compressedText(packed: Buffer): Buffer {
  return pngChunk('zTXt', Buffer.concat([Buffer.from('k\0\0'), packed]))
}

/** A text of a PNG in Unicode that was packed into these bytes. */
export function compressedUnicode(packed: Buffer): Buffer {
  return pngChunk('iTXt', Buffer.concat([Buffer.from('k\0\x01\0\0\0'), packed]))
}

/** A JPEG with these segments before its end. */
export function jpegWith(jpeg: Buffer, segments: readonly Buffer[]): Buffer {
  return Buffer.concat([jpeg.subarray(0, -2), ...segments, jpeg.subarray(-2)])
}

/** A segment of a JPEG that is of an application, with so many bytes behind its length. */
export function metadataSegment(size: number): Buffer {
  const head = Buffer.from([0xff, 0xed, 0, 0])
  head.writeUInt16BE(size + 2, 2)
  return Buffer.concat([head, Buffer.alloc(size)])
}

/** A scan of a JPEG without any data. */
export function scan(): Buffer {
  return Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0])
}

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

/** A GIF of one pixel with a picture after the other. */
export function animatedGif(frames: number): Buffer {
  const frame = GIF.subarray(19, -1)
  return Buffer.concat([GIF.subarray(0, 19), Buffer.alloc(frames * frame.length, frame), Buffer.from(';')])
}

/** So many comments of a GIF. */
export function gifBlocks(count: number): Buffer {
  return Buffer.alloc(count * 10, Buffer.from([0x21, 0xfe, 6, 65, 66, 67, 68, 69, 70, 0]))
}

/** A bitmap of one white pixel. */
export function bitmap(): Buffer {
  const bytes = Buffer.alloc(58)
  bytes.write('BM', 'latin1')
  bytes.writeUInt32LE(58, 2)
  bytes.writeUInt32LE(54, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(1, 18)
  bytes.writeInt32LE(1, 22)
  bytes.writeUInt16LE(1, 26)
  bytes.writeUInt16LE(24, 28)
  bytes.fill(0xff, 54, 57)
  return bytes
}

/** A chunk of a PNG. */
export function pngChunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(typed))
  return Buffer.concat([length, typed, checksum])
}

/** PNG's checksum; zlib.crc32 is younger than the oldest Node that this package takes. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ (REMAINDERS[(crc ^ byte) & 0xff] ?? 0)
  return ~crc >>> 0
}

const REMAINDERS = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})
