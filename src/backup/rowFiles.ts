import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import path from 'node:path'
import { Transform } from 'node:stream'
import { createGunzip, createGzip } from 'node:zlib'
import { OperatorError } from '../contract/operatorError'
import { writeWhole } from './durableFiles'
import type { Manifest, SavedTableFile } from './manifest'

/** The size of a batch: so many rows, or fewer once they reach so many characters. */
const BATCH = { rows: 1000, characters: 1024 * 1024 }

/** Where the rows of a table are. */
export function rowFile(directory: string, { rows }: Pick<Manifest, 'rows'>, table: string): string {
  return path.join(directory, 'rows', rows, `${table.replaceAll('"', '')}.jsonl.gz`)
}

/** Writes rows, each one line, into a compressed file. */
export async function writeRows(
  file: string,
  batches: AsyncIterable<readonly string[]>,
  onRow: () => void,
): Promise<Omit<SavedTableFile, 'name'>> {
  let count = 0
  const sum = new Sum()
  async function* lines() {
    for await (const batch of batches) {
      yield `${batch.join('\n')}\n`
      count += batch.length
      for (const _ of batch) onRow()
    }
  }
  await writeWhole(file, lines(), createGzip({ level: 4 }), sum)
  return { count, bytes: sum.bytes, sha256: sum.hex() }
}

/** The rows of a file, a batch at a time. What is read is checked at the end. @throws OperatorError for a file that has changed */
export async function* readRows(file: string, expected: SavedTableFile): AsyncGenerator<readonly string[]> {
  const sum = new Sum()
  let count = 0
  const source = createReadStream(file)
  const unpacked = createGunzip()
  // An error of any of the three ends the reading of lines with it.
  source.on('error', (error) => unpacked.destroy(error))
  sum.on('error', (error) => unpacked.destroy(error))
  source.pipe(sum).pipe(unpacked)
  try {
    for await (const batch of batchesOf(unpacked)) {
      count += batch.length
      yield batch
    }
  } catch (thrown) {
    const { code = '' } = thrown as NodeJS.ErrnoException
    if (!code.startsWith('Z_') && code !== 'ENOENT') throw thrown
    throw changed(file, { cause: thrown })
  } finally {
    source.destroy()
  }
  if (count !== expected.count || sum.hex() !== expected.sha256) throw changed(file)
}

function changed(file: string, options?: ErrorOptions): OperatorError {
  return new OperatorError(
    'invalid',
    `${file} is not what the manifest says: it was damaged, or changed`,
    options,
  )
}

/** Splits text into lines. Readline would also split at U+2028. */
async function* batchesOf(source: AsyncIterable<Buffer>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder()
  /** The pieces of a line whose end has not come. */
  let rest: string[] = []
  let batch: string[] = []
  let characters = 0
  for await (const chunk of source) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n')
    rest.push(first)
    const last = others.pop()
    if (last === undefined) continue
    const lines = [rest.join(''), ...others]
    rest = [last]
    for (const line of lines) {
      batch.push(line)
      characters += line.length
      if (batch.length < BATCH.rows && characters < BATCH.characters) continue
      yield batch
      batch = []
      characters = 0
    }
  }
  if (batch.length > 0) yield batch
}

/** Passes bytes on, and sums them up. */
class Sum extends Transform {
  readonly #hash: Hash = createHash('sha256')
  bytes = 0

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void) {
    this.#hash.update(chunk)
    this.bytes += chunk.length
    done(null, chunk)
  }

  /** Returns the hash of all bytes that have passed. It is called once, at the end. */
  hex(): string {
    return this.#hash.digest('hex')
  }
}
