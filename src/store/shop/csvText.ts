/** A file is no text of which records could be read, from this line of it on. */
export class UnreadableText extends Error {
  override readonly name = 'UnreadableText'

  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message)
  }
}

type Decoder = InstanceType<typeof TextDecoder>

const NUL = 0
const LF = 10
const CR = 13

/**
 * Passes the bytes of a text on as they are, and counts its lines, which end with LF, CR or both.
 *
 * @throws UnreadableText at the first byte that is no UTF-8, or is NUL, which no text in PostgreSQL may have
 */
export async function* checkedText(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  let previous = NUL
  for await (const chunk of source) {
    let start = 0
    for (const [at, byte] of chunk.entries()) {
      if (byte === NUL)
        throw new UnreadableText(line, 'there is a NUL in it: is the file UTF-16, or no text?')
      if (byte === CR || byte === LF) {
        requireUtf8(decoder, chunk.subarray(start, at + 1), line)
        start = at + 1
        if (byte === CR || previous !== CR) line++
      }
      previous = byte
    }
    requireUtf8(decoder, chunk.subarray(start), line)
    yield chunk
  }
  requireUtf8(decoder, null, line)
}

/** @param bytes what comes next of the text; null for its end */
function requireUtf8(decoder: Decoder, bytes: Buffer | null, line: number): void {
  try {
    if (bytes === null) decoder.decode()
    else decoder.decode(bytes, { stream: true })
  } catch {
    throw new UnreadableText(line, 'it is not UTF-8: save the file in that encoding')
  }
}
