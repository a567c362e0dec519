import type { Request } from 'express'
import type { ObservedProtocol } from '../../contract/requestNotes'
import type { Dialect } from './dialect'
import type { Protocol } from './protocol'
import type { WsdlName } from './wsdlDocuments'

/** A URL that answers calls. */
export interface RpcEndpoint {
  readonly title: string
  /** The path, of which `canonicalTarget` knows all forms. */
  readonly url: string
  readonly protocol: Protocol
  /** The protocol in the metrics, until a request turns out to be of the other dialect at the same URL. */
  readonly observedAs: ObservedProtocol
  readonly dialect: Dialect
  readonly wsdl?: (request: Request) => WsdlName
  /** The links to WSDLs for a browser: a title, and the query to add to the URL. */
  readonly wsdlLinks?: readonly (readonly [title: string, query: string])[]
}
