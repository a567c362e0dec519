import fc, { type Arbitrary } from 'fast-check'
import { fieldsOf, isList, Struct, type Value } from '../../src/contract/value'
import { childElements, parseXml, type XmlElement } from '../../src/text/xml/tree'
import { SoapDecoder } from '../../src/wire/soap/decode'
import { encodeAnswer } from '../../src/wire/soap/encode'
import type { SoapVersion } from '../../src/wire/soap/namespaces'
import { anything, arrayOf, type WsdlType } from '../../src/wire/soap/types'
import { namedReaders } from '../../src/wire/soap/wsdlReaders'
import { anyNumber } from '../support/numbers'

const versions: readonly SoapVersion[] = ['1.1', '1.2']

/** Text that XML can write: no control characters but tab and line ends, no lone surrogates, no U+FFFE and U+FFFF. */
const character = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...'ab0 -.<>&"\'\t\n\r\u00e4\u20ac\u{1f642}]/') },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\u0085', '\u2028', '\ud7ff', '\ue000', '\ufeff', '\ufffd', '\u{10ffff}'),
  },
)
const text = fc.string({ unit: character, maxLength: 12 })

/** Some look like integers, which PHP takes them for; they come back as the text that they were. */
const key = fc.oneof(
  text,
  fc.constantFrom('file', 'label', '__proto__', 'constructor', '', '-0', '007', '1e3', ' 1'),
  fc.maxSafeInteger().map(String),
)

const { value: anyValue } = fc.letrec<{ value: Value; list: Value; map: Value; struct: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    anyNumber,
    text,
    tie('list'),
    tie('map'),
    tie('struct'),
  ),
  list: fc.array(tie('value'), { maxLength: 5 }),
  map: fieldsWith(tie('value')),
  struct: fieldsWith(tie('value')).map((fields) => new Struct(fields)),
}))

const fixedArray = arrayOf(anything, 'FixedArray')
const types = namedReaders([fixedArray], 'urn:Magento')

describe.each(versions)('in SOAP %s', (version) => {
  test('every value that is encoded is decoded as it was', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(comparable(decode(encoded(value, anything, version), version))).toEqual(
          comparable(afterTheJourney(value)),
        )
      }),
      { numRuns: 1500 },
    )
  })

  test('so is every list of the WSDL’s type FixedArray', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 5 }), (list) => {
        expect(comparable(decode(encoded(list, fixedArray, version), version))).toEqual(
          comparable(afterTheJourney(list)),
        )
      }),
      { numRuns: 500 },
    )
  })

  test('a key of any of PHP’s integers comes back digit by digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (integer) => {
        const map = new Map([[String(integer), 'value']])
        expect(decode(encoded(map, anything, version), version)).toEqual(map)
      }),
    )
  })

  test.each([anything, fixedArray])('an answer is never more than one document: $kind', (type) => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (anyText) => {
        const { root } = parseXml(encoded([anyText], type, version))
        expect(root.name).toBe('Envelope')
      }),
    )
  })
})

/**
 * What PHP's encoding keeps of a value. A struct is written as a map, and a map without entries has no children, as
 * null has none, which is what it reads as.
 */
function afterTheJourney(value: Value): Value {
  if (isList(value)) return value.map(afterTheJourney)
  const fields = fieldsOf(value)
  if (fields === null) return value
  if (fields.size === 0) return null
  return new Map([...fields].map(([key, field]) => [key, afterTheJourney(field)]))
}

/** Maps as lists of their entries, since their order counts. */
function comparable(value: Value): unknown {
  if (isList(value)) return value.map(comparable)
  if (value instanceof Struct) return { struct: comparable(value.fields) }
  if (value instanceof Map) return { map: [...value].map(([key, field]) => [key, comparable(field)]) }
  return value
}

function encoded(value: Value, type: WsdlType, version: SoapVersion): string {
  return encodeAnswer(
    value,
    { element: 'callResponse', part: 'callReturn', type, namespace: 'urn:Magento' },
    version,
  )
}

function decode(answer: string, version: SoapVersion): Value {
  const { root } = parseXml(answer)
  return new SoapDecoder(root, version, types).read(returned(root))
}

function returned(element: XmlElement): XmlElement {
  if (element.name === 'callReturn') return element
  const last = childElements(element).at(-1)
  if (!last) throw new Error('the answer returns nothing')
  return returned(last)
}

function fieldsWith(value: Arbitrary<Value>): Arbitrary<ReadonlyMap<string, Value>> {
  return fc.array(fc.tuple(key, value), { maxLength: 5 }).map((entries) => new Map(entries))
}
