import type { Caller } from '../contract/caller'

/** The kind of user that an access token stands for. */
export type TokenUser = Exclude<Caller, 'guest'>

/**
 * The key of a consumer: a shared secret (HMAC-SHA1, PLAINTEXT), or the public half of an RSA key, as PEM.
 */
export type ConsumerKey =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'rsa'; readonly publicKey: string }

/** A program that may ask for tokens (RFC 5849: the client). */
export interface Consumer {
  readonly id: number
  readonly name: string
  readonly signsWith: ConsumerKey
  /** The URL to which an operator is sent when the consumer names no callback of its own. */
  readonly callbackUrl: string | null
}

export interface Token {
  /** The token itself, 32 characters. */
  readonly name: string
  /**
   * `request`: temporary credentials, which an operator must authorize; `access`: the credentials that sign
   * requests.
   */
  readonly kind: 'request' | 'access'
  readonly consumerId: number
  readonly secret: string
  /** Null until an operator has authorized the token. */
  readonly user: TokenUser | null
  /** Whether the token was revoked or, for a request token, rejected by the operator. */
  readonly isRevoked: boolean
  /** The name of the operator who authorized the token; null for a token that was issued without one. */
  readonly operator: string | null
  /**
   * Whether the operator who authorized the token could still do so. True for a token that was issued without
   * an operator.
   */
  readonly isPermitted: boolean
  /** SHA-256 of the verifier that was issued with the authorization. */
  readonly verifierHash: Buffer | null
  readonly created: Date
}

/** The names in a signed request that are looked up in the store, all at once. */
export interface Claim {
  readonly consumerKey: string
  readonly token: string | null
  /** Null for a signature method that needs none. */
  readonly nonce: Nonce | null
}

export interface Nonce {
  readonly value: string
  /** Seconds since 1970, as the consumer sent and signed them. */
  readonly timestamp: number
}

/** What the store knows of a {@link Claim}. */
export interface Evidence {
  readonly consumer: Consumer | null
  readonly token: Token | null
  readonly isNonceUsed: boolean
}

/** A request token with the facts that an operator needs to decide. */
export interface PendingToken {
  readonly kind: 'request' | 'access'
  readonly consumerName: string
  /** `oob`, or the URL to which the operator is sent. */
  readonly callback: string
  readonly isDecided: boolean
  readonly created: Date
}

export interface TokenCredentials {
  readonly token: string
  readonly secret: string
}

/** Consumers, tokens and the nonces that were used. */
export interface OAuthStore {
  find(claim: Claim): Promise<Evidence>
  /**
   * Remembers the nonce. Answers false if the consumer has used it with this timestamp before, in any
   * process.
   */
  rememberNonce(consumerId: number, nonce: Nonce): Promise<boolean>
  /** @param callback `oob` or a URL */
  createRequestToken(consumerId: number, callback: string): Promise<TokenCredentials>
  /** Finds the token that an operator is asked about; null when there is none. */
  findPending(token: string): Promise<PendingToken | null>
  /** Authorizes the token and answers the verifier; null when the token was decided upon meanwhile. */
  authorize(token: string, user: TokenUser, operatorId: number): Promise<string | null>
  /** Rejects the token. Answers false when the token was decided upon meanwhile. */
  reject(token: string): Promise<boolean>
  /**
   * Turns an authorized request token into an access token with new credentials; null when it was exchanged
   * meanwhile.
   */
  exchange(token: string): Promise<TokenCredentials | null>
  /** Whether the operator's role holds all rights. */
  isAdministrator(operatorId: number): Promise<boolean>
}

/** An operator who has signed in to decide upon one request token. */
export interface SignIn {
  /** The request token that alone may be decided upon. */
  readonly token: string
  readonly user: TokenUser
  /** The id of the API user. */
  readonly operator: number
  readonly username: string
  /** When it ends, in milliseconds since 1970. */
  readonly ends: number
}

/** Makes a sign-in a text that only this shop can have written, and reads it. */
export interface SignIns {
  seal(signIn: SignIn): string
  /** Returns the sign-in for the token; null for a text that is none, or one for another token. */
  open(sealed: string, token: string): SignIn | null
}
