/** What is said of one call. */
export interface CallExplanation {
  /** Why it failed; null for one that did not, or for which nobody knows. */
  readonly reason: string | null
  /** What was probably not meant so. */
  readonly hints: readonly string[]
}

/** What is said of an exchange: of each call, in their order, and of a request that never became one. */
export interface Explanation {
  readonly calls: readonly CallExplanation[]
  readonly request: string | null
}
