import { fieldsOf, isList, isScalar, type Value } from '../../contract/value'
import type { AnswerShape } from './binding'
import { SOAP_11_ENVELOPE, SOAP_12_ENVELOPE, type SoapVersion } from './namespaces'
import { scalarContent } from './scalarText'
import { boolean, string, type WsdlType } from './types'

/**
 * Writes the envelope of a document/literal answer as PHP's SOAP server does, without white space
 * (magento.md §5).
 */
export function encodeLiteralAnswer(
  value: Value,
  { element, part, type, namespace: own }: AnswerShape,
  version: SoapVersion,
): string {
  const [prefix, namespace] = version === '1.1' ? ['SOAP-ENV', SOAP_11_ENVELOPE] : ['env', SOAP_12_ENVELOPE]
  const content = `<ns1:${element}>${write(part, value, type)}</ns1:${element}>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<${prefix}:Envelope xmlns:${prefix}="${namespace}" xmlns:ns1="${own}"><${prefix}:Body>${content}</${prefix}:Body></${prefix}:Envelope>
`
}

/**
 * Writes an element. A missing value, or one that does not fit the type, is left out, because every element
 * is optional.
 */
function write(name: string, value: Value, type: WsdlType): string {
  if (value === null) return ''
  if (type.kind === 'any') return writeAnything(name, value)
  if (type.kind === 'scalar') return `<${name}>${scalarContent(value, type)}</${name}>`
  if (type.kind === 'array')
    return isList(value)
      ? wrapped(
          name,
          value.map((item) => write(ITEM, item, type.item)),
        )
      : ''
  const fields = fieldsOf(value)
  return fields === null ? '' : wrapped(name, writeFields(fields, type.fields))
}

/**
 * Writes a value of any type in the form of the typed answers: a list as its items, a map as elements with
 * its keys as names.
 */
function writeAnything(name: string, value: Value): string {
  if (isScalar(value))
    return `<${name}>${scalarContent(value, typeof value === 'boolean' ? boolean : string)}</${name}>`
  const children: readonly (readonly [string, Value])[] = isList(value)
    ? value.map((item) => [ITEM, item])
    : [...(fieldsOf(value) ?? [])].filter(([key]) => XML_NAME.test(key))
  return wrapped(
    name,
    children.map(([key, child]) => (child === null ? `<${key}/>` : writeAnything(key, child))),
  )
}

/** An XML name. All keys in answers of this server are such names. */
const XML_NAME = /^[A-Za-z_][\w.-]*$/

/** Magento's name for the items of every list. */
const ITEM = 'complexObjectArray'

function writeFields(
  values: ReadonlyMap<string, Value>,
  types: Readonly<Record<string, WsdlType>>,
): readonly string[] {
  return Object.entries(types).map(([name, type]) => write(name, values.get(name) ?? null, type))
}

function wrapped(name: string, contents: readonly string[]): string {
  const content = contents.join('')
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`
}
