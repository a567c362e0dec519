/** What lasts for one HTTP request, whichever dialect it speaks and however many calls it carries. */
export interface RequestContext {
  /** Scheme, host and, behind a proxy, path that this server has for the client; without a trailing slash. */
  readonly publicUrl: string
  /** The store view that `currentStore` set; 0, the default scope, until then. */
  currentStore: number
  /** What the log line of this request will say of it. Never a key, a session id or image bytes. */
  readonly observed: Observation
}

export interface Observation {
  /** The operation, or `resource.method` for a call. */
  operation?: string
  user?: string
  /** Magento's code, or the protocol's own for a request that never became a call. */
  fault?: number | string
}
