import type { BenchRequest } from './load'
import { envelope, text } from './soap'

const METHOD = 'catalogProductAttributeMediaList'

/** Returns the request for `list` in every protocol except SOAP v1. */
export function lists(
  sessionId: string,
  sku: string,
): readonly { readonly name: string; readonly requests: readonly BenchRequest[] }[] {
  const v2 = `<ns1:${METHOD}>${text('sessionId', sessionId)}${text('product', sku)}<storeView xsi:nil="true"/><identifierType xsi:nil="true"/></ns1:${METHOD}>`
  const wsi = `<ns1:${METHOD}RequestParam><sessionId>${sessionId}</sessionId><productId>${sku}</productId></ns1:${METHOD}RequestParam>`
  const params = [sessionId, 'product_media.list', [sku]]
  return [
    { name: 'list, SOAP v2', requests: [post('/api/v2_soap/', 'text/xml', envelope(v2))] },
    { name: 'list, WS-I', requests: [post('/api/v2_soap/', 'text/xml', envelope(wsi))] },
    { name: 'list, XML-RPC', requests: [post('/api/xmlrpc/', 'text/xml', xmlRpc(sessionId, sku))] },
    {
      name: 'list, JSON-RPC',
      requests: [
        post(
          '/api/jsonrpc/',
          'application/json',
          JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'call', params }),
        ),
      ],
    },
  ]
}

function xmlRpc(sessionId: string, sku: string): string {
  const param = (value: string) => `<param><value>${value}</value></param>`
  const values = [
    `<string>${sessionId}</string>`,
    '<string>product_media.list</string>',
    `<array><data><value><string>${sku}</string></value></data></array>`,
  ]
  return `<?xml version="1.0"?><methodCall><methodName>call</methodName><params>${values.map(param).join('')}</params></methodCall>`
}

function post(path: string, contentType: string, body: string): BenchRequest {
  return { method: 'POST', path, headers: { 'content-type': contentType }, body }
}
