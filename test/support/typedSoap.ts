import { childElements, parseXml, type XmlElement } from '../../src/text/xml/tree'
import { type HttpAnswer, send } from './http'
import { API_USER, element, envelope, faultOf, loginEnvelope, type Plain, returned } from './soap'

export const TYPED_ENDPOINT = '/api/v2_soap/'

/** Posts the XML of a body to the URL of v2 and WS-I. */
export function postTyped(serverUrl: string, body: string): Promise<HttpAnswer> {
  return send(serverUrl, {
    method: 'POST',
    path: TYPED_ENDPOINT,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: envelope(body),
  })
}

/** How one of the typed dialects writes a request, and what it answers. */
export interface TypedDialect {
  readonly name: 'v2' | 'wsi'
  /** What a method's request element is called, and how it is written with the XML of its parts. */
  request(method: string, parts: string): string
  /** The part of a string. */
  text(name: string, value: string): string
  list(name: string, items: readonly string[]): string
  /** The names of the product's and the store view's parts. */
  readonly product: string
  readonly store: string
}

export const V2: TypedDialect = {
  name: 'v2',
  request: (method, parts) =>
    `<m:catalogProductAttributeMedia${method}>${parts}</m:catalogProductAttributeMedia${method}>`,
  text: (name, value) => element(name, value),
  list: (name, items) =>
    `<${name} enc:arrayType="xsd:string[${items.length}]" xsi:type="m:ArrayOfString">${items
      .map((item) => element('item', item))
      .join('')}</${name}>`,
  product: 'product',
  store: 'storeView',
}

export const WSI: TypedDialect = {
  name: 'wsi',
  request: (method, parts) =>
    `<m:catalogProductAttributeMedia${method}RequestParam>${parts}</m:catalogProductAttributeMedia${method}RequestParam>`,
  text: (name, value) => `<${name}>${value}</${name}>`,
  list: (name, items) =>
    `<${name}>${items.map((item) => `<complexObjectArray>${item}</complexObjectArray>`).join('')}</${name}>`,
  product: 'productId',
  store: 'store',
}

export async function loginTyped(serverUrl: string): Promise<string> {
  return String(
    returned(await send(serverUrl, { method: 'POST', path: TYPED_ENDPOINT, body: loginEnvelope(API_USER) })),
  )
}

/** The answer's part as plain values: texts, and lists where its children share one name. Throws for a fault. */
export function typedAnswer(answer: HttpAnswer): Plain {
  const fault = faultOf(answer)
  if (fault) throw new Error(`fault ${fault.code}: ${fault.message}`)
  const [body] = childElements(parseXml(answer.text).root)
  const [response] = body ? childElements(body) : []
  const [part] = response ? childElements(response) : []
  if (!part) throw new Error(`no part in ${answer.text}`)
  return plainOf(part)
}

const ITEM_NAMES: ReadonlySet<string> = new Set(['item', 'complexObjectArray'])

function plainOf(part: XmlElement): Plain {
  const children = childElements(part)
  if (children.length === 0) return part.children.map((child) => ('text' in child ? child.text : '')).join('')
  if (children.every(({ name }) => ITEM_NAMES.has(name))) return children.map(plainOf)
  return Object.fromEntries(children.map((child) => [child.name, plainOf(child)]))
}
