/** The URLs of a server. */
export interface ServerUrls {
  /** The server's own URL, such as `http://127.0.0.1:8080`, without a trailing slash. */
  readonly url: string
  /** The WSDL of SOAP v1. */
  readonly wsdl: string
  /** The WSDL of SOAP v2. */
  readonly v2Wsdl: string
  /** The WSDL of SOAP v2 in its WS-I form. */
  readonly wsiWsdl: string
  /** The endpoint of XML-RPC. */
  readonly xmlrpcUrl: string
  /** The endpoint of JSON-RPC. */
  readonly jsonrpcUrl: string
  /** The URL of REST, with a trailing slash. */
  readonly restUrl: string
  /** The URL of the control API, which only a test double has in full. */
  readonly controlUrl: string
}

/**
 * Returns the URLs of the server at this URL.
 *
 * @param control the URL below which the control API is, where it has a port of its own
 */
export function serverUrls(url: string, control = url): ServerUrls {
  return {
    url,
    wsdl: `${url}/api/soap/?wsdl`,
    v2Wsdl: `${url}/api/v2_soap/?wsdl&wsi=0`,
    wsiWsdl: `${url}/api/v2_soap/?wsdl&wsi=1`,
    xmlrpcUrl: `${url}/api/xmlrpc/`,
    jsonrpcUrl: `${url}/api/jsonrpc/`,
    restUrl: `${url}/api/rest/`,
    controlUrl: `${control}/_keepsake`,
  }
}
