import type { HttpRequest } from '../../support/http'
import { authorization } from '../../support/oauth'
import { callEnvelope, ENDPOINT, envelope } from '../../support/soap'
import { TYPED_ENDPOINT } from '../../support/typedSoap'

/** Where an input is sent, and as whom. */
export interface Target {
  readonly url: string
  readonly session: string
}

export interface HostileInput {
  readonly name: string
  request(target: Target): HttpRequest
  /** What the answer must say, with its status in front. */
  readonly says: RegExp
  /** How many images it legitimately adds. */
  readonly adds?: number
}

/** A mebibyte. */
export const MB = 1024 * 1024

/** A unit as often as it takes to fill so many bytes. */
export function filled(bytes: number, unit: string): Buffer {
  return Buffer.alloc(Math.floor(bytes / unit.length) * unit.length, unit)
}

export function times(count: number, part: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => part(index)).join('')
}

/** Stands in a text for what is too long to be in one. */
export const HERE = '{{here}}'

/** A text with these bytes where it says {@link HERE}. */
export function withBytes(text: string, bytes: Buffer | string): Buffer {
  const [before = '', after = ''] = text.split(HERE)
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)])
}

const XML = { 'content-type': 'text/xml; charset=utf-8' }
const JSON_TYPE = { 'content-type': 'application/json' }

export function soap(body: string | Buffer): HttpRequest {
  return { method: 'POST', path: ENDPOINT, headers: XML, body }
}

export function typed(body: string | Buffer): HttpRequest {
  return { method: 'POST', path: TYPED_ENDPOINT, headers: XML, body }
}

export function xmlRpc(body: string | Buffer): HttpRequest {
  return { method: 'POST', path: '/api/xmlrpc/', headers: XML, body }
}

export function jsonRpc(body: string | Buffer): HttpRequest {
  return { method: 'POST', path: '/api/jsonrpc/', headers: JSON_TYPE, body }
}

/** A signed creation of an image by REST. */
export function rest({ url }: Target, contentType: string, body: string | Buffer): HttpRequest {
  const path = '/api/rest/products/1/images'
  const signer = { who: 'admin', bad: null, isPlain: contentType.includes('form') } as const
  return {
    method: 'POST',
    path,
    headers: {
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
      accept: 'application/json',
      authorization: authorization('POST', url + path, signer),
    },
    body,
  }
}

/** A login whose user name is this XML, which needs no session. */
export function loginWith(username: string): string {
  return envelope(`<m:login><username>${username}</username><apiKey>k</apiKey></m:login>`)
}

/** A `product_media.list` in SOAP v1 whose arguments are this XML. */
export function listWith(session: string, args: string): string {
  return callEnvelope(session, 'product_media.list', args)
}

/** The parts of an upload that a dialect wraps. */
export interface Upload {
  readonly content: string
  readonly mime?: string
  readonly name?: string
  readonly label?: string
}

/** A `product_media.create` in SOAP v1; its parts are XML. */
export function createSoap(
  session: string,
  { content, mime = 'image/png', name = 'hostile', label = '' }: Upload,
): string {
  const file = `<file><name>${name}</name><mime>${mime}</mime><content>${content}</content></file>`
  return callEnvelope(
    session,
    'product_media.create',
    `<args xsi:type="enc:Array"><item>Sku</item><item>${file}<label>${label}</label></item></args>`,
  )
}

/** The same in v2. */
export function createV2(session: string, { content, mime = 'image/png', name = 'hostile' }: Upload): string {
  return envelope(
    `<m:catalogProductAttributeMediaCreate><sessionId>${session}</sessionId><product>Sku</product>` +
      `<data><file><content>${content}</content><mime>${mime}</mime><name>${name}</name></file></data>` +
      '</m:catalogProductAttributeMediaCreate>',
  )
}

/** The same in WS-I. */
export function createWsi(
  session: string,
  { content, mime = 'image/png', name = 'hostile' }: Upload,
): string {
  return envelope(
    `<m:catalogProductAttributeMediaCreateRequestParam><sessionId>${session}</sessionId><productId>Sku</productId>` +
      `<data><file><content>${content}</content><mime>${mime}</mime><name>${name}</name></file></data>` +
      '</m:catalogProductAttributeMediaCreateRequestParam>',
  )
}

/** The same in XML-RPC; the type is that of the content's element. */
export function createXmlRpc(
  session: string,
  { content, mime = 'image/png', name = 'hostile' }: Upload,
  type = 'string',
): string {
  const member = (key: string, value: string) => `<member><name>${key}</name><value>${value}</value></member>`
  const file = `<struct>${member('name', name)}${member('mime', mime)}${member('content', `<${type}>${content}</${type}>`)}</struct>`
  return xmlRpcCall([
    session,
    'product_media.create',
    `<array><data><value>Sku</value><value><struct>${member('file', file)}</struct></value></data></array>`,
  ])
}

export function xmlRpcCall(values: readonly string[]): string {
  const params = values.map((value) => `<param><value>${value}</value></param>`).join('')
  return `<?xml version="1.0"?><methodCall><methodName>call</methodName><params>${params}</params></methodCall>`
}

/** The same in JSON-RPC; the parts are the insides of JSON strings. */
export function createJsonRpc(
  session: string,
  { content, mime = 'image/png', name = 'hostile' }: Upload,
): string {
  const file = `{"name":"${name}","mime":"${mime}","content":"${content}"}`
  return jsonRpcCall(`["${session}","product_media.create",["Sku",{"file":${file}}]]`)
}

export function jsonRpcCall(params: string): string {
  return `{"jsonrpc":"2.0","id":1,"method":"call","params":${params}}`
}
