import { type Request, Router } from 'express'
import type { Directory } from '../api/directory'
import type { Operation, OperationName } from '../api/operations'
import type { RequestContext } from '../contract/request'
import { bodyReader } from './http/body'
import { answerWith, type Dialect } from './http/dialect'
import { contextOf } from './http/observe'
import { pageOf, sendPage } from './http/page'
import { jsonRpcDialect } from './jsonrpc/dialect'
import { type Protocol, protocolOf } from './protocol'
import type { DirectRoute } from './server'
import { soapDialect } from './soap/dialect'
import { documentRoute, type WsdlName } from './soap/documents'
import { v1Endpoint } from './soap/v1'
import { v2Endpoint } from './soap/v2Endpoint'
import { escapeAttribute } from './xml/escape'
import { xmlRpcDialect } from './xmlrpc/dialect'

/** A URL at which calls are answered. */
interface RpcEndpoint {
  readonly title: string
  /** The URL's path as it is best written. */
  readonly url: string
  /** Every form of it (REFERENCE.md §3). */
  readonly path: RegExp
  readonly protocol: Protocol
  readonly dialect: Dialect
  readonly wsdl?: (request: Request) => WsdlName
}

export interface RpcOptions {
  readonly bodyLimit: number
  /** The document that `?wsdl` means at the URL of SOAP v2 and WS-I. */
  readonly v2Wsdl: 'v2' | 'wsi'
}

/** The URLs of every RPC dialect: calls by POST, and whatever else is asked there. */
export interface RpcRoutes {
  readonly calls: readonly DirectRoute[]
  readonly others: readonly Router[]
}

/** The endpoints of the server, in one table. */
export function rpcRoutes(
  operations: Readonly<Record<OperationName, Operation>>,
  directory: Directory,
  { bodyLimit, v2Wsdl }: RpcOptions,
): RpcRoutes {
  const endpoints: readonly RpcEndpoint[] = [
    {
      title: 'SOAP v1',
      url: '/api/soap/',
      path: /^(?:\/index\.php)?\/api(?:\/soap)?(?:\/index)?(?:\/wsdl\/1)?\/?$/,
      protocol: 'SOAP',
      dialect: soapDialect(v1Endpoint(operations)),
      wsdl: () => 'v1',
    },
    {
      title: 'SOAP v2 and WS-I',
      url: '/api/v2_soap/',
      path: /^(?:\/index\.php)?\/api\/v2_soap(?:\/index)?(?:\/wsdl\/1)?\/?$/,
      protocol: 'SOAP',
      dialect: soapDialect(v2Endpoint(operations, directory)),
      wsdl: ({ query }) => WSDL_BY_FLAG.get(query.wsi) ?? v2Wsdl,
    },
    {
      title: 'XML-RPC',
      url: '/api/xmlrpc/',
      path: /^(?:\/index\.php)?\/api\/xmlrpc(?:\/index)?\/?$/,
      protocol: 'XML-RPC',
      dialect: xmlRpcDialect(operations),
    },
    {
      title: 'JSON-RPC 2.0',
      url: '/api/jsonrpc/',
      path: /^(?:\/index\.php)?\/api\/jsonrpc(?:\/index)?\/?$/,
      protocol: 'JSON-RPC',
      dialect: jsonRpcDialect(operations),
    },
  ]
  const readBody = bodyReader(bodyLimit)
  const calls = endpoints.map((endpoint): DirectRoute => {
    const dialect = withWrongTurns(endpoint, endpoints)
    return {
      path: endpoint.path,
      answer: (request, response) => answerWith(dialect, readBody, request, response),
    }
  })
  return {
    calls,
    others: [
      ...endpoints.flatMap(({ path, wsdl }) => (wsdl ? [documentRoute(path, wsdl)] : [])),
      pageRoute(endpoints),
      callRoute(calls),
    ],
  }
}

/** Calls by other methods than POST. */
function callRoute(calls: readonly DirectRoute[]): Router {
  const router = Router()
  for (const { path, answer } of calls) router.all(path, answer)
  return router
}

/** What a browser sees that opens an endpoint. */
function pageRoute(endpoints: readonly RpcEndpoint[]): Router {
  const router = Router()
  for (const endpoint of endpoints) {
    router.get(endpoint.path, (request, response, next) => {
      if (isBrowser(request)) sendPage(response, endpointPage(endpoint, endpoints, contextOf(response)))
      else next()
    })
  }
  return router
}

/** A client of an API never asks for HTML; some make their calls by GET. */
function isBrowser(request: Request): boolean {
  return request.get('accept')?.includes('text/html') === true && request.get('content-length') === undefined
}

/** What `?wsdl&wsi=…` asks for. */
const WSDL_BY_FLAG: ReadonlyMap<unknown, WsdlName> = new Map([
  ['1', 'wsi'],
  ['0', 'v2'],
])

/** The dialect, which answers a body of another protocol in that protocol, and says where it belongs. */
function withWrongTurns(endpoint: RpcEndpoint, endpoints: readonly RpcEndpoint[]): Dialect {
  const { protocol, dialect, title } = endpoint
  return {
    refuse: dialect.refuse,
    async handle(body, request, log) {
      const spoken = protocolOf(body)
      if (spoken === null || spoken === protocol) return dialect.handle(body, request, log)
      const others = endpoints.filter((other) => other.protocol === spoken)
      const places = others.map((other) => `for ${other.title}, use ${request.publicUrl}${other.url}`)
      const message = `This URL answers ${title}; ${places.join('; ')}`
      return (others[0]?.dialect ?? dialect).refuse(message, request)
    },
  }
}

function endpointPage(
  { title, url }: RpcEndpoint,
  endpoints: readonly RpcEndpoint[],
  { publicUrl }: RequestContext,
): string {
  const base = escapeAttribute(publicUrl)
  const rows = endpoints.flatMap((endpoint) => [
    row(endpoint.title, base + endpoint.url),
    ...wsdlLinks(endpoint, base).map(([document, link]) => row(document, `<a href="${link}">${link}</a>`)),
  ])
  return pageOf(
    title,
    `<p>This is <code>${base}${url}</code>, a URL for programs: it answers calls to Magento 1's product-image API.
A browser has nothing to send to it; a client posts its calls here.</p>
<h2>What is answered where</h2>
<table>
<thead><tr><th>What</th><th>URL</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`,
  )
}

function row(what: string, where: string): string {
  return `<tr><td>${what}</td><td>${where}</td></tr>`
}

function wsdlLinks({ url, wsdl }: RpcEndpoint, base: string): readonly (readonly [string, string])[] {
  if (!wsdl) return []
  if (url === '/api/soap/') return [['its WSDL', `${base}${url}?wsdl`]]
  return [
    ['the WSDL of v2', `${base}${url}?wsdl&amp;wsi=0`],
    ['the WSDL of WS-I', `${base}${url}?wsdl&amp;wsi=1`],
  ]
}
