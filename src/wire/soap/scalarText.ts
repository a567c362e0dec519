import { integer, text } from '../../contract/readers'
import type { Value } from '../../contract/value'
import { escapeText } from '../../text/xml/escape'
import type { ScalarType } from './types'

/** Returns the text of a value in an element of a scalar type of the WSDL, cast to that type as in PHP. */
export function scalarContent(value: Value, type: ScalarType): string {
  if (type.name === 'string') return escapeText(text(value) ?? '')
  if (type.name === 'int') return String(integer(value) ?? 0)
  return value && value !== '0' ? 'true' : 'false'
}
