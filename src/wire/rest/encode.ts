import { fieldsOf, isList, isNumber, type Value } from '../../contract/value'
import { jsonNumber } from '../../text/json/write'
import { escapeAscii } from '../../text/xml/escape'
import type { Format } from './negotiate'

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
}

/** Writes a value byte for byte as Magento does, in ASCII in both formats. */
export function encode(value: Value, format: Format): string {
  return format === 'json' ? encodePhpJson(value) : encodeXml(value)
}

/** Writes JSON like PHP's `json_encode`, which escapes slashes and all characters outside of ASCII. */
function encodePhpJson(value: Value): string {
  if (isNumber(value)) return jsonNumber(value)
  if (value === null || typeof value === 'boolean') return JSON.stringify(value)
  if (typeof value === 'string') return jsonText(value)
  if (isList(value)) return `[${value.map(encodePhpJson).join(',')}]`
  let members = ''
  for (const [name, member] of fieldsOf(value) ?? [])
    members += `${members === '' ? '' : ','}${jsonText(name)}:${encodePhpJson(member)}`
  return `{${members}}`
}

/** A text that needs no escapes, as most texts. */
const PLAIN = /^[ !#-.0-[\]-~]*$/
const ESCAPED_BY_PHP = /[/\u0080-\uffff]/g

function jsonText(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  return JSON.stringify(text).replace(ESCAPED_BY_PHP, (character) =>
    character === '/' ? '\\/' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/**
 * Writes XML with libxml's indentation. Items of a list have no names of their own, so each is a `data_item`.
 */
function encodeXml(value: Value): string {
  return `<?xml version="1.0"?>\n${element('magento_api', value, '')}`
}

function element(name: string, value: Value, indent: string): string {
  const children = childrenOf(value)
  if (children === null) return leaf(name, value, indent)
  if (children.length === 0) return `${indent}<${name}/>\n`
  const content = children.map(([child, item]) => element(child, item, `${indent}  `)).join('')
  return `${indent}<${name}>\n${content}${indent}</${name}>\n`
}

function leaf(name: string, value: Value, indent: string): string {
  const text = value === null ? '' : escapeAscii(String(value))
  return text === '' ? `${indent}<${name}/>\n` : `${indent}<${name}>${text}</${name}>\n`
}

/** Returns the named parts of a map or list; null for a scalar. */
function childrenOf(value: Value): readonly (readonly [string, Value])[] | null {
  if (value === null) return null
  if (isList(value)) return value.map((item) => ['data_item', item] as const)
  const fields = fieldsOf(value)
  return fields && [...fields]
}
