import fc, { type Arbitrary } from 'fast-check'
import type { WsdlName } from '../../../src/wire/rpc/wsdlDocuments'
import type { Binding } from '../../../src/wire/soap/binding'
import type { SoapVersion } from '../../../src/wire/soap/namespaces'
import type { ArrayType, EntityType, WsdlType } from '../../../src/wire/soap/types'
import { bindingsOf } from './oracle'
import { contents, element, envelope, joined, map, nil, reference, sharedElements, struct } from './requests'

/** Requests for any operation of a WSDL that types their parts, as clients of every make might write them. */
export function typedRequests(wsdl: WsdlName): Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom<SoapVersion>('1.1', '1.1', '1.2'),
      fc.constantFrom(...bindingsOf(wsdl)).chain((binding) => operation(binding, wsdl)),
      sharedElements,
    )
    .map(([version, body, shared]) => {
      const referred = body.includes('shared') ? shared.join('') : ''
      // In document style, what stands behind the operation in the body would be one more of its parts.
      const isInside = wsdl === 'wsi'
      return envelope(version, {
        body: isInside ? body.replace(/(?=<\/[^<]*>$)/, referred) : body + referred,
      })
    })
}

/** The parts in any order, some of them missing, and one that there is not; in WS-I always the first, by its name. */
function operation({ elements: [name = ''], parts }: Binding, wsdl: WsdlName): Arbitrary<string> {
  const given = parts.map(({ names: [part = ''], type }) => elementFor(part, type, wsdl))
  const kept = wsdl === 'wsi' ? given.slice(0, 1) : []
  const others = [...given.slice(kept.length), element('unknown', 1, 0)]
  return fc.tuple(...kept, someOf(others)).map((content) => `<m:${name}>${content.join('')}</m:${name}>`)
}

function someOf(elements: readonly Arbitrary<string>[]): Arbitrary<string> {
  return fc
    .tuple(...elements)
    .chain((all) => fc.shuffledSubarray(all))
    .map((chosen) => chosen.join(''))
}

/** A value of the type, or one of another. */
function elementFor(name: string, type: WsdlType, wsdl: WsdlName): Arbitrary<string> {
  if (type.kind === 'array') return fc.oneof(listOf(name, type, wsdl), nil(name), map(name, 2, 0))
  return fc.oneof(
    { weight: 6, arbitrary: ofType(name, type, wsdl) },
    { weight: 1, arbitrary: nil(name) },
    { weight: 1, arbitrary: reference(name, 0) },
    { weight: 1, arbitrary: map(name, 2, 0) },
    { weight: 1, arbitrary: struct(name, 1, 0) },
    { weight: 1, arbitrary: element(name, 1, 0) },
  )
}

function ofType(name: string, type: Exclude<WsdlType, ArrayType>, wsdl: WsdlName): Arbitrary<string> {
  if (type.kind === 'entity') return entity(name, type, wsdl)
  return fc
    .tuple(fc.constantFrom('', '', ' xsi:type="xsd:string"', ' xsi:type="xsd:int"'), contents)
    .map(([given, text]) => `<${name}${given}>${text}</${name}>`)
}

/** The fields in any order; one that is no list may come twice. */
function entity(name: string, { name: typeName, fields }: EntityType, wsdl: WsdlName): Arbitrary<string> {
  const known = Object.entries(fields).map(([field, type]) => {
    const one = elementFor(field, type, wsdl)
    const twice = fc.tuple(one, one).map((both) => both.join(''))
    return type.kind === 'array'
      ? one
      : fc.oneof({ weight: 9, arbitrary: one }, { weight: 1, arbitrary: twice })
  })
  const once = someOf([...known, element('unknown', 1, 0)])
  const given = fc.constantFrom('', ` xsi:type="m:${typeName}"`, ' xsi:type="enc:Struct"')
  return fc.tuple(given, once).map(([type, content]) => `<${name}${type}>${content}</${name}>`)
}

/** In document style PHP knows the items by their name alone. */
function listOf(name: string, { name: typeName, item }: ArrayType, wsdl: WsdlName): Arbitrary<string> {
  const isLiteral = wsdl === 'wsi'
  const itemNames = isLiteral ? ['complexObjectArray'] : ['item', 'complexObjectArray', 'string']
  const items = fc.constantFrom(...itemNames).chain((each) => joined(elementFor(each, item, wsdl), 3))
  const encoded = [' enc:arrayType="xsd:string[2]"', ' enc12:itemType="xsd:string" enc12:arraySize="2"']
  const extents = fc.constantFrom('', ...(isLiteral ? [] : encoded))
  const given = fc.constantFrom(
    '',
    ` xsi:type="m:${typeName}"`,
    ...(isLiteral ? [] : [' xsi:type="enc:Array"']),
  )
  return fc
    .tuple(extents, given, items)
    .map(([extent, type, content]) => `<${name}${extent}${type}>${content}</${name}>`)
}
