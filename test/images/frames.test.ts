import fc from 'fast-check'
import { FrameReader, framed } from '../../src/images/decoding/frames'

const frames = fc.array(fc.record({ value: fc.jsonValue(), bytes: fc.uint8Array({ maxLength: 100 }) }), {
  maxLength: 5,
})

it('frames come as they were sent, wherever the stream is cut', () => {
  fc.assert(
    fc.property(frames, fc.integer({ min: 1, max: 40 }), (sent, size) => {
      const stream = Buffer.concat(sent.flatMap(({ value, bytes }) => framed(value, Buffer.from(bytes))))
      const reader = new FrameReader()
      const read = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
        reader.read(stream.subarray(index * size, (index + 1) * size)),
      ).flat()
      expect(read.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(
        sent.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
      )
      expect(read.map(({ value }) => JSON.stringify(value))).toEqual(
        sent.map(({ value }) => JSON.stringify(value)),
      )
    }),
  )
})
