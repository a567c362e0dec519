import type { Request } from 'express'
import type { ObservedProtocol } from '../../contract/requestNotes'
import type { Dialect } from './dialect'
import type { Protocol } from './protocol'
import type { WsdlName } from './wsdlDocuments'

/** A URL at which calls are answered. */
export interface RpcEndpoint {
  readonly title: string
  /** The URL's path as it is best written. */
  readonly url: string
  /** Every form of it (magento.md §3). */
  readonly path: RegExp
  readonly protocol: Protocol
  /** How its requests are counted, until one turns out to be of the other dialect at the same URL. */
  readonly observedAs: ObservedProtocol
  readonly dialect: Dialect
  readonly wsdl?: (request: Request) => WsdlName
  /** How a browser is told of its WSDLs: what each is, and what to put behind the URL for it. */
  readonly wsdlLinks?: readonly (readonly [title: string, query: string])[]
}
