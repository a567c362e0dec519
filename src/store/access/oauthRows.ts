import { createHash, randomBytes } from 'node:crypto'
import type { ConsumerKey, TokenCredentials, TokenUser } from '../../oauth/ports'
import type { Queryable } from '../database/database'
import { UnknownName } from './accountRows'
import type { SecretBox } from './secretBox'

export interface ConsumerDefinition {
  /** 32 characters. */
  readonly key: string
  readonly name: string
  readonly signsWith: ConsumerKey
  readonly callbackUrl: string | null
}

export interface TokenDefinition extends TokenCredentials {
  /** The key of a consumer. */
  readonly consumer: string
  readonly user: TokenUser
  readonly isRevoked: boolean
}

export interface ConsumerSummary {
  readonly key: string
  readonly name: string
  readonly signsWith: ConsumerKey['kind']
  readonly callbackUrl: string | null
}

export interface TokenSummary {
  readonly token: string
  readonly consumer: string
  readonly user: TokenUser
  /** The user who authorized the token; null for one that was issued without the flow. */
  readonly operator: string | null
  readonly isRevoked: boolean
}

const upsertConsumer = {
  name: 'upsert_oauth_consumer',
  text: `
    INSERT INTO oauth_consumer (key, name, secret, rsa_public_key, callback_url, created_at)
    VALUES ($1, $2, $3, $4, $5, now())
    ON CONFLICT (key) DO UPDATE
    SET name = excluded.name, secret = excluded.secret, rsa_public_key = excluded.rsa_public_key,
        callback_url = excluded.callback_url`,
}

const listConsumers = {
  name: 'list_oauth_consumers',
  text: `
    SELECT key, name, CASE WHEN secret IS NULL THEN 'rsa' ELSE 'secret' END AS "signsWith",
           callback_url AS "callbackUrl"
      FROM oauth_consumer ORDER BY entity_id`,
}

const upsertAccessToken = {
  name: 'upsert_oauth_access_token',
  text: `
    INSERT INTO oauth_token (consumer_id, type, token, secret, user_type, revoked, created_at)
    SELECT entity_id, 'access', $2, $3, $4, $5, now() FROM oauth_consumer WHERE key = $1
    ON CONFLICT (token) DO UPDATE
    SET consumer_id = excluded.consumer_id, type = excluded.type, secret = excluded.secret,
        user_type = excluded.user_type, revoked = excluded.revoked
    RETURNING entity_id`,
}

const revokeToken = {
  name: 'revoke_oauth_token',
  text: 'UPDATE oauth_token SET revoked = true WHERE token = $1 RETURNING entity_id',
}

const listTokens = {
  name: 'list_oauth_tokens',
  text: `
    SELECT token.token, consumer.key AS consumer, token.user_type AS user, operator.username AS operator,
           token.revoked AS "isRevoked"
      FROM oauth_token token
      JOIN oauth_consumer consumer ON consumer.entity_id = token.consumer_id
      LEFT JOIN api_user operator ON operator.user_id = token.user_id
     WHERE token.type = 'access' ORDER BY token.entity_id`,
}

/** Makes a key, token, secret or verifier: 32 hex digits, like Magento's. */
export function randomCredential(): string {
  return randomBytes(16).toString('hex')
}

export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Returns the place to which a consumer's secret is sealed. */
export function consumerPlace(key: string): string {
  return `oauth_consumer ${key}`
}

/** Returns the place to which a token's secret is sealed. */
export function tokenPlace(token: string): string {
  return `oauth_token ${token}`
}

/**
 * Creates the consumer, or gives an existing one of that key this name, secret or public key, and callback.
 */
export async function saveConsumer(
  rows: Queryable,
  secretBox: SecretBox,
  { key, name, signsWith, callbackUrl }: ConsumerDefinition,
): Promise<void> {
  const secret = signsWith.kind === 'secret' ? secretBox.seal(signsWith.secret, consumerPlace(key)) : null
  const publicKey = signsWith.kind === 'rsa' ? signsWith.publicKey : null
  await rows.query(upsertConsumer, [key, name, secret, publicKey, callbackUrl])
}

export async function consumersOf(rows: Queryable): Promise<readonly ConsumerSummary[]> {
  return rows.query<ConsumerSummary>(listConsumers)
}

/** Creates the access token, or changes an existing one of that name. @throws UnknownName */
export async function saveAccessToken(
  rows: Queryable,
  secretBox: SecretBox,
  { consumer, user, token, secret, isRevoked }: TokenDefinition,
): Promise<void> {
  const sealed = secretBox.seal(secret, tokenPlace(token))
  const saved = await rows.query(upsertAccessToken, [consumer, token, sealed, user, isRevoked])
  if (saved.length === 0) throw new UnknownName(`there is no OAuth consumer ${consumer}`)
}

/** Creates an access token that needs no operator. @throws UnknownName */
export async function issueToken(
  rows: Queryable,
  secretBox: SecretBox,
  consumer: string,
  user: TokenUser,
): Promise<TokenCredentials> {
  const credentials = { token: randomCredential(), secret: randomCredential() }
  await saveAccessToken(rows, secretBox, { ...credentials, consumer, user, isRevoked: false })
  return credentials
}

/** @throws UnknownName */
export async function revoke(rows: Queryable, token: string): Promise<void> {
  const revoked = await rows.query(revokeToken, [token])
  if (revoked.length === 0) throw new UnknownName(`there is no OAuth token ${token}`)
}

/** Returns the access tokens, in the order of their creation. */
export async function tokensOf(rows: Queryable): Promise<readonly TokenSummary[]> {
  return rows.query<TokenSummary>(listTokens)
}
