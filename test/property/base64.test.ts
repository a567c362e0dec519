import fc from 'fast-check'
import { decodeBase64 } from '../../src/catalog/sentImage'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Content as clients send it, and as it may be damaged on the way. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  fc.string({ unit: fc.constantFrom('M', 'A', '=', '=', 'Q', 'g', '+', '/', ' ', '\n'), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...ALPHABET, '=', ' ', '\t', '\r', '\n'), maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('M', 'D', '=', '-', '_', '.', '\0', '\v', '\f', '\u00a0', 'ä', 'Ａ'),
    maxLength: 8,
  }),
  fc.string(),
)

const mutations = fc.array(
  fc.record({
    at: fc.nat(60),
    insert: fc.constantFrom('', ' ', '\r\n', '\t', '=', '==', '-', 'A', '\ufeff'),
  }),
  { maxLength: 4 },
)

test('every content is decoded, or refused, as the reference does it digit by digit', async () => {
  await fc.assert(
    fc.asyncProperty(content, mutations, async (original, changes) => {
      const sent = changes.reduce(
        (text, { at, insert }) => text.slice(0, at) + insert + text.slice(at),
        original,
      )
      expect(await decodeBase64(sent)).toEqual(reference(sent))
    }),
    {
      numRuns: 5000,
      examples: [
        ['MA==', []],
        ['MA', []],
        ['MDA=', []],
        ['', []],
        ['=', []],
        ['====', []],
      ],
    },
  )
})

test('all bytes come back from their base64, folded at any width, with padding or without', async () => {
  await fc.assert(
    fc.asyncProperty(
      bytesOfAnImage(),
      fc.integer({ min: 1, max: 80 }),
      fc.boolean(),
      async (bytes, width, isPadded) => {
        const base64 = Buffer.from(bytes)
          .toString('base64')
          .replace(isPadded ? /(?!)/ : /=+$/, '')
        const folded = base64.replace(new RegExp(`.{${width}}`, 'g'), '$&\r\n')
        expect(await decodeBase64(folded)).toEqual(Buffer.from(bytes))
      },
    ),
  )
})

/** Anything but nothing and the text `0`, which are refused. */
function bytesOfAnImage() {
  return fc
    .uint8Array({ minLength: 1, maxLength: 300 })
    .filter((bytes) => bytes.length > 1 || bytes[0] !== 0x30)
}

/** Strict base64: white space is skipped, missing padding is fine, excess padding or any other character is not. */
function reference(sent: string): Buffer | null {
  const characters = [...sent].filter((character) => !' \t\r\n'.includes(character))
  const end = characters.indexOf('=')
  const digits = end < 0 ? characters : characters.slice(0, end)
  const padding = characters.slice(digits.length)
  if (digits.some((digit) => !ALPHABET.includes(digit))) return null
  if (padding.some((character) => character !== '=')) return null
  const isWhole = (digits.length + padding.length) % 4 === 0 && padding.length <= 2
  if (padding.length > 0 && !isWhole) return null
  const bits = digits.map((digit) => ALPHABET.indexOf(digit).toString(2).padStart(6, '0')).join('')
  // A digit of its own has six bits, which are no byte.
  if (digits.length % 4 === 1) return null
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  return bytes.length === 0 || bytes.toString('latin1') === '0' ? null : bytes
}
