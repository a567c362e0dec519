import type { ImageFormat } from '../../catalog/ports'

const SIGNATURES: ReadonlyMap<ImageFormat, Buffer> = new Map([
  ['jpeg', Buffer.from([0xff, 0xd8, 0xff])],
  ['png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ['gif', Buffer.from('GIF8', 'latin1')],
])

/** The format that bytes begin as; null for bytes that begin as none of the three. */
export function formatOf(bytes: Buffer): ImageFormat | null {
  for (const [format, signature] of SIGNATURES) {
    if (bytes.subarray(0, signature.length).equals(signature)) return format
  }
  return null
}
