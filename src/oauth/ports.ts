import type { Caller } from '../contract/caller'

/** Whom an access token stands for. */
export type TokenUser = Exclude<Caller, 'guest'>

/** What a consumer proves itself with: a shared secret (HMAC-SHA1, PLAINTEXT), or the public half of an RSA key, as PEM. */
export type ConsumerKey =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'rsa'; readonly publicKey: string }

/** A program that may ask for tokens (RFC 5849: the client). */
export interface Consumer {
  readonly id: number
  readonly name: string
  readonly signsWith: ConsumerKey
  /** Where an operator is sent when the consumer names no callback of its own. */
  readonly callbackUrl: string | null
}

export interface Token {
  /** What a client calls it, 32 characters. */
  readonly name: string
  /** `request`: temporary credentials, which an operator must authorize; `access`: what requests are signed with. */
  readonly kind: 'request' | 'access'
  readonly consumerId: number
  readonly secret: string
  /** Null until an operator has authorized it. */
  readonly user: TokenUser | null
  /** Revoked or, for a request token, rejected by the operator. */
  readonly isRevoked: boolean
  /** The name of the operator who authorized it; null for one that was issued without. */
  readonly operator: string | null
  /** Whether the operator who authorized it could still do so. True for one that was issued without an operator. */
  readonly isPermitted: boolean
  /** SHA-256 of the verifier that was given out with the authorization. */
  readonly verifierHash: Buffer | null
  readonly created: Date
}

/** What a signed request names, to be looked up at once. */
export interface Claim {
  readonly consumerKey: string
  readonly token: string | null
  /** Null for a signature method that needs none. */
  readonly nonce: Nonce | null
}

export interface Nonce {
  readonly value: string
  /** Seconds since 1970, as the consumer signed them. */
  readonly timestamp: number
}

/** What is known of a {@link Claim}. */
export interface Evidence {
  readonly consumer: Consumer | null
  readonly token: Token | null
  readonly isNonceUsed: boolean
}

/** A request token as an operator must see it to decide. */
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
  /** Remembers the nonce; false if the consumer has used it with this timestamp before, whichever process saw it. */
  rememberNonce(consumerId: number, nonce: Nonce): Promise<boolean>
  /** @param callback `oob` or a URL */
  createRequestToken(consumerId: number, callback: string): Promise<TokenCredentials>
  /** The token that an operator is asked about; null when there is none. */
  findPending(token: string): Promise<PendingToken | null>
  /** Answers the verifier; null when the token was decided upon meanwhile. */
  authorize(token: string, user: TokenUser, operatorId: number): Promise<string | null>
  /** False when the token was decided upon meanwhile. */
  reject(token: string): Promise<boolean>
  /** Makes an authorized request token an access token with new credentials; null when it was exchanged meanwhile. */
  exchange(token: string): Promise<TokenCredentials | null>
  /** Whether the operator's role lets it do anything. */
  isAdministrator(operatorId: number): Promise<boolean>
}
