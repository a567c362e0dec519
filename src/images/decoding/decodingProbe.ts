import { createHash } from 'node:crypto'
import type { ImageFacts, ImageFormat, ImageProbe, InvalidImage } from '../../catalog/ports'
import { inTurns, type Steps } from '../../contract/turns'
import { type ImageDecoder, UndecodableImage } from './imageDecoder'
import { formatOf } from './imageFormat'

/** Decodes images to find out what they are. */
export class DecodingProbe implements ImageProbe {
  /** @param formats those that are accepted */
  constructor(
    private readonly decoder: ImageDecoder,
    private readonly formats: ReadonlySet<ImageFormat>,
  ) {}

  async probe(bytes: Buffer, client: string): Promise<ImageFacts | 'unsupported' | InvalidImage> {
    const format = formatOf(bytes)
    if (!format || !this.formats.has(format)) return 'unsupported'
    try {
      const { width, height } = await this.decoder.measure(bytes, client)
      return { format, width, height, size: bytes.length, ...(await inTurns(hashes(bytes))) }
    } catch (thrown) {
      if (thrown instanceof UndecodableImage) return { problem: thrown.message }
      throw thrown
    }
  }
}

/** How much is hashed in one step. */
const SLICE = 1024 * 1024

function* hashes(bytes: Buffer): Steps<Pick<ImageFacts, 'sha256' | 'md5'>> {
  const [sha256, md5] = [createHash('sha256'), createHash('md5')]
  for (let start = 0; start < bytes.length; start += SLICE) {
    const slice = bytes.subarray(start, start + SLICE)
    sha256.update(slice)
    md5.update(slice)
    yield
  }
  return { sha256: sha256.digest(), md5: md5.digest() }
}
