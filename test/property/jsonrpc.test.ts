import fc from 'fast-check'
import { asFloat, isNumber, type Value } from '../../src/contract/value'
import { parseJson, UnreadableJson } from '../../src/text/json/parse'
import { encodeJson } from '../../src/text/json/write'
import { anyNumber } from '../support/numbers'

const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '', '10', '9'))

const { value: anyValue } = fc.letrec<{ value: Value; list: Value; map: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    anyNumber,
    fc.string({ unit: 'binary' }),
    tie('list'),
    tie('map'),
  ),
  list: fc.array(tie('value'), { maxLength: 5 }),
  map: fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => new Map(entries)),
}))

test('every value that is encoded is decoded as it was, its members in their order', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const decoded = parseJson(encodeJson(value))
      expect(decoded).toEqual(value)
      expect(encodeJson(decoded)).toBe(encodeJson(value))
    }),
    { numRuns: 1000 },
  )
})

/** JSON as others write it, with now and then a letter lost, added or changed. */
const almostJson = fc
  .tuple(
    fc.json({ maxDepth: 3 }),
    fc.nat(),
    fc.constantFrom('', ...'{}[]:,"\\ \n\t0-.eE/ut'),
    fc.integer({ min: 0, max: 2 }),
  )
  .map(([json, position, letter, lost]) => {
    const at = position % (json.length + 1)
    return json.slice(0, at) + letter + json.slice(at + lost)
  })

test('a text is read as JSON.parse reads it, or is refused by both', () => {
  fc.assert(
    fc.property(almostJson, (text) => {
      expect(outcome(() => plain(parseJson(text)))).toEqual(outcome(() => JSON.parse(text)))
    }),
    { numRuns: 3000 },
  )
})

function outcome(read: () => unknown): unknown {
  try {
    return { value: read() }
  } catch (thrown) {
    if (thrown instanceof UnreadableJson || thrown instanceof SyntaxError) return 'refused'
    throw thrown
  }
}

function plain(value: Value): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (isNumber(value)) return asFloat(value)
  if (!(value instanceof Map)) return value
  const entries = [...value].map(([name, member]): [string, unknown] => [name, plain(member)])
  return Object.fromEntries(entries)
}
