import { PassThrough, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Decompress } from 'fzstd'
import bzip2 from 'unbzip2-stream'
import { UnreadableShop } from '../unreadableShop'

/** How a compressed file begins, in hex. */
const GZIP = '1f8b'
const ZSTANDARD = '28b52ffd'
const BZIP2 = '425a68'
/** How the archives begin that are no compressed file. */
const ARCHIVES: Readonly<Record<string, string>> = {
  '504b0304': 'a ZIP archive',
  '377abcaf': 'a 7z archive',
  fd377a58: 'an xz file',
}

/** Yields the bytes of a file, unpacked if its beginning says that it is compressed. @throws UnreadableShop */
export async function* decompressed(file: Readable): AsyncGenerator<Buffer> {
  const pieces: AsyncIterator<Buffer> = file[Symbol.asyncIterator]()
  const first = await firstBytes(pieces)
  const whole = chained(first, pieces)
  const beginning = first.toString('hex', 0, 4)
  const archive = ARCHIVES[beginning]
  if (archive !== undefined)
    throw new UnreadableShop(`the dump is ${archive}: unpack it, or pipe it in with - for its name`)
  try {
    if (beginning.startsWith(GZIP)) yield* through(whole, createGunzip())
    else if (beginning.startsWith(BZIP2)) yield* through(whole, bzip2())
    else if (beginning === ZSTANDARD) yield* unpackedZstandard(whole)
    else yield* whole
  } catch (thrown) {
    throw thrown instanceof UnreadableShop ? thrown : asUnreadable(thrown)
  }
}

/** Failures of the file itself stay as they are; what unpacking throws means damage. */
function asUnreadable(thrown: unknown): unknown {
  const isOfFile = typeof thrown === 'object' && thrown !== null && 'syscall' in thrown
  if (isOfFile) return thrown
  return new UnreadableShop('the dump cannot be unpacked: it is damaged, or breaks off', { cause: thrown })
}

async function firstBytes(pieces: AsyncIterator<Buffer>): Promise<Buffer> {
  let first: Buffer = Buffer.alloc(0)
  while (first.length < 4) {
    const { value, done } = await pieces.next()
    if (done) break
    first = Buffer.concat([first, value])
  }
  return first
}

async function* chained(first: Buffer, pieces: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first
  for (;;) {
    const { value, done } = await pieces.next()
    if (done) return
    yield value
  }
}

async function* through(
  packed: AsyncIterable<Buffer>,
  unpacking: NodeJS.ReadWriteStream,
): AsyncGenerator<Buffer> {
  const unpacked = new PassThrough()
  // Not every library's stream ends as `pipeline` expects.
  const source = Readable.from(packed)
  for (const part of [source, unpacking]) part.on('error', (failure: Error) => unpacked.destroy(failure))
  source.pipe(unpacking).pipe(unpacked)
  for await (const piece of unpacked) yield piece
}

async function* unpackedZstandard(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unpacked: Buffer[] = []
  let isWhole = false
  const stream = new Decompress((piece, isLast) => {
    unpacked.push(Buffer.from(piece))
    isWhole = isLast === true
  })
  for await (const piece of packed) {
    stream.push(piece)
    yield* unpacked.splice(0)
  }
  stream.push(new Uint8Array(0), true)
  yield* unpacked.splice(0)
  if (!isWhole) throw new UnreadableShop('the dump breaks off before its end')
}
