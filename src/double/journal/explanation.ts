/** The explanation of one call. */
export interface CallExplanation {
  /** Why the call failed; null for a call that did not fail, or without a known reason. */
  readonly reason: string | null
  /** What was probably not intended. */
  readonly hints: readonly string[]
}

/** The explanations of an exchange: for each call, in order, and for a request that never became a call. */
export interface Explanation {
  readonly calls: readonly CallExplanation[]
  readonly request: string | null
}
