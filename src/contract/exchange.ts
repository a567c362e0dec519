import type { IncomingHttpHeaders } from 'node:http'
import type { Value } from './value'

/** A call as a client made it, whatever the dialect. */
export interface DecodedCall {
  /** An operation such as `login`, or `resource.method`, with the resource's own name rather than an alias. */
  readonly path: string
  /** By the names of its parameters, in their order; what the client did not give is null. */
  readonly arguments: ReadonlyMap<string, Value>
}

/** What is to become of an answer in place of being sent as it is. */
export type Spoiling =
  | { readonly kind: 'cut' }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'replaced'; readonly answer: HttpAnswer }

/** An answer as HTTP sends it. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** How the text becomes bytes: some dialects write Latin-1 characters that stand for bytes. */
  readonly encoding: 'utf8' | 'latin1'
}

/** One HTTP request and its answer, as a test double sees them. */
export interface Exchange {
  readonly method: string
  /** The path and query that were asked. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly started: Date
  /** Aborted once nobody waits for the answer any more: it has been sent, or the client has hung up. */
  readonly over: AbortSignal
  /** Unpacked; null for a request whose body nobody read. */
  body: Buffer | null
  /** Every call that the request carried, in the order in which they ran. */
  readonly calls: NotedCall[]
  /** Null for an answer that is sent as it is. */
  spoiling: Spoiling | null
  /** As the dialect gave it, before it was spoilt; null for what is no answer of a dialect. */
  answer: HttpAnswer | null
  /** The first fault that was answered, be it of a call or of a request that never became one; null for none. */
  fault: NotedFault | null
}

/** What a request, or one call of it, failed with. */
export interface NotedFault {
  /** Magento's code, HTTP's status for REST, or the protocol's own. */
  readonly code: number | string
  readonly message: string
  /** Its name in its table, for those that have one. */
  readonly key?: string
  /** What a parser said, which the client is not told. */
  readonly detail?: string
}

/** A call, and what it came to: neither a value nor a fault while it runs. */
export interface NotedCall extends DecodedCall {
  value?: Value
  fault?: NotedFault
  /** The id of the fault rule that answered it. */
  rule?: string
  /** Who made it, as far as that is known. */
  user?: string
  /** The id of the session that it named, be it one or not. */
  session?: string
}
