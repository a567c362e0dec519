import { exactInteger, isEmpty, isNumericText, leadingFloat } from '../../contract/readers'
import { floatValue, LARGEST_INTEGER, type Value, type ValueMap } from '../../contract/value'
import { base64AsText } from '../../text/byteText'
import { UnreadableText } from '../../text/xml/charset'
import { EntityDeclared, MalformedXml } from '../../text/xml/parser'
import { childElements, readXml, textOf, type XmlDocument, type XmlElement } from '../../text/xml/tree'
import { LONGEST_SCALAR } from '../rpc/scalar'
import { layerFault, type XmlRpcLayerFault } from './faults'

/** The call in a document. */
export interface XmlRpcRequest {
  readonly method: string
  readonly values: readonly Value[]
}

/**
 * Reads a request as Zend_XmlRpc does, but refuses values at which Zend_XmlRpc would guess.
 *
 * @throws faults 630, 632, 633, 636
 */
export async function readRequest(bytes: Buffer): Promise<XmlRpcRequest> {
  return requestIn(await readDocument(bytes))
}

/** Reads the call of a document. @throws faults 630, 632, 633, 636 */
export function requestIn({ root, hasDoctype }: XmlDocument): XmlRpcRequest {
  if (hasDoctype) throw doctypeFault()
  const method = child(root, 'methodName')
  const name = method ? textOf(method) : ''
  if (!method || !name || childElements(method).length > 0) throw layerFault('method_missing')
  const params = child(root, 'params')
  return { method: name, values: params ? childElements(params).map(readParam) : [] }
}

async function readDocument(bytes: Buffer): Promise<XmlDocument> {
  try {
    return await readXml(bytes)
  } catch (thrown) {
    throw asUnreadable(thrown)
  }
}

function asUnreadable(thrown: unknown): XmlRpcLayerFault | unknown {
  if (thrown instanceof EntityDeclared) return doctypeFault()
  const isUnreadable = thrown instanceof MalformedXml || thrown instanceof UnreadableText
  return isUnreadable ? layerFault('unreadable') : thrown
}

function doctypeFault(): XmlRpcLayerFault {
  return layerFault('unreadable', 'Unable to read request: it has a document type')
}

function readParam(param: XmlElement): Value {
  const value = child(param, 'value')
  if (!value) throw layerFault('value_missing')
  return readValue(value)
}

/** Reads a `value` element by the type element in it; without one, as a string. @throws fault 636 */
export function readValue(value: XmlElement): Value {
  const [typed, ...others] = childElements(value)
  if (!typed) return textOf(value)
  const reader = READERS.get(typed.name)
  if (!reader || others.length > 0 || hasText(value)) throw layerFault('invalid_value')
  return reader(typed)
}

type TypeReader = (element: XmlElement) => Value

/**
 * Tells whether PHP 8 takes the text for more than its largest integer: by value when it is numeric, and else by its
 * characters.
 */
function isOverlong(text: string): boolean {
  return isNumericText(text) ? Number(text) > Number(LARGEST_INTEGER) : text > String(LARGEST_INTEGER)
}

/** Reads an integer as PHP casts its text, and refuses one beyond PHP's integers (magento.md §6.16). */
const readInteger: TypeReader = (element) => {
  const text = shortText(element)
  if (isOverlong(text)) throw layerFault('invalid_value')
  return exactInteger(text)
}

/** Reads a long integer. One beyond PHP's integers stays a text, as in Magento, which reads it by its own arithmetic. */
const readLongInteger: TypeReader = (element) => {
  const text = shortText(element)
  return isOverlong(text) && WHOLE_NUMBER.test(text) ? String(BigInt(text)) : readInteger(element)
}

const WHOLE_NUMBER = /^\d{1,64}$/

/** Reads the number that the text begins with; a text that begins with none, such as INF, is 0 (magento.md §6.16). */
const readDouble: TypeReader = (element) => floatValue(leadingFloat(shortText(element)))

/** Reads a boolean as PHP casts its text: whatever is not empty and not 0 is true (magento.md §6.16). */
const readBoolean: TypeReader = (element) => !isEmpty(shortText(element))

const readBase64: TypeReader = (element) => {
  const text = base64AsText(scalarText(element))
  if (text === null) throw layerFault('invalid_value')
  return text
}

const readArray: TypeReader = (element) => {
  const [data, ...others] = childElements(element)
  if (data?.name !== 'data' || others.length > 0) throw layerFault('invalid_value')
  return childrenNamed('value', data).map(readValue)
}

const readStruct: TypeReader = (element): ValueMap =>
  new Map(childrenNamed('member', element).map(readMember))

function readMember(member: XmlElement): [string, Value] {
  const [name, value] = [child(member, 'name'), child(member, 'value')]
  if (!name || !value) throw layerFault('invalid_value')
  return [scalarText(name), readValue(value)]
}

/**
 * The readers by local name, so that Apache's `ex:i8` and `ex:nil` need no special case. A date stays the
 * text that was sent.
 */
const READERS: ReadonlyMap<string, TypeReader> = new Map<string, TypeReader>([
  ['i4', readInteger],
  ['int', readInteger],
  ['i8', readLongInteger],
  ['double', readDouble],
  ['boolean', readBoolean],
  ['string', scalarText],
  ['dateTime.iso8601', scalarText],
  ['base64', readBase64],
  ['nil', () => null],
  ['array', readArray],
  ['struct', readStruct],
])

function child(element: XmlElement, name: string): XmlElement | undefined {
  return childElements(element).find((candidate) => candidate.name === name)
}

/**
 * Returns all child elements, which must have this name. Skipping another one would lose it and move those
 * after it.
 */
function childrenNamed(name: string, element: XmlElement): readonly XmlElement[] {
  const children = childElements(element)
  if (children.some((candidate) => candidate.name !== name)) throw layerFault('invalid_value')
  return children
}

function scalarText(element: XmlElement): string {
  if (childElements(element).length > 0) throw layerFault('invalid_value')
  return textOf(element)
}

/** Returns the text of a number or a boolean. */
function shortText(element: XmlElement): string {
  const text = scalarText(element)
  if (text.length > LONGEST_SCALAR) throw layerFault('invalid_value')
  return text
}

function hasText(element: XmlElement): boolean {
  const text = textOf(element)
  return text.length > LONGEST_SCALAR || /[^ \t\n\r]/.test(text)
}
