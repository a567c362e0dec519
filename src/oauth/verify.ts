import { isEmpty } from '../contract/readers'
import type { SignedRequest } from './authentication'
import { type Parameters, parametersOf } from './parameters'
import type { Claim, Consumer, Evidence, Nonce, OAuthStore } from './ports'
import { absent, openPlaintext, problem } from './problems'
import { signatureMethod } from './signature'

export interface OAuthOptions {
  readonly store: OAuthStore
  readonly now: () => Date
  /**
   * How old a timestamp may be, in seconds. Older ones are refused, so that nonces need not be remembered for
   * ever.
   */
  readonly timestampWindowSeconds: number
  /** Whether PLAINTEXT is taken even of a request that somebody on the way could read, and send again. */
  readonly takesOpenPlaintext: boolean
}

/** How far into the future a timestamp may lie (magento.md §4). */
const FUTURE_SECONDS = 600

/** The length of a consumer key, a token and a verifier, in bytes. */
export const CREDENTIAL_LENGTH = 32

const REQUIRED = ['oauth_consumer_key', 'oauth_signature_method', 'oauth_signature'] as const

/** What one kind of request is judged by, once its consumer is known. */
export interface Case extends Evidence {
  readonly consumer: Consumer
  readonly protocol: Parameters['protocol']
}

/** The result of a judge: the secret that must have signed the request, and the values for the answer. */
export interface Judgement {
  readonly tokenSecret: string
}

/**
 * Verifies a signed request, in Magento's order: required parameters, the form of the consumer key, the
 * signature method, timestamp and nonce, the consumer, the checks of `judge`, the signature. The nonce is
 * remembered last, so that only good signatures can fill the table. Of two requests with the same nonce, one
 * succeeds.
 *
 * @throws OAuthProblem
 */
export async function verified<J extends Judgement>(
  request: SignedRequest,
  { store, now, timestampWindowSeconds, takesOpenPlaintext }: OAuthOptions,
  judge: (subject: Case) => J,
): Promise<J> {
  const { protocol, signed } = await parametersOf(request)
  const seconds = Math.floor(now().getTime() / 1000)
  const takesPlaintext = takesOpenPlaintext || request.isConfidential
  const { claim, method, signature } = claimOf(protocol, seconds, timestampWindowSeconds, takesPlaintext)
  const evidence = await store.find(claim)
  if (evidence.isNonceUsed) throw problem('nonce_used')
  const { consumer } = evidence
  if (!consumer) throw problem('consumer_key_rejected')
  if (consumer.signsWith.kind !== method.needs) throw problem('signature_method_rejected')
  const judgement = judge({ ...evidence, consumer, protocol })
  const { tokenSecret } = judgement
  const consumerKey = consumer.signsWith
  if (!(await method.isValid(signature, { request, parameters: signed, consumerKey, tokenSecret }))) {
    throw problem('signature_invalid')
  }
  if (claim.nonce && !(await store.rememberNonce(consumer.id, claim.nonce))) throw problem('nonce_used')
  return judgement
}

/** What the request claims, as far as that can be told without the store. @throws OAuthProblem */
function claimOf(
  protocol: Parameters['protocol'],
  now: number,
  windowSeconds: number,
  takesPlaintext: boolean,
) {
  const version = protocol.get('oauth_version')
  if (version !== undefined && version !== '1.0') throw problem('version_rejected')
  const [consumerKey, methodName, signature] = REQUIRED.map((name) => required(protocol, name)) as [
    string,
    string,
    string,
  ]
  if (consumerKey.length !== CREDENTIAL_LENGTH) throw problem('consumer_key_rejected')
  const method = signatureMethod(methodName)
  if (!method) throw problem('signature_method_rejected')
  const isPlaintext = methodName === 'PLAINTEXT'
  if (isPlaintext && !takesPlaintext) throw openPlaintext()
  // RFC 5849, 3.1: a PLAINTEXT signature is the secrets themselves, which no nonce makes safer.
  const nonce = isPlaintext ? null : nonceOf(protocol, now, windowSeconds)
  const claim: Claim = { consumerKey, token: protocol.get('oauth_token') ?? null, nonce }
  return { claim, method, signature }
}

function nonceOf(protocol: Parameters['protocol'], now: number, windowSeconds: number): Nonce {
  const value = required(protocol, 'oauth_nonce')
  const given = required(protocol, 'oauth_timestamp')
  const timestamp = /^[0-9]{1,15}$/.test(given) ? Number(given) : 0
  if (timestamp < Math.max(1, now - windowSeconds) || timestamp > now + FUTURE_SECONDS)
    throw problem('timestamp_refused')
  return { value, timestamp }
}

/**
 * Returns a parameter that must be present. Empty and, as for PHP, '0' count as absent.
 *
 * @throws OAuthProblem
 */
export function required(protocol: Parameters['protocol'], name: string): string {
  const value = protocol.get(name) ?? null
  if (value === null || isEmpty(value)) throw absent(name)
  return value
}
