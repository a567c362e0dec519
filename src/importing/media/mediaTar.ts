import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { extract } from 'tar-stream'
import { decompressed } from '../../magento/dump/decompressed'
import type { MediaArchive, MediaSourceFile } from '../ports'
import { isOfProducts, normalPath } from './mediaDirectory'

/** Where the product images are in an archive of the media folder, or of its parent. */
const PRODUCTS = /(?:^|\/)catalog\/product\/(.*)$/s

/** The product images of a tar archive, which may be compressed. Its files come in its own order. */
export class MediaTar implements MediaArchive {
  readonly kind = 'archive'

  constructor(private readonly file: string) {}

  async *files(): AsyncGenerator<MediaSourceFile> {
    const entries = extract()
    Readable.from(decompressed(createReadStream(this.file)), { objectMode: false })
      .on('error', (thrown) => entries.destroy(thrown))
      .pipe(entries)
    for await (const entry of entries) {
      const { name, type, size = 0, mtime } = entry.header
      const file = normalPath(PRODUCTS.exec(name)?.[1] ?? name)
      let isRead = false
      if (type === 'file' && isOfProducts(file))
        yield {
          path: file,
          size,
          modified: mtime?.getTime() ?? 0,
          async read() {
            isRead = true
            return { bytes: await buffer(entry), modified: mtime?.getTime() ?? 0 }
          },
        }
      if (!isRead) entry.resume()
    }
  }
}
