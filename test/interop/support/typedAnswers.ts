import fc, { type Arbitrary } from 'fast-check'
import type { Value } from '../../../src/contract/value'
import type { WsdlName } from '../../../src/wire/rpc/wsdlDocuments'
import type { SoapVersion } from '../../../src/wire/soap/namespaces'
import type { WsdlType } from '../../../src/wire/soap/types'
import { strings, versions } from './answers'
import { bindingsOf } from './oracle'

interface TypedAnswer {
  readonly operation: string
  readonly value: Value
  readonly version: SoapVersion
}

/** Any answer of any operation of a WSDL that types them. */
export function typedAnswers(wsdl: WsdlName): Arbitrary<TypedAnswer> {
  return fc
    .constantFrom(...bindingsOf(wsdl))
    .chain(({ operation, answer }) =>
      fc.record({ operation: fc.constant(operation), value: valuesOf(answer.type), version: versions }),
    )
}

function valuesOf(type: WsdlType): Arbitrary<Value> {
  if (type.kind === 'array') return fc.array(valuesOf(type.item), { maxLength: 4 })
  if (type.kind === 'entity') return entityOf(type.fields)
  if (type.kind === 'any') return strings
  return SCALARS[type.name]
}

const SCALARS: Readonly<Record<'string' | 'int' | 'boolean', Arbitrary<Value>>> = {
  string: fc.oneof(strings, fc.integer(), fc.boolean()),
  int: fc.oneof(fc.integer(), fc.integer().map(String), fc.boolean()),
  boolean: fc.oneof(fc.boolean(), fc.constantFrom(0, 1, '', '0', '1')),
}

/** Every field, in any order, and one that the type does not have. */
function entityOf(fields: Readonly<Record<string, WsdlType>>): Arbitrary<Value> {
  const entries = Object.entries(fields).map(([name, type]) =>
    valuesOf(type).map((value) => [name, value] as const),
  )
  const extra = strings.map((value): readonly [string, Value] => ['description', value])
  return fc
    .tuple(...entries, extra)
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }))
    .map((all) => new Map(all))
}
