import { createHash, timingSafeEqual } from 'node:crypto'
import { tokenOf } from './authenticate'
import type { SignedRequest } from './authentication'
import type { Parameters } from './parameters'
import type { Consumer, Token, TokenCredentials } from './ports'
import { absent, problem, rejected } from './problems'
import { type Case, CREDENTIAL_LENGTH, type Judgement, type OAuthOptions, required, verified } from './verify'

/** The callback of a consumer that has none: the operator is shown the verifier instead (RFC 5849, 2.1). */
export const OUT_OF_BAND = 'oob'

/** How long an operator has to decide, and the consumer to come back: 120 minutes, Magento's default. */
const REQUEST_TOKEN_LIFETIME_MS = 120 * 60 * 1000

const LONGEST_CALLBACK = 2048

/** Host names that a header can hold. A URL may name others, such as `a;b`. */
const HOST_NAME = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/

/** Whether a request token is too old to be decided upon or exchanged. */
export function isExpired({ created }: { readonly created: Date }, now: Date): boolean {
  return now.getTime() - created.getTime() > REQUEST_TOKEN_LIFETIME_MS
}

/** Answers a request token (RFC 5849, 2.1). @throws OAuthProblem */
export async function initiate(request: SignedRequest, options: OAuthOptions): Promise<string> {
  const { consumer, callback } = await verified(request, options, judgeInitiation)
  const credentials = await options.store.createRequestToken(consumer.id, callback)
  return `${written(credentials)}&oauth_callback_confirmed=true`
}

/** Answers an access token for an authorized request token, once (RFC 5849, 2.3). @throws OAuthProblem */
export async function exchange(request: SignedRequest, options: OAuthOptions): Promise<string> {
  const { name } = await verified(request, options, (subject) => judgeExchange(subject, options.now()))
  const credentials = await options.store.exchange(name)
  if (!credentials) throw problem('token_rejected')
  return written(credentials)
}

function written({ token, secret }: TokenCredentials): string {
  return `oauth_token=${token}&oauth_token_secret=${secret}`
}

interface Initiation extends Judgement {
  readonly consumer: Consumer
  readonly callback: string
}

function judgeInitiation({ consumer, protocol }: Case): Initiation {
  const given = callbackOf(protocol)
  const callback = given === OUT_OF_BAND ? (consumer.callbackUrl ?? OUT_OF_BAND) : given
  return { tokenSecret: '', consumer, callback }
}

function callbackOf(protocol: Parameters['protocol']): string {
  const callback = protocol.get('oauth_callback')
  if (callback === undefined) throw absent('oauth_callback')
  if (callback !== OUT_OF_BAND && !isCallbackUrl(callback)) throw rejected('oauth_callback')
  return callback
}

/**
 * Whether an operator's browser may be sent to this text: an absolute http or https URL, in printable ASCII.
 */
export function isCallbackUrl(text: string): boolean {
  if (text.length > LONGEST_CALLBACK || !/^https?:\/\/[!-~]+$/i.test(text) || !URL.canParse(text))
    return false
  return HOST_NAME.test(new URL(text).hostname)
}

interface TokenExchange extends Judgement {
  readonly name: string
}

/**
 * Checks in Magento's order. Magento has no rejected or expired tokens; their checks stand where they change
 * none of its answers.
 */
function judgeExchange(subject: Case, now: Date): TokenExchange {
  const token = tokenOf(subject)
  const verifier = required(subject.protocol, 'oauth_verifier')
  if (verifier.length !== CREDENTIAL_LENGTH) throw problem('verifier_invalid')
  const isOwn = token.consumerId === subject.consumer.id
  if (isOwn && token.kind === 'request' && token.isRevoked) throw problem('permission_denied')
  if (!isVerifierOf(verifier, token)) throw problem('verifier_invalid')
  if (!isOwn) throw problem('token_rejected')
  if (token.kind !== 'request') throw problem('token_used')
  if (isExpired(token, now)) throw problem('token_expired')
  return { tokenSecret: token.secret, name: required(subject.protocol, 'oauth_token') }
}

function isVerifierOf(verifier: string, { verifierHash }: Token): boolean {
  if (verifierHash === null) return false
  return timingSafeEqual(createHash('sha256').update(verifier).digest(), verifierHash)
}
