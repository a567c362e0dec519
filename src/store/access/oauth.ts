import { isStorableText } from '../../contract/storable'
import type {
  Claim,
  Consumer,
  Evidence,
  Nonce,
  OAuthStore,
  PendingToken,
  Token,
  TokenCredentials,
  TokenUser,
} from '../../oauth/ports'
import { onlyRow, type Queryable } from '../database/database'
import { consumerPlace, randomCredential, sha256, tokenPlace } from './oauthRows'
import type { SecretBox } from './secretBox'

/** After this many nonces of this process, outdated nonces are dropped: more of them than were added. */
const NONCES_BETWEEN_DROPS = 100
const DROPPED_AT_ONCE = 200

/** Finds consumer, token and nonce by their unique keys, in one query for a signed request. */
const findEvidence = {
  name: 'find_oauth_evidence',
  text: `
    SELECT consumer.entity_id AS "consumerId", consumer.name, consumer.secret AS "consumerSecret",
           consumer.rsa_public_key AS "publicKey", consumer.callback_url AS "callbackUrl",
           token.type AS kind, token.consumer_id AS "tokenConsumerId", token.secret AS "tokenSecret",
           token.user_type AS user, token.revoked AS "isRevoked", token.verifier_hash AS "verifierHash",
           token.created_at AS created, operator.username AS operator,
           token.user_id IS NULL OR (
             operator.is_active AND operator.role_id IS NOT NULL AND (
               token.user_type = 'customer' OR EXISTS (
                 SELECT FROM api_rule rule
                  WHERE rule.role_id = operator.role_id AND rule.resource_id = 'all'))) AS "isPermitted",
           EXISTS (
             SELECT FROM oauth_nonce nonce
              WHERE nonce.timestamp = $3 AND nonce.consumer_id = consumer.entity_id AND nonce.nonce_hash = $4
           ) AS "isNonceUsed"
      FROM (VALUES (1)) AS always (one)
      LEFT JOIN oauth_consumer consumer ON consumer.key = $1
      LEFT JOIN oauth_token token ON token.token = $2
      LEFT JOIN api_user operator ON operator.user_id = token.user_id`,
}

/**
 * Other processes see the nonce at once, but it is written to disk a moment later: waiting for the disk would
 * delay all statements on the shared connection (docs/decisions/009-oauth.md).
 */
const rememberNonce = {
  name: 'remember_oauth_nonce',
  text: `
    INSERT INTO oauth_nonce (timestamp, consumer_id, nonce_hash)
    SELECT $1::bigint, $2::integer, $3::bytea WHERE set_config('synchronous_commit', 'off', true) = 'off'
    ON CONFLICT DO NOTHING RETURNING timestamp`,
}

const dropNonces = {
  name: 'drop_oauth_nonces',
  text: `
    DELETE FROM oauth_nonce WHERE ctid = ANY (ARRAY (
      SELECT ctid FROM oauth_nonce WHERE timestamp < $1 ORDER BY timestamp LIMIT ${DROPPED_AT_ONCE}
      FOR UPDATE SKIP LOCKED))`,
}

/** After how many request tokens of this process those beyond the bound are dropped. */
const REQUEST_TOKENS_BETWEEN_DROPS = 100

/** Of one consumer. No operator decides on as many, and other consumers keep theirs. */
const MOST_REQUEST_TOKENS = 10_000

/** The oldest of a consumer beyond a number. One that is exchanged meanwhile is no request token any more, and stays. */
const dropSurplusRequestTokens = {
  name: 'drop_surplus_oauth_request_tokens',
  text: `
    DELETE FROM oauth_token WHERE type = 'request' AND entity_id IN (
      SELECT entity_id FROM oauth_token WHERE type = 'request' AND consumer_id = $1
       ORDER BY entity_id DESC OFFSET $2)`,
}

const createRequestToken = {
  name: 'create_oauth_request_token',
  text: `
    INSERT INTO oauth_token (consumer_id, type, token, secret, callback_url, created_at)
    VALUES ($1, 'request', $2, $3, $4, $5)`,
}

/** Drops a limited number of old request tokens at each new one, as sessions do. */
const dropRequestTokens = {
  name: 'drop_oauth_request_tokens',
  text: `
    DELETE FROM oauth_token WHERE entity_id IN (
      SELECT entity_id FROM oauth_token WHERE type = 'request' AND created_at < $1
      ORDER BY created_at LIMIT 20 FOR UPDATE SKIP LOCKED)`,
}

const findPending = {
  name: 'find_oauth_pending_token',
  text: `
    SELECT token.type AS kind, consumer.name AS "consumerName", coalesce(token.callback_url, 'oob') AS callback,
           token.user_type IS NOT NULL OR token.revoked AS "isDecided", token.created_at AS created
      FROM oauth_token token JOIN oauth_consumer consumer ON consumer.entity_id = token.consumer_id
     WHERE token.token = $1`,
}

const UNDECIDED = "token = $1 AND type = 'request' AND user_type IS NULL AND NOT revoked"

const authorize = {
  name: 'authorize_oauth_token',
  text: `
    UPDATE oauth_token SET user_type = $2, user_id = $3, verifier_hash = $4 WHERE ${UNDECIDED}
    RETURNING entity_id`,
}

const reject = {
  name: 'reject_oauth_token',
  text: `UPDATE oauth_token SET revoked = true WHERE ${UNDECIDED} RETURNING entity_id`,
}

const exchange = {
  name: 'exchange_oauth_token',
  text: `
    UPDATE oauth_token SET type = 'access', token = $2, secret = $3
     WHERE token = $1 AND type = 'request' AND user_type IS NOT NULL AND NOT revoked RETURNING entity_id`,
}

const isAdministrator = {
  name: 'is_administrator',
  text: `
    SELECT EXISTS (
      SELECT FROM api_user JOIN api_rule USING (role_id)
       WHERE user_id = $1 AND is_active AND resource_id = 'all') AS "isAdministrator"`,
}

/** How much the clocks of processes that share a database may differ. */
const CLOCK_SLACK_SECONDS = 600
/** How long an expired request token is kept, so that it is reported as expired. */
const REQUEST_TOKENS_KEPT_MS = 24 * 60 * 60 * 1000

interface EvidenceRow {
  readonly consumerId: number | null
  readonly name: string
  readonly consumerSecret: Buffer | null
  readonly publicKey: string | null
  readonly callbackUrl: string | null
  readonly kind: Token['kind'] | null
  readonly tokenConsumerId: number
  readonly tokenSecret: Buffer
  readonly user: TokenUser | null
  readonly isRevoked: boolean
  readonly verifierHash: Buffer | null
  readonly created: Date
  readonly operator: string | null
  readonly isPermitted: boolean
  readonly isNonceUsed: boolean
}

export interface OAuthStoreOptions {
  readonly now: () => Date
  /** How long a nonce counts: the largest age of an accepted timestamp. */
  readonly timestampWindowSeconds: number
  /** About how many request tokens a consumer may have; of more, the oldest are dropped. */
  readonly mostRequestTokens?: number
}

/** Stores consumers, tokens and nonces in PostgreSQL. Secrets are sealed. */
export class PostgresOAuth implements OAuthStore {
  #nonces = 0
  #requestTokens = 0

  constructor(
    private readonly database: Queryable,
    private readonly secretBox: SecretBox,
    private readonly options: OAuthStoreOptions,
  ) {}

  /** @throws SecretKeyMismatch */
  async find({ consumerKey, token, nonce }: Claim): Promise<Evidence> {
    const row = onlyRow(
      await this.database.query<EvidenceRow>(findEvidence, [
        storable(consumerKey),
        token === null ? null : storable(token),
        nonce?.timestamp,
        nonce && sha256(nonce.value),
      ]),
    )
    return {
      consumer: this.#consumerOf(row, consumerKey),
      token: token === null ? null : this.#tokenOf(row, token),
      isNonceUsed: row.isNonceUsed,
    }
  }

  async rememberNonce(consumerId: number, { value, timestamp }: Nonce): Promise<boolean> {
    const values = [timestamp, consumerId, sha256(value)]
    const isNew = (await this.database.query(rememberNonce, values)).length === 1
    if (this.#nonces++ % NONCES_BETWEEN_DROPS === 0) {
      const age = this.options.timestampWindowSeconds + CLOCK_SLACK_SECONDS
      const oldest = Math.floor(this.options.now().getTime() / 1000) - age
      await this.database.query(dropNonces, [oldest])
    }
    return isNew
  }

  async createRequestToken(consumerId: number, callback: string): Promise<TokenCredentials> {
    const now = this.options.now()
    await this.database.query(dropRequestTokens, [new Date(now.getTime() - REQUEST_TOKENS_KEPT_MS)])
    const { token, secret, sealed } = this.#newCredentials()
    await this.database.query(createRequestToken, [consumerId, token, sealed, callback, now])
    if (this.#requestTokens++ % REQUEST_TOKENS_BETWEEN_DROPS === 0) {
      const { mostRequestTokens = MOST_REQUEST_TOKENS } = this.options
      await this.database.query(dropSurplusRequestTokens, [consumerId, mostRequestTokens])
    }
    return { token, secret }
  }

  async findPending(token: string): Promise<PendingToken | null> {
    const [row] = await this.database.query<PendingToken>(findPending, [storable(token)])
    return row ?? null
  }

  async authorize(token: string, user: TokenUser, operatorId: number): Promise<string | null> {
    const verifier = randomCredential()
    const values = [storable(token), user, operatorId, sha256(verifier)]
    return (await this.database.query(authorize, values)).length === 1 ? verifier : null
  }

  async reject(token: string): Promise<boolean> {
    return (await this.database.query(reject, [storable(token)])).length === 1
  }

  async exchange(requestToken: string): Promise<TokenCredentials | null> {
    const { token, secret, sealed } = this.#newCredentials()
    const exchanged = await this.database.query(exchange, [storable(requestToken), token, sealed])
    return exchanged.length === 1 ? { token, secret } : null
  }

  async isAdministrator(operatorId: number): Promise<boolean> {
    const rows = await this.database.query<{ isAdministrator: boolean }>(isAdministrator, [operatorId])
    return onlyRow(rows).isAdministrator
  }

  #newCredentials(): TokenCredentials & { readonly sealed: Buffer } {
    const token = randomCredential()
    const secret = randomCredential()
    return { token, secret, sealed: this.secretBox.seal(secret, tokenPlace(token)) }
  }

  #consumerOf(
    { consumerId, name, consumerSecret, publicKey, callbackUrl }: EvidenceRow,
    key: string,
  ): Consumer | null {
    if (consumerId === null) return null
    const consumer = { id: consumerId, name, callbackUrl }
    if (publicKey !== null) return { ...consumer, signsWith: { kind: 'rsa', publicKey } }
    if (consumerSecret === null) throw new Error('a consumer has neither a secret nor a public key')
    const secret = this.secretBox.open(consumerSecret, consumerPlace(key))
    return { ...consumer, signsWith: { kind: 'secret', secret } }
  }

  #tokenOf(row: EvidenceRow, name: string): Token | null {
    const { kind, tokenConsumerId: consumerId, tokenSecret, user, operator } = row
    const { isRevoked, isPermitted, verifierHash, created } = row
    if (kind === null) return null
    const secret = this.secretBox.open(tokenSecret, tokenPlace(name))
    return { name, kind, consumerId, secret, user, operator, isRevoked, isPermitted, verifierHash, created }
  }
}

/** Returns the text to search for; null, which equals nothing, for a text that no row can hold. */
function storable(text: string): string | null {
  return isStorableText(text) ? text : null
}
