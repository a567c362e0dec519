import type { HttpFault } from '../../contract/httpFault'
import type { Value } from '../../contract/value'
import { UnreadableForm } from '../../text/forms'
import { readJson, UnreadableJson } from '../../text/json/parse'
import { UnreadableText } from '../../text/xml/charset'
import { EntityDeclared, MalformedXml } from '../../text/xml/parser'
import { childElements, readXml, textOf, type XmlElement } from '../../text/xml/tree'
import { fault } from './errors'
import { readForm } from './form'

type Reader = (bytes: Buffer) => Promise<Value>

/** Magento reads plain text as a form (recording `rest/post-bad-content-type`). */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['application/json', readJson],
  ['application/xml', readCollection],
  ['application/xhtml+xml', readCollection],
  ['text/xml', readCollection],
  ['application/x-www-form-urlencoded', readForm],
  ['text/plain', readForm],
])

const CONTENT_TYPE = /^([a-z0-9/+.-]+) *(?:; *charset *= *"?([^"; ]+)"? *)?$/i

/**
 * Reads the value of a body, by its Content-Type.
 *
 * @throws content_type_missing, content_type_invalid, charset_unknown, content_type_unknown, undecodable
 */
export async function readBody(bytes: Buffer, contentType: string | null): Promise<Value> {
  const reader = readerFor(contentType)
  try {
    return await reader(bytes)
  } catch (thrown) {
    throw asUndecodable(thrown)
  }
}

function readerFor(contentType: string | null): Reader {
  if (!contentType) throw fault('content_type_missing')
  const [, type = '', charset = 'utf-8'] = CONTENT_TYPE.exec(contentType.trim()) ?? []
  if (type === '') throw fault('content_type_invalid')
  if (charset.toLowerCase() !== 'utf-8') throw fault('charset_unknown')
  const reader = READERS.get(type.toLowerCase())
  if (!reader)
    throw fault(
      'content_type_unknown',
      `Server can not understand Content-Type HTTP header media type "${type}"`,
    )
  return reader
}

const UNREADABLE = [UnreadableJson, UnreadableForm, UnreadableText, MalformedXml, EntityDeclared]

function asUndecodable(thrown: unknown): HttpFault | unknown {
  return UNREADABLE.some((kind) => thrown instanceof kind) ? fault('undecodable') : thrown
}

/** Reads XML. A document type is refused, because no client needs one. */
async function readCollection(bytes: Buffer): Promise<Value> {
  const { root, hasDoctype } = await readXml(bytes)
  if (hasDoctype) throw new EntityDeclared('the document has a document type')
  return collectionOf(root)
}

/**
 * Returns the children of an element by their names. Children with the same name, and every `data_item`,
 * become a list.
 */
function collectionOf(element: XmlElement): Value {
  const children = childElements(element)
  if (children.every(({ name }) => name === 'data_item')) return children.map(contentOf)
  const fields = new Map<string, Value[]>()
  for (const child of children) {
    const values = fields.get(child.name) ?? []
    values.push(contentOf(child))
    fields.set(child.name, values)
  }
  return new Map(
    [...fields].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? null) : values]),
  )
}

function contentOf(element: XmlElement): Value {
  return childElements(element).length > 0 ? collectionOf(element) : textOf(element)
}
