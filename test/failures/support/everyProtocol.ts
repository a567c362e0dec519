import { escapeText } from '../../../src/text/xml/escape'
import { type HttpAnswer, send } from '../../support/http'
import { errorOf, restClient } from '../../support/rest'
import { callEnvelope, element, faultOf, postSoap } from '../../support/soap'

const LIST = 'product_media.list'

/** What each protocol answers a client that asks for the images of the product `Sku`. */
export async function listedInEveryProtocol(url: string, session: string): Promise<Record<string, string>> {
  const [soap, xmlRpc, jsonRpc, rest] = await Promise.all([
    postSoap(url, callEnvelope(session, LIST, element('args', ['Sku']))),
    send(url, { method: 'POST', path: '/api/xmlrpc/', body: xmlRpcCall(session) }),
    send(url, { method: 'POST', path: '/api/jsonrpc/', body: jsonRpcCall(session) }),
    restClient(url, null).send('GET', '/products/1/images'),
  ])
  return {
    'SOAP v1': inSoap(soap),
    'XML-RPC': inXmlRpc(xmlRpc),
    'JSON-RPC': inJsonRpc(jsonRpc),
    REST: rest.status === 200 ? 'answered' : errorOf(rest),
  }
}

const INTERNAL = 'Internal Error. Please see log for details.'

/** As everything is answered while the database fails, and nothing else is told. */
export const INTERNAL_ERRORS = {
  'SOAP v1': `200 fault 1: ${INTERNAL}`,
  'XML-RPC': `200 fault 1: ${INTERNAL}`,
  'JSON-RPC': `200 fault 1: ${INTERNAL}`,
  REST: '500 Resource internal error.',
}

/** As what there is no room for is turned away. */
export const TURNED_AWAY = { ...INTERNAL_ERRORS, REST: '503 Service temporarily unavailable.' }

export const ALL_ANSWERED = {
  'SOAP v1': 'answered',
  'XML-RPC': 'answered',
  'JSON-RPC': 'answered',
  REST: 'answered',
}

function inSoap(answer: HttpAnswer): string {
  const fault = faultOf(answer)
  return fault ? `${answer.status} fault ${fault.code}: ${fault.message}` : 'answered'
}

function inXmlRpc({ status, text }: HttpAnswer): string {
  const [, code, message] =
    /<name>faultCode<\/name><value><int>(.+?)<\/int>.*<name>faultString<\/name><value><string>(.+?)<\/string>/s.exec(
      text,
    ) ?? []
  return code === undefined ? 'answered' : `${status} fault ${code}: ${message}`
}

function inJsonRpc({ status, text }: HttpAnswer): string {
  const { error } = JSON.parse(text)
  return error ? `${status} fault ${error.code}: ${error.message}` : 'answered'
}

function xmlRpcCall(session: string): string {
  const values = [session, LIST].map((text) => `<param><value>${escapeText(text)}</value></param>`)
  return `<methodCall><methodName>call</methodName><params>${values.join('')}<param><value><array><data><value>Sku</value></data></array></value></param></params></methodCall>`
}

function jsonRpcCall(session: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'call', params: [session, LIST, ['Sku']] })
}
