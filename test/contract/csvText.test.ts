import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { checkedText } from '../../src/store/shop/csvText'

const TEXT = '\ufeffsku\r\nGröße\n€\r😀\n'

/** The bytes in pieces of this size, as a file may come. */
function inPieces(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  const count = Math.ceil(bytes.length / size)
  return Readable.from(
    Array.from({ length: count }, (_, piece) => bytes.subarray(piece * size, (piece + 1) * size)),
  )
}

/** Bytes, one for each character. */
const bytesOf = (text: string) => Buffer.from(text, 'latin1')

const SIZES = [1, 2, 3, 5, 1000]

it.each(SIZES)('a text in UTF-8 stays as it is, in pieces of %d bytes', async (size) => {
  expect((await buffer(checkedText(inPieces(Buffer.from(TEXT), size)))).toString()).toBe(TEXT)
})

describe.each(SIZES)('in pieces of %d bytes', (size) => {
  it.each([
    ['Latin-1', 'a\nb\n\xe9t\xe9\n\xe0\n', 3, /not UTF-8/],
    ['a character that is cut short by a line', 'a\nb\xe2\x82\nc', 2, /not UTF-8/],
    ['a character that is cut short by the end', 'a\nb\nc\xe2\x82', 3, /not UTF-8/],
    ['half of a surrogate pair', 'a\n\xed\xa0\x80', 2, /not UTF-8/],
    ['a NUL', 'a\nb\0\nc\0', 2, /NUL/],
    ['a NUL in the first line', '\0', 1, /NUL/],
    ['what is bad behind lines that end with CR and LF', 'a\r\nb\r\n\xe9\r\n', 3, /not UTF-8/],
    ['what is bad behind lines that end with CR', 'a\rb\r\xe9\r', 3, /not UTF-8/],
    ['what is bad behind empty lines', '\n\n\r\n\r\n\r\r\0', 7, /NUL/],
  ])('%s is told by its line', async (_name, text, line, message) => {
    await expect(buffer(checkedText(inPieces(bytesOf(text), size)))).rejects.toMatchObject({
      name: 'UnreadableText',
      line,
      message: expect.stringMatching(message),
    })
  })
})
