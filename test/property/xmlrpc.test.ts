import fc from 'fast-check'
import type { Value } from '../../src/contract/value'
import { parseXml } from '../../src/text/xml/tree'
import { readRequest, readValue } from '../../src/wire/xmlrpc/decode'
import { encodeValue } from '../../src/wire/xmlrpc/encode'
import { anyNumber } from '../support/numbers'

/** Text that XML can write: no control characters but tab and line ends, no lone surrogates, no U+FFFE and U+FFFF. */
const character = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...'ab0 -.<>&"\'\t\n\r\u00e4\u20ac\u{1f642}]/') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\u0085', '\u2028', '\ud7ff', '\ue000', '\ufeff', '\ufffd', '\u{10ffff}'),
  },
)
const text = fc.string({ unit: character, maxLength: 12 })

const key = fc.oneof(text, fc.constantFrom('file', '__proto__', 'constructor', '', '10', '9'))

const { value: anyValue } = fc.letrec<{ value: Value; list: Value; map: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    anyNumber,
    text,
    tie('list'),
    tie('map'),
  ),
  list: fc.array(tie('value'), { maxLength: 5 }),
  map: fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => new Map(entries)),
}))

test('every value that is encoded is decoded as it was, its members in their order', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const decoded = readValue(parseXml(encodeValue(value)).root)
      expect(decoded).toEqual(value)
      expect(encodeValue(decoded)).toBe(encodeValue(value))
    }),
    { numRuns: 1500 },
  )
})

test('a request has the method and the values that were written', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('login', 'call'),
      fc.array(anyValue, { maxLength: 4 }),
      async (method, values) => {
        const params = values.map((value) => `<param>${encodeValue(value)}</param>`).join('')
        const request = `<methodCall><methodName>${method}</methodName><params>${params}</params></methodCall>`
        expect(await readRequest(Buffer.from(request))).toEqual({ method, values })
      },
    ),
    { numRuns: 300 },
  )
})
