import fc, { type Arbitrary } from 'fast-check'
import type { OperationName } from '../../../src/api/operationTable'
import type { Value } from '../../../src/contract/value'
import type { SoapVersion } from '../../../src/wire/soap/namespaces'
import { isPhpList } from './phpValue'

export interface Answer {
  readonly operation: OperationName
  readonly value: Value
  readonly version: SoapVersion
}

const specialCharacters = fc.constantFrom(
  ...['a', '&', '<', '>', '"', "'", ']', '\r', '\n', '\t', ' ', 'ä', '😀', '\u0085', '\u2028', '\u{10ffff}'],
)

export const strings = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: specialCharacters, maxLength: 12 }),
)

const numbers = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger().map((number) => number + 0),
  fc.integer({ min: -9999, max: 9999 }).map((number) => number / 8),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
)

const scalars: Arbitrary<Value> = fc.oneof(fc.constant(null), fc.boolean(), strings, numbers)

const keys = fc.oneof(
  fc.constantFrom(
    'label',
    '0',
    '1',
    '-1',
    '-0',
    '01',
    '5',
    '999999999999999',
    '1.5',
    '',
    ' ',
    '__proto__',
    '<',
    'ä',
  ),
  strings.map((text) => text.replaceAll('&', '')),
  fc.integer().map(String),
)

const { values } = fc.letrec<{ values: Value; lists: readonly Value[]; maps: Value }>((tie) => ({
  values: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'value' },
    scalars,
    tie('lists'),
    fc.array(scalars),
    tie('maps'),
  ),
  lists: fc.array(tie('values'), { maxLength: 4, depthIdentifier: 'value' }),
  maps: fc
    .array(fc.tuple(keys, tie('values')), { maxLength: 4, depthIdentifier: 'value' })
    .map((entries) => new Map(entries))
    .map((map) => (isPhpList(map) ? [...map.values()] : map)),
}))

export const versions = fc.constantFrom<SoapVersion>('1.1', '1.2')
const listOperations = fc.constantFrom<OperationName>(
  'multiCall',
  'resources',
  'globalFaults',
  'resourceFaults',
)

/** Any answer that this API could give, each from an operation whose WSDL type it is of. */
export const answers: Arbitrary<Answer> = fc.oneof(
  { weight: 4, arbitrary: answersOf(fc.constant('call'), values) },
  { weight: 3, arbitrary: answersOf(listOperations, fc.array(values, { maxLength: 4 })) },
  { weight: 1, arbitrary: answersOf(fc.constantFrom('login', 'startSession'), strings) },
  { weight: 1, arbitrary: answersOf(fc.constant('endSession'), fc.boolean()) },
)

function answersOf(operation: Arbitrary<OperationName>, value: Arbitrary<Value>): Arbitrary<Answer> {
  return fc.record({ operation, value, version: versions })
}
