import type { Author } from './author'
import type { Exchange, NotedFault } from './exchange'
import type { Shortage } from './overloaded'

/** What lasts for one HTTP request, whichever dialect it speaks and however many calls it carries. */
export interface RequestContext {
  /** Scheme, host and, behind a proxy, path that this server has for the client; without a trailing slash. */
  readonly publicUrl: string
  /** The store view that `currentStore` set; 0, the default scope, until then. */
  currentStore: number
  /** The IP address of the client: the peer's, or what trusted proxies say. */
  readonly clientAddress: string
  /** Who asks, once that has been found out; absent for whoever has not said so. */
  author?: Author
  /** What the log line of this request will say of it. Never a key, a session id or image bytes. */
  readonly observed: Observation
  /** What a test double notes of the request, and does to its answer; absent from a server that is none. */
  readonly exchange?: Exchange
  /** The session id that the call under way names; noted by a test double alone. */
  sessionId?: string
  /** What can be told of each call that a multiCall or a batch carried; absent in any other request. */
  carried?: Observation[]
}

/** The protocols that are told apart where requests are counted. */
export type ObservedProtocol =
  | 'soap_v1'
  | 'soap_v2'
  | 'wsi'
  | 'xmlrpc'
  | 'jsonrpc'
  | 'rest'
  | 'oauth'
  | 'media'
  | 'control'
  | 'other'

export type Denial =
  | 'unknown user'
  | 'wrong key'
  | 'inactive user'
  | 'too many failures of the user'
  | 'too many failures from the address'

export interface Observation {
  protocol?: ObservedProtocol
  /** The operation, or `resource.method` for a call. */
  operation?: string
  user?: string
  /** Magento's code, or the protocol's own for a request that never became a call. */
  fault?: number | string
  /** What there was no room for, in a request that was turned away. */
  shed?: Shortage
  /** Why a login was denied, which the client is not told. */
  denied?: Denial
  /** The address that a denied login came from. */
  from?: string
}

/** Tells the log, and a test double, what is answered in place of a value. */
export function observeFault({ observed, exchange }: RequestContext, fault: NotedFault): void {
  observed.fault = fault.code
  if (exchange) exchange.fault ??= fault
}
