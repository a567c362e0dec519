import { createHash, createHmac, timingSafeEqual, verify } from 'node:crypto'
import type { SignedRequest } from '../../contract/oauth'
import type { ConsumerKey } from '../../contract/oauthStore'
import type { Parameter } from './parameters'
import { bytesOf, percentEncode } from './percent'

/** What a signature must have been made of. */
export interface Signed {
  readonly request: Pick<SignedRequest, 'method' | 'url'>
  readonly parameters: readonly Parameter[]
  readonly consumerKey: ConsumerKey
  /** Empty where there is no token yet. */
  readonly tokenSecret: string
}

interface SignatureMethod {
  /** What a consumer must have for it. */
  readonly needs: ConsumerKey['kind']
  isValid(signature: string, signed: Signed): boolean
}

/** The methods of RFC 5849, 3.4.2 to 3.4.4. */
const METHODS: ReadonlyMap<string, SignatureMethod> = new Map<string, SignatureMethod>([
  ['HMAC-SHA1', { needs: 'secret', isValid: isValidHmac }],
  ['RSA-SHA1', { needs: 'rsa', isValid: isValidRsa }],
  ['PLAINTEXT', { needs: 'secret', isValid: isValidPlaintext }],
])

/** The method of exactly this name; null for one that there is not. */
export function signatureMethod(name: string): SignatureMethod | null {
  return METHODS.get(name) ?? null
}

function isValidHmac(signature: string, signed: Signed): boolean {
  const key = secretsOf(signed)
  return baseStrings(signed).some((text) =>
    isEqual(signature, createHmac('sha1', key).update(text).digest('base64')),
  )
}

function isValidRsa(signature: string, { consumerKey, ...signed }: Signed): boolean {
  if (consumerKey.kind !== 'rsa') return false
  const bytes = Buffer.from(signature, 'base64')
  return baseStrings(signed).some((text) =>
    verify('RSA-SHA1', Buffer.from(text), consumerKey.publicKey, bytes),
  )
}

function isValidPlaintext(signature: string, signed: Signed): boolean {
  return isEqual(signature, secretsOf(signed))
}

function secretsOf({ consumerKey, tokenSecret }: Signed): string {
  if (consumerKey.kind !== 'secret') throw new Error('a consumer without a secret has signed with one')
  return `${percentEncode(bytesOf(consumerKey.secret))}&${percentEncode(bytesOf(tokenSecret))}`
}

/** In a time that depends on neither text, nor on their lengths. */
export function isEqual(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** One base string (RFC 5849, 3.4.1.1) for each way in which a client may write the URL that it asked. */
export function baseStrings({
  request,
  parameters,
}: Pick<Signed, 'request' | 'parameters'>): readonly string[] {
  const method = percentEncode(request.method.toUpperCase())
  const normalized = percentEncode(normalizedParameters(parameters))
  return baseStringUris(request.url).map((uri) => `${method}&${percentEncode(uri)}&${normalized}`)
}

/** Sorted by encoded name, then by encoded value (RFC 5849, 3.4.1.3.2). */
function normalizedParameters(parameters: readonly Parameter[]): string {
  return parameters
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([name, value], [otherName, otherValue]) => order(name, otherName) || order(value, otherValue))
    .map((pair) => pair.join('='))
    .join('&')
}

function order(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

const URL_PARTS = /^(https?):\/\/(\[[^\]]*\]|[^/?#:]*)(?::([0-9]+))?([^?#]*)/i
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' }

/**
 * The base string URI (RFC 5849, 3.4.1.2), which leaves a default port out, and the forms of clients that leave out any
 * port or write a default one.
 */
function baseStringUris(url: string): readonly string[] {
  const [, givenScheme = '', givenHost = '', port, path = ''] = URL_PARTS.exec(url) ?? []
  const scheme = givenScheme.toLowerCase()
  const origin = `${scheme}://${givenHost.toLowerCase()}`
  const defaultPort = DEFAULT_PORTS[scheme]
  const shownPort = port === undefined || port === defaultPort ? defaultPort : port
  return [origin, `${origin}:${shownPort}`].map((authority) => authority + (path || '/'))
}
