import { createHash } from 'node:crypto'
import type { ImageFacts, ImageFormat, ImageProbe } from '../../catalog/ports'
import { inTurns, type Steps } from '../../contract/turns'
import type { ImageDecoder } from './imageDecoder'

const SIGNATURES: ReadonlyMap<ImageFormat, Buffer> = new Map([
  ['jpeg', Buffer.from([0xff, 0xd8, 0xff])],
  ['png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ['gif', Buffer.from('GIF8', 'latin1')],
])

/** Finds the format and the size of images by decoding them. */
export class SharpProbe implements ImageProbe {
  constructor(private readonly decoder: ImageDecoder) {}

  async probe(bytes: Buffer): Promise<ImageFacts | 'unsupported' | 'invalid'> {
    const format = formatOf(bytes)
    if (!format) return 'unsupported'
    const size = await this.#decodedSize(bytes)
    return size ? { format, ...size, size: bytes.length, sha256: await inTurns(sha256(bytes)) } : 'invalid'
  }

  /**
   * Decodes every pixel, keeping one channel, which is the least that libvips hands over. Null for an image
   * that libvips refuses.
   */
  async #decodedSize(bytes: Buffer): Promise<{ width: number; height: number } | null> {
    try {
      return await this.decoder.decode(bytes, async (image) => {
        if (await this.decoder.isTooLarge(image)) return null
        const { info } = await image.extractChannel(0).raw().toBuffer({ resolveWithObject: true })
        return { width: info.width, height: info.height }
      })
    } catch {
      // libvips reports every reason as an error with only a text, so the reasons are not told apart.
      return null
    }
  }
}

/** How many bytes are hashed in one step. */
const SLICE = 1024 * 1024

function* sha256(bytes: Buffer): Steps<Buffer> {
  const hash = createHash('sha256')
  for (let start = 0; start < bytes.length; start += SLICE) {
    hash.update(bytes.subarray(start, start + SLICE))
    yield
  }
  return hash.digest()
}

function formatOf(bytes: Buffer): ImageFormat | null {
  for (const [format, signature] of SIGNATURES) {
    if (bytes.subarray(0, signature.length).equals(signature)) return format
  }
  return null
}
