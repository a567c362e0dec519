import { createHash } from 'node:crypto'
import type { ImageFacts, ImageProbe, InvalidImage } from '../../catalog/ports'
import { inTurns, type Steps } from '../../contract/turns'
import { type ImageDecoder, UndecodableImage } from './imageDecoder'
import { formatOf } from './imageFormat'

/** Decodes images to find out what they are. */
export class DecodingProbe implements ImageProbe {
  constructor(private readonly decoder: ImageDecoder) {}

  async probe(bytes: Buffer, client: string): Promise<ImageFacts | 'unsupported' | InvalidImage> {
    const format = formatOf(bytes)
    if (!format) return 'unsupported'
    try {
      const { width, height } = await this.decoder.measure(bytes, client)
      return { format, width, height, size: bytes.length, sha256: await inTurns(sha256(bytes)) }
    } catch (thrown) {
      if (thrown instanceof UndecodableImage) return { problem: thrown.message }
      throw thrown
    }
  }
}

/** How much is hashed in one step. */
const SLICE = 1024 * 1024

function* sha256(bytes: Buffer): Steps<Buffer> {
  const hash = createHash('sha256')
  for (let start = 0; start < bytes.length; start += SLICE) {
    hash.update(bytes.subarray(start, start + SLICE))
    yield
  }
  return hash.digest()
}
