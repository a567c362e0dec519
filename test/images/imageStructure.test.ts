import fc from 'fast-check'
import type { ImageFormat } from '../../src/catalog/ports'
import { atOnce } from '../../src/contract/turns'
import { structureProblem } from '../../src/images/decoding/imageStructure'
import {
  animatedGif,
  compressedText,
  gifBlocks,
  jpegWith,
  metadataSegment,
  picture,
  pngChunk,
  pngWith,
  scan,
} from '../support/pictures'

const problemOf = (format: ImageFormat, bytes: Buffer) => atOnce(structureProblem(format, bytes))

const MB = 1024 * 1024
/** A WebP of these chunks behind its header. */
const webpOf = (chunks: readonly Buffer[]) => {
  const file = Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP', 'latin1'), ...chunks])
  file.writeUInt32LE(file.length - 8, 4)
  return file
}
/** The header of a chunk that says so many bytes follow. */
const webpClaim = (type: string, length: number) => {
  const header = Buffer.from(`${type}\0\0\0\0`, 'latin1')
  header.writeUInt32LE(length, 4)
  return header
}
const webpChunk = (type: string, length: number) =>
  Buffer.concat([webpClaim(type, length), Buffer.alloc(length + (length % 2))])
const text = (size: number) => pngChunk('tEXt', Buffer.alloc(size, 'a'))

describe('the structure of an image', () => {
  it.each(['png', 'jpeg', 'gif', 'webp'] as const)('of an ordinary %s has no problem', async (format) => {
    expect(problemOf(format, await picture(format))).toBeNull()
  })

  it.each<readonly [string, ImageFormat, () => Buffer | Promise<Buffer>]>([
    [
      'a PNG with 128 KB of compressed texts',
      'png',
      () => pngWith([compressedText(Buffer.alloc(128 * 1024 - 10))]),
    ],
    ['a PNG with 16 MB of text', 'png', () => pngWith([text(16 * MB)])],
    [
      'a PNG with much in chunks that no decoder keeps',
      'png',
      () => pngWith([pngChunk('fdAT', Buffer.alloc(17 * MB))]),
    ],
    [
      'a PNG of many small pieces',
      'png',
      () => pngWith(Array(20_000).fill(pngChunk('IDAT', Buffer.alloc(0)))),
    ],
    ['a JPEG of 100 scans', 'jpeg', async () => jpegWith(await picture('jpeg'), Array(99).fill(scan()))],
    [
      'a JPEG with a profile of 10 MB',
      'jpeg',
      async () => jpegWith(await picture('jpeg'), Array(160).fill(metadataSegment(65_533))),
    ],
    ['a GIF of 10,000 frames', 'gif', () => animatedGif(10_000)],
    ['a WebP of 10,000 frames', 'webp', () => webpOf(Array(10_000).fill(webpChunk('ANMF', 16)))],
    ['a WebP with much behind its end', 'webp', () => Buffer.concat([webpOf([]), Buffer.alloc(100_000)])],
    [
      'a WebP with a chunk that claims more than there is',
      'webp',
      () => webpOf([webpClaim('VP8 ', 2 ** 32 - 1)]),
    ],
    ['a GIF with much behind its end', 'gif', () => Buffer.concat([animatedGif(1), gifBlocks(20_000)])],
  ])('has no problem: %s', async (_name, format, bytes) => {
    expect(problemOf(format, await bytes())).toBeNull()
  })

  it.each<readonly [string, ImageFormat, () => Buffer | Promise<Buffer>, string]>([
    [
      'zTXt',
      'png',
      () => pngWith(Array(5).fill(compressedText(Buffer.alloc(53_000)))),
      'it has over 131072 bytes of compressed text',
    ],
    [
      'iTXt',
      'png',
      () => pngWith([pngChunk('iTXt', Buffer.concat([Buffer.from('k\0\x01\0\0\0'), Buffer.alloc(300_000)]))]),
      'it has over 131072 bytes of compressed text',
    ],
    ['text', 'png', () => pngWith([text(10 * MB), text(7 * MB)]), 'it has over 16777216 bytes of metadata'],
    [
      'ICC',
      'png',
      () => pngWith([pngChunk('iCCP', Buffer.alloc(17 * MB))]),
      'it has over 16777216 bytes of metadata',
    ],
    ['XMP', 'webp', () => webpOf([webpChunk('XMP ', 17 * MB)]), 'it has over 16777216 bytes of metadata'],
    [
      'unknown chunks',
      'webp',
      () => webpOf(Array(10_001).fill(webpChunk('what', 3))),
      'it has over 10000 blocks of metadata',
    ],
    ['frames', 'webp', () => webpOf(Array(10_001).fill(webpChunk('ANMF', 16))), 'it has over 10000 frames'],
    ['texts', 'png', () => pngWith(Array(10_001).fill(text(3))), 'it has over 10000 blocks of metadata'],
    [
      'texts behind the pixels',
      'png',
      () => pngWith([], Array(10_001).fill(text(3))),
      'it has over 10000 blocks of metadata',
    ],
    [
      'scans',
      'jpeg',
      async () => jpegWith(await picture('jpeg'), Array(100).fill(scan())),
      'it has over 100 scans',
    ],
    [
      'segments',
      'jpeg',
      async () => jpegWith(await picture('jpeg'), Array(10_001).fill(metadataSegment(3))),
      'it has over 10000 blocks of metadata',
    ],
    [
      'EXIF',
      'jpeg',
      async () => jpegWith(await picture('jpeg'), Array(260).fill(metadataSegment(65_533))),
      'it has over 16777216 bytes of metadata',
    ],
    ['frames', 'gif', () => animatedGif(10_001), 'it has over 10000 frames'],
    [
      'comments',
      'gif',
      () => Buffer.concat([animatedGif(1).subarray(0, -1), gifBlocks(10_001)]),
      'it has over 10000 blocks of metadata',
    ],
  ])('is told of too much: %s of a %s', async (_name, format, bytes, problem) => {
    expect(problemOf(format, await bytes())).toBe(problem)
  })

  it('is read to an end, whatever the bytes are', async () => {
    const pictures = {
      png: await picture('png'),
      jpeg: await picture('jpeg'),
      gif: await picture('gif'),
      webp: await picture('webp'),
    }
    fc.assert(
      fc.property(
        fc.constantFrom('png' as const, 'jpeg' as const, 'gif' as const, 'webp' as const),
        fc.nat(40),
        fc.uint8Array({ maxLength: 300 }),
        (format, kept, noise) => {
          const bytes = Buffer.concat([pictures[format].subarray(0, kept), noise])
          expect(problemOf(format, bytes)).toBeNull()
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('is read as far as it goes when it is cut anywhere', async () => {
    for (const format of ['png', 'jpeg', 'gif', 'webp'] as const) {
      const whole = await picture(format)
      for (let end = 0; end < Math.min(whole.length, 1000); end++)
        expect(problemOf(format, whole.subarray(0, end))).toBeNull()
    }
  })
})
