/** A message between a server and its decoder: a value of JSON, and bytes beside it. */
export interface Frame {
  readonly value: unknown
  readonly bytes: Buffer
}

const LENGTHS = 8

/** A frame as it is sent: two lengths of four bytes, the JSON, the bytes; these are not copied. */
export function framed(value: unknown, bytes: Buffer): readonly [head: Buffer, bytes: Buffer] {
  const json = Buffer.from(JSON.stringify(value))
  const lengths = Buffer.alloc(LENGTHS)
  lengths.writeUInt32BE(json.length, 0)
  lengths.writeUInt32BE(bytes.length, 4)
  return [Buffer.concat([lengths, json]), bytes]
}

/** Puts the frames of a stream together, each in memory of its own size. */
export class FrameReader {
  #lengths: Buffer | null = null
  #target: Buffer = Buffer.alloc(LENGTHS)
  #filled = 0

  /** The frames that end in this chunk. */
  read(chunk: Buffer): readonly Frame[] {
    const frames: Frame[] = []
    for (let at = 0; at < chunk.length; ) {
      const copied = chunk.copy(this.room(), 0, at)
      at += copied
      const frame = this.filled(copied)
      if (frame) frames.push(frame)
    }
    return frames
  }

  /** Where the next bytes are to lie; never empty. */
  room(): Buffer {
    return this.#target.subarray(this.#filled)
  }

  /** Takes notice of bytes that have been put there, and answers the frame that they end. */
  filled(length: number): Frame | null {
    this.#filled += length
    return this.#filled < this.#target.length ? null : this.#next(this.#target)
  }

  /** What has been filled is lengths, or a frame. */
  #next(filled: Buffer): Frame | null {
    this.#filled = 0
    if (this.#lengths === null) {
      this.#lengths = filled
      this.#target = Buffer.allocUnsafeSlow(filled.readUInt32BE(0) + filled.readUInt32BE(4))
      return null
    }
    const end = this.#lengths.readUInt32BE(0)
    this.#lengths = null
    this.#target = Buffer.alloc(LENGTHS)
    return { value: JSON.parse(filled.toString('utf8', 0, end)), bytes: filled.subarray(end) }
  }
}
