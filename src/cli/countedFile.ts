import { createReadStream } from 'node:fs'
import { pipeline, type Readable, Transform } from 'node:stream'

/** Reads a file, and tells of each piece how many bytes it has. A failure of the file reaches the reader through the stream. */
export function countedFile(file: string, onBytes: (count: number) => void): Readable {
  const counted = new Transform({
    transform(piece: Buffer, _encoding, done) {
      onBytes(piece.length)
      done(null, piece)
    },
  })
  pipeline(createReadStream(file), counted, () => undefined)
  return counted
}
