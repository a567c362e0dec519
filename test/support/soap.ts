import { Struct, type Value } from '../../src/contract/value'
import { escapeText } from '../../src/text/xml/escape'
import { childElements, parseXml, type XmlElement } from '../../src/text/xml/tree'
import { type NamedReaders, SoapDecoder } from '../../src/wire/soap/decode'
import { type HttpAnswer, send } from './http'

/** What a test sends or expects: PHP's arrays as lists and objects. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

export const ENDPOINT = '/api/soap/'
export const API_USER = { username: 'apiUser', apiKey: 'apiKey123' } as const

/** The namespaces of {@link envelope}: `e` the envelope, `m` Magento's, `enc` the encoding, `map` Apache's maps. */
const NAMESPACES =
  'xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="urn:Magento" ' +
  'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
  'xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:map="http://xml.apache.org/xml-soap"'

/** A SOAP 1.1 envelope around the XML of a body. */
export function envelope(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<e:Envelope ${NAMESPACES}><e:Body>${body}</e:Body></e:Envelope>`
}

/** An element with a value, typed as PHP's SOAP client types it. */
export function element(name: string, value: Plain): string {
  if (value === null) return `<${name} xsi:nil="true"/>`
  if (typeof value === 'string') return `<${name} xsi:type="xsd:string">${escapeText(value)}</${name}>`
  if (typeof value === 'number') return `<${name} xsi:type="xsd:int">${value}</${name}>`
  if (typeof value === 'boolean') return `<${name} xsi:type="xsd:boolean">${value}</${name}>`
  if (isList(value)) {
    const items = value.map((item) => element('item', item)).join('')
    return `<${name} enc:arrayType="xsd:ur-type[${value.length}]" xsi:type="enc:Array">${items}</${name}>`
  }
  const entries = Object.entries(value).map(
    ([key, field]) => `<item>${element('key', key)}${element('value', field)}</item>`,
  )
  return `<${name} xsi:type="map:Map">${entries.join('')}</${name}>`
}

/** The envelope of a `call` whose arguments are given as XML. */
export function callEnvelope(session: string, path: string, argsXml: string): string {
  return envelope(
    `<m:call>${element('sessionId', session)}${element('resourcePath', path)}${argsXml}</m:call>`,
  )
}

export function postSoap(
  serverUrl: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  return send(serverUrl, {
    method: 'POST',
    path: ENDPOINT,
    headers: { 'content-type': 'text/xml; charset=utf-8', ...headers },
    body,
  })
}

/** Answers say all of their types. */
const NO_TYPES: NamedReaders = new Map()

export interface SoapFault {
  readonly code: string
  readonly message: string
}

/** The fault that an answer carries, in either SOAP version; null for none. */
export function faultOf({ text }: HttpAnswer): SoapFault | null {
  const fault = bodyOf(text)
  if (fault.name !== 'Fault') return null
  const [code, message] = childElements(fault).map(textOf)
  return { code: code ?? '', message: message ?? '' }
}

/** The value that an answer returns. Throws for a fault. */
export function returned(answer: HttpAnswer): Plain {
  const fault = faultOf(answer)
  if (fault) throw new Error(`fault ${fault.code}: ${fault.message}`)
  const root = parseXml(answer.text).root
  const [part] = childElements(bodyOf(answer.text))
  return part ? plain(new SoapDecoder(root, '1.1', NO_TYPES).read(part)) : null
}

/** A client of one server with a session of its own. */
export interface SoapClient {
  readonly session: string
  call(path: string, ...args: readonly Plain[]): Promise<Plain>
  /** The fault that a call is answered with; null for none. */
  fault(path: string, ...args: readonly Plain[]): Promise<SoapFault | null>
}

export async function login(
  serverUrl: string,
  user: { username: string; apiKey: string } = API_USER,
): Promise<SoapClient> {
  const session = String(returned(await postSoap(serverUrl, loginEnvelope(user))))
  const post = (path: string, args: readonly Plain[]) =>
    postSoap(serverUrl, callEnvelope(session, path, element('args', args)))
  return {
    session,
    call: async (path, ...args) => returned(await post(path, args)),
    fault: async (path, ...args) => faultOf(await post(path, args)),
  }
}

export function loginEnvelope({ username, apiKey }: { username: string; apiKey: string } = API_USER): string {
  return envelope(`<m:login>${element('username', username)}${element('apiKey', apiKey)}</m:login>`)
}

function bodyOf(text: string): XmlElement {
  const body = childElements(parseXml(text).root).find(({ name }) => name === 'Body')
  const [content] = body ? childElements(body) : []
  if (!content) throw new Error(`no SOAP answer: ${text}`)
  return content
}

function textOf(element: XmlElement): string {
  return element.children.map((child) => (child.kind === 'element' ? textOf(child) : child.text)).join('')
}

function plain(value: Value): Plain {
  if (value instanceof Map || value instanceof Struct) {
    const fields = value instanceof Struct ? value.fields : value
    return Object.fromEntries([...fields].map(([key, field]) => [key, plain(field)]))
  }
  return Array.isArray(value) ? value.map(plain) : (value as null | boolean | number | string)
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value)
}
