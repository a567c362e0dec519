import {
  digitsOf,
  fieldsOf,
  isList,
  isNumber,
  type Value,
  type ValueMap,
  type WholeFloat,
} from '../../contract/value'
import { escapeText } from '../../text/xml/escape'

/**
 * Writes the document of an answer, byte for byte as Magento does: without white space, and without a newline
 * at its end.
 */
export function encodeAnswer(value: Value): string {
  return response(`<params><param>${encodeValue(value)}</param></params>`)
}

export function response(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<methodResponse>${content}</methodResponse>`
}

/** Writes a `value` element. */
export function encodeValue(value: Value): string {
  return `<value>${typed(value)}</value>`
}

function typed(value: Value): string {
  if (value === null) return '<nil/>'
  if (typeof value === 'string') return `<string>${escaped(value)}</string>`
  if (typeof value === 'boolean') return `<boolean>${value ? 1 : 0}</boolean>`
  if (isNumber(value)) return number(value)
  if (isList(value)) return array(value)
  return struct(fieldsOf(value) ?? new Map())
}

function number(value: number | bigint | WholeFloat): string {
  const isInteger = typeof value === 'bigint' || Number.isSafeInteger(value)
  return isInteger ? `<int>${value}</int>` : `<double>${digitsOf(value)}</double>`
}

function array(items: readonly Value[]): string {
  if (items.length === 0) return '<array><data/></array>'
  return `<array><data>${items.map(encodeValue).join('')}</data></array>`
}

function struct(fields: ValueMap): string {
  if (fields.size === 0) return '<struct/>'
  const members = [...fields].map(
    ([name, value]) => `<member><name>${escaped(name)}</name>${encodeValue(value)}</member>`,
  )
  return `<struct>${members.join('')}</struct>`
}

/** Escapes a text like PHP's XMLWriter, which escapes quotation marks too. */
function escaped(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;')
}
