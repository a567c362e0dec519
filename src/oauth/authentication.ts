import type { Caller } from '../contract/caller'

/**
 * The parts of an HTTP request that a signature covers or that may hold its parameters (RFC 5849, section 3).
 */
export interface SignedRequest {
  readonly method: string
  /** The URL as the client sees it: public scheme, host and port, path and query. */
  readonly url: string
  /** Every Authorization header, in order. */
  readonly authorization: readonly string[]
  readonly contentType: string | null
  /** The body as it came. Its parameters are signed if it is a form. */
  readonly body: Buffer
  /** Whether nobody on the way could read it. */
  readonly isConfidential: boolean
}

/** Who has signed a request, and with which consumer and token. A guest has neither. */
export interface Signatory {
  readonly caller: Caller
  /** The name of the consumer. */
  readonly consumer: string | null
  readonly token: string | null
  /** The API user who authorized the token; null for a token that was issued without one. */
  readonly operator: string | null
}

/** Tells who signed a request. A request without a signature comes from a guest. @throws OAuthProblem */
export type Authenticate = (request: SignedRequest) => Promise<Signatory>

/** Why a signed request is refused. */
export class OAuthProblem extends Error {
  override readonly name = 'OAuthProblem'

  /**
   * @param status what the OAuth endpoints answer with; REST always answers 401 (magento.md §4)
   * @param problem the word of the OAuth problem extension, such as `nonce_used`
   * @param detail the text that follows it, such as `&oauth_parameters_absent=oauth_nonce`
   */
  constructor(
    readonly status: 400 | 401,
    readonly problem: string,
    readonly detail = '',
  ) {
    super(`oauth_problem=${problem}${detail}`)
  }
}
