import { type Request, Router } from 'express'
import type { Operation } from '../api/operations'
import type { OperationName } from '../api/operationTable'
import type { ResourceDescription } from '../contract/method'
import type { BodyReader } from '../http/body'
import { contextOf } from '../http/observe'
import type { DirectRoute } from '../http/server'
import { jsonRpcDialect } from './jsonrpc/dialect'
import { answerWith } from './rpc/dialect'
import type { RpcEndpoint } from './rpc/endpoint'
import { ENDPOINT_PAGE_HEADERS, endpointPage } from './rpc/endpointPage'
import { unknownUrlRoute } from './rpc/unknownUrl'
import { withWrongTurns } from './rpc/wrongProtocol'
import { documentRoute, type WsdlName } from './rpc/wsdlDocuments'
import { soapDialect } from './soap/dialect'
import { type SoapProfile, wsdlContent } from './soap/soapProfile'
import { v1Endpoint } from './soap/v1'
import { v2Endpoint } from './soap/v2Endpoint'
import { xmlRpcDialect } from './xmlrpc/dialect'

export interface RpcOptions {
  readonly readBody: BodyReader
  /** The document that `?wsdl` names at the URL of SOAP v2 and WS-I. */
  readonly v2Wsdl: 'v2' | 'wsi'
  readonly soapProfile: SoapProfile
}

/** The routes for calls by POST, for all other requests to the same URLs, and for URLs that look like them and are none. */
export interface RpcRoutes {
  readonly direct: readonly DirectRoute[]
  readonly others: readonly Router[]
  readonly unknown: Router
}

/** Returns the table of the server's endpoints. */
export function rpcRoutes(
  operations: Readonly<Record<OperationName, Operation>>,
  resources: readonly ResourceDescription[],
  { readBody, v2Wsdl, soapProfile }: RpcOptions,
): RpcRoutes {
  const endpoints: readonly RpcEndpoint[] = [
    {
      title: 'SOAP v1',
      observedAs: 'soap_v1',
      url: '/api/soap/',
      protocol: 'SOAP',
      dialect: soapDialect(v1Endpoint(operations, soapProfile)),
      wsdl: () => 'v1',
      wsdlLinks: [['its WSDL', '?wsdl']],
    },
    {
      title: 'SOAP v2 and WS-I',
      observedAs: 'soap_v2',
      url: '/api/v2_soap/',
      protocol: 'SOAP',
      dialect: soapDialect(v2Endpoint(operations, resources, soapProfile)),
      wsdl: ({ query }) => WSDL_BY_FLAG.get(query.wsi) ?? v2Wsdl,
      wsdlLinks: [
        ['the WSDL of v2', '?wsdl&wsi=0'],
        ['the WSDL of WS-I', '?wsdl&wsi=1'],
      ],
    },
    {
      title: 'XML-RPC',
      observedAs: 'xmlrpc',
      url: '/api/xmlrpc/',
      protocol: 'XML-RPC',
      dialect: xmlRpcDialect(operations),
    },
    {
      title: 'JSON-RPC 2.0',
      observedAs: 'jsonrpc',
      url: '/api/jsonrpc/',
      protocol: 'JSON-RPC',
      dialect: jsonRpcDialect(operations),
    },
  ]
  const hasExtensions = resources.some(({ methods }) => methods.has('createAndReturnInfo'))
  const routes = endpoints.map((endpoint) =>
    routesOf(endpoint, endpoints, { readBody, soapProfile, hasExtensions }),
  )
  return {
    direct: routes.map(({ direct }) => direct),
    others: routes.map(({ others }) => others),
    unknown: unknownUrlRoute(endpoints, readBody),
  }
}

/** The documents by the flag of `?wsdl&wsi=…`. */
const WSDL_BY_FLAG: ReadonlyMap<unknown, WsdlName> = new Map([
  ['1', 'wsi'],
  ['0', 'v2'],
])

function routesOf(
  endpoint: RpcEndpoint,
  endpoints: readonly RpcEndpoint[],
  {
    readBody,
    soapProfile,
    hasExtensions,
  }: Pick<RpcOptions, 'readBody' | 'soapProfile'> & {
    readonly hasExtensions: boolean
  },
) {
  const { url, wsdl, observedAs } = endpoint
  const dialect = withWrongTurns(endpoint, endpoints)
  const direct: DirectRoute = {
    matches: (method, asked) => method === 'POST' && asked === url,
    answer(request, response) {
      contextOf(response).notes.noteProtocol(observedAs)
      return answerWith(dialect, readBody, request, response)
    },
  }
  const others = Router({ caseSensitive: true })
  if (wsdl) others.use(documentRoute(url, wsdl, wsdlContent(soapProfile, hasExtensions)))
  others.get(url, (request, response, next) => {
    if (!isBrowser(request)) return next()
    response.set(ENDPOINT_PAGE_HEADERS).send(endpointPage(endpoint, endpoints, contextOf(response)))
  })
  others.all(url, direct.answer)
  return { direct, others }
}

/** Tells whether a browser asks. Programs never ask for HTML, even those that make their calls by GET. */
function isBrowser(request: Request): boolean {
  return request.get('accept')?.includes('text/html') === true && request.get('content-length') === undefined
}
