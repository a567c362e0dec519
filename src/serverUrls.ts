/** Where a server is called. */
export interface ServerUrls {
  /** `http://127.0.0.1:` and its port. */
  readonly url: string
  /** The WSDL of SOAP v1. */
  readonly wsdl: string
  /** The WSDL of SOAP v2. */
  readonly v2Wsdl: string
  /** The WSDL of SOAP v2 in its WS-I form. */
  readonly wsiWsdl: string
  readonly xmlrpcUrl: string
  readonly jsonrpcUrl: string
  readonly restUrl: string
  /** Below it is the control API of a test double. */
  readonly controlUrl: string
}

/** Everything below the URL of a server. */
export function serverUrls(url: string): ServerUrls {
  return {
    url,
    wsdl: `${url}/api/soap/?wsdl`,
    v2Wsdl: `${url}/api/v2_soap/?wsdl&wsi=0`,
    wsiWsdl: `${url}/api/v2_soap/?wsdl&wsi=1`,
    xmlrpcUrl: `${url}/api/xmlrpc/`,
    jsonrpcUrl: `${url}/api/jsonrpc/`,
    restUrl: `${url}/api/rest/`,
    controlUrl: `${url}/_keepsake`,
  }
}
