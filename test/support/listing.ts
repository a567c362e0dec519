import { fieldsOf } from '../../src/contract/value'
import { childElements, parseXml } from '../../src/text/xml/tree'
import { readValue } from '../../src/wire/xmlrpc/decode'
import { encodeValue } from '../../src/wire/xmlrpc/encode'
import { type HttpAnswer, send } from './http'
import { restClient } from './rest'
import { callEnvelope, element, faultOf, postSoap } from './soap'
import { postTyped, V2, WSI } from './typedSoap'

/** How a product's images are listed in one protocol. */
export interface Listing {
  readonly protocol: 'soap_v1' | 'soap_v2' | 'wsi' | 'xmlrpc' | 'jsonrpc' | 'rest'
  /** @param product an id or an SKU */
  ask(serverUrl: string, session: string, product: string): Promise<HttpAnswer>
  /** `code text` of the fault or, in REST, of the error that an answer tells. Throws for an answer that tells none. */
  faultIn(answer: HttpAnswer): string
}

const soapFault = (answer: HttpAnswer) => {
  const { code, message } = faultOf(answer) ?? { code: 'none', message: answer.text }
  return `${code} ${message}`
}

const typed =
  ({ request, text, product }: typeof V2): Listing['ask'] =>
  (serverUrl, session, id) =>
    postTyped(serverUrl, request('List', text('sessionId', session) + text(product, id)))

/** Every protocol. */
export const LISTINGS: readonly Listing[] = [
  {
    protocol: 'soap_v1',
    ask: (serverUrl, session, product) =>
      postSoap(serverUrl, callEnvelope(session, 'product_media.list', element('args', [product]))),
    faultIn: soapFault,
  },
  { protocol: 'soap_v2', ask: typed(V2), faultIn: soapFault },
  { protocol: 'wsi', ask: typed(WSI), faultIn: soapFault },
  {
    protocol: 'xmlrpc',
    ask: (serverUrl, session, product) =>
      postXmlRpc(serverUrl, 'call', [session, 'product_media.list', [product]]),
    faultIn({ text }) {
      const [response] = childElements(parseXml(text).root)
      const [value] = response?.name === 'fault' ? childElements(response) : []
      if (!value) throw new Error(`no fault: ${text}`)
      const fields = fieldsOf(readValue(value))
      return `${fields?.get('faultCode')} ${fields?.get('faultString')}`
    },
  },
  {
    protocol: 'jsonrpc',
    ask: (serverUrl, session, product) =>
      postJsonRpc(serverUrl, {
        jsonrpc: '2.0',
        id: 1,
        method: 'call',
        params: [session, 'product_media.list', [product]],
      }),
    faultIn({ text }) {
      const { code, message } = JSON.parse(text).error
      return `${code} ${message}`
    },
  },
  {
    protocol: 'rest',
    ask: (serverUrl, _session, product) =>
      restClient(serverUrl, null).send('GET', `/products/${product}/images`),
    faultIn({ status, text }) {
      const [error] = JSON.parse(text).messages.error
      if (error.code !== status) throw new Error(`status ${status}, but ${text}`)
      return `${status} ${error.message}`
    },
  },
]

export function postXmlRpc(
  serverUrl: string,
  method: string,
  params: readonly Parameters<typeof encodeValue>[0][],
): Promise<HttpAnswer> {
  const written = params.map((value) => `<param>${encodeValue(value)}</param>`).join('')
  return send(serverUrl, {
    method: 'POST',
    path: '/api/xmlrpc/',
    headers: { 'content-type': 'text/xml' },
    body: `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${written}</params></methodCall>`,
  })
}

export function postJsonRpc(serverUrl: string, body: object): Promise<HttpAnswer> {
  return send(serverUrl, {
    method: 'POST',
    path: '/api/jsonrpc/',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}
