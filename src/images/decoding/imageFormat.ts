import type { ImageFormat } from '../../catalog/ports'

interface Signature {
  readonly at: number
  readonly bytes: Buffer
}

const SIGNATURES: ReadonlyMap<ImageFormat, readonly Signature[]> = new Map([
  ['jpeg', [{ at: 0, bytes: Buffer.from([0xff, 0xd8, 0xff]) }]],
  ['png', [{ at: 0, bytes: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1') }]],
  ['gif', [{ at: 0, bytes: Buffer.from('GIF8', 'latin1') }]],
  // RFC 9649, 2.4: the size of the file lies between.
  [
    'webp',
    [
      { at: 0, bytes: Buffer.from('RIFF', 'latin1') },
      { at: 8, bytes: Buffer.from('WEBP', 'latin1') },
    ],
  ],
])

/** The format that bytes begin as; null for bytes that begin as none of these. */
export function formatOf(bytes: Buffer): ImageFormat | null {
  const isThere = ({ at, bytes: expected }: Signature) =>
    bytes.subarray(at, at + expected.length).equals(expected)
  for (const [format, signatures] of SIGNATURES) if (signatures.every(isThere)) return format
  return null
}
