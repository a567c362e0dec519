import type { Author } from './author'
import type { Exchange } from './exchange'
import { RequestNotes } from './requestNotes'

/** Where a request came from, and where it was sent to. */
export interface RequestOrigin {
  /** Scheme, host and, behind a proxy, path that this server has for the client; without a trailing slash. */
  readonly publicUrl: string
  /** The IP address of the client: the peer's, or what trusted proxies say. */
  readonly clientAddress: string
  /** Whether nobody on the way could read the request: it came through TLS, or from this machine. */
  readonly isConfidential: boolean
}

/** What lasts for one HTTP request, whichever dialect it speaks and however many calls it carries (decision 021). */
export interface RequestContext {
  readonly origin: RequestOrigin
  readonly scope: CallScope
  readonly notes: RequestNotes
}

/** In which store view, and for whom, a call acts. A request has one, which holds for all calls that follow. */
export class CallScope {
  #currentStore = 0
  #author: Author | null = null

  /** The id of the store view that `currentStore` set; 0, the default scope, until then. */
  get currentStore(): number {
    return this.#currentStore
  }

  /** Who asks, once that has been found out; null for whoever has not said so. */
  get author(): Author | null {
    return this.#author
  }

  /** Lets what follows act in a store view; the method `currentStore` alone does. */
  enterStore(storeId: number): void {
    this.#currentStore = storeId
  }

  /** Says who asks, as soon as a session, a signature or a sign-in has been believed. */
  nameAuthor(author: Author): void {
    this.#author = author
  }
}

/**
 * Begins the context of a request: in the default scope, with no author and nothing noted.
 *
 * @param exchange what a test double keeps of the request; null in a server that is none
 */
export function requestContext(origin: RequestOrigin, exchange: Exchange | null = null): RequestContext {
  return { origin, scope: new CallScope(), notes: new RequestNotes(exchange) }
}

/**
 * How several calls are carried by one request. Those of a multiCall share their session and their store view; those of
 * a batch are separate, each as if it had come alone.
 */
export type Carriage = 'shared' | 'separate'

/** The context of one of several calls. Its notes are its own: `noteCarried` adds them to the carrier's once it is done. */
export function carriedContext({ origin, scope, notes }: RequestContext, carriage: Carriage): RequestContext {
  return carriage === 'shared'
    ? { origin, scope, notes: notes.forSharedCall() }
    : { origin, scope: new CallScope(), notes: notes.forSeparateCall() }
}
