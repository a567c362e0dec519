import type { Author } from './author'
import type { Exchange } from './exchange'
import { RequestNotes } from './requestNotes'

/** Where a request came from, and where it was sent to. */
export interface RequestOrigin {
  /**
   * The server's URL as the client sees it: scheme, host and, behind a proxy, path; without a trailing slash.
   */
  readonly publicUrl: string
  /** The IP address of the client: the peer's, or the one that trusted proxies report. */
  readonly clientAddress: string
  /** Whether nobody on the way could read the request: it came through TLS, or from this machine. */
  readonly isConfidential: boolean
}

/**
 * The data of one HTTP request, whichever dialect it speaks and however many calls it carries (decision 021).
 */
export interface RequestContext {
  readonly origin: RequestOrigin
  readonly scope: CallScope
  readonly notes: RequestNotes
}

/**
 * The store view in which a call acts, and the author for whom. A request has one scope, and a change of it
 * holds for all later calls.
 */
export class CallScope {
  #currentStore = 0
  #author: Author | null = null

  /** The id of the store view that `currentStore` set; 0, the default scope, until then. */
  get currentStore(): number {
    return this.#currentStore
  }

  /** The author of changes; null until the request has shown who sent it. */
  get author(): Author | null {
    return this.#author
  }

  /** Sets the store view for all later calls. Only the method `currentStore` does this. */
  enterStore(storeId: number): void {
    this.#currentStore = storeId
  }

  /** Sets the author, once a session, a signature or a sign-in has been verified. */
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
 * How one request carries several calls. Those of a multiCall share their session and their store view; those
 * of a batch are separate, each as if it had come alone.
 */
export type Carriage = 'shared' | 'separate'

/**
 * Returns the context of one of several calls. It has notes of its own, which `noteCarried` adds to those of
 * the request later.
 */
export function carriedContext({ origin, scope, notes }: RequestContext, carriage: Carriage): RequestContext {
  return carriage === 'shared'
    ? { origin, scope, notes: notes.forSharedCall() }
    : { origin, scope: new CallScope(), notes: notes.forSeparateCall() }
}
