import { createHmac, createVerify } from 'node:crypto'
import { isSameText } from '../contract/sameText'
import { inTurns } from '../contract/turns'
import { type ByteText, bytesOf, percentEncode } from '../text/percent'
import type { SignedRequest } from './authentication'
import type { Parameter } from './parameters'
import type { ConsumerKey } from './ports'
import { problem } from './problems'

/** The values from which a signature must have been made. */
export interface Signed {
  readonly request: Pick<SignedRequest, 'method' | 'url'>
  readonly parameters: readonly Parameter[]
  readonly consumerKey: ConsumerKey
  /** The secret of the token; empty where there is no token yet. */
  readonly tokenSecret: string
}

interface SignatureMethod {
  /** The kind of key that the consumer must have for it. */
  readonly needs: ConsumerKey['kind']
  isValid(signature: string, signed: Signed): Promise<boolean>
}

/** The signature methods of RFC 5849, 3.4.2 to 3.4.4. */
const METHODS: ReadonlyMap<string, SignatureMethod> = new Map<string, SignatureMethod>([
  ['HMAC-SHA1', { needs: 'secret', isValid: isValidHmac }],
  ['RSA-SHA1', { needs: 'rsa', isValid: isValidRsa }],
  ['PLAINTEXT', { needs: 'secret', isValid: isValidPlaintext }],
])

/** Returns the method with exactly this name; null for an unknown one. */
export function signatureMethod(name: string): SignatureMethod | null {
  return METHODS.get(name) ?? null
}

async function isValidHmac(signature: string, signed: Signed): Promise<boolean> {
  const key = secretsOf(signed)
  const digests = await baseStringsInto(signed, () => createHmac('sha1', key))
  return digests.some((hmac) => isSameText(signature, hmac.digest('base64')))
}

async function isValidRsa(signature: string, { consumerKey, ...signed }: Signed): Promise<boolean> {
  if (consumerKey.kind !== 'rsa') return false
  const { publicKey } = consumerKey
  const bytes = Buffer.from(signature, 'base64')
  const verifiers = await baseStringsInto(signed, () => createVerify('RSA-SHA1'))
  return verifiers.some((verifier) => verifier.verify(publicKey, bytes))
}

async function isValidPlaintext(signature: string, signed: Signed): Promise<boolean> {
  return isSameText(signature, secretsOf(signed))
}

function secretsOf({ consumerKey, tokenSecret }: Signed): string {
  if (consumerKey.kind !== 'secret') throw new Error('a consumer without a secret has signed with one')
  return `${percentEncode(bytesOf(consumerKey.secret))}&${percentEncode(bytesOf(tokenSecret))}`
}

/** Takes a base string piece by piece. */
interface Digest {
  update(text: string): unknown
}

/**
 * Writes the base strings (RFC 5849, 3.4.1.1), one for each way in which a client may write the URL of its
 * request. It works in turns, because a form may be as long as a body.
 */
export function baseStringsInto<D extends Digest>(
  { request, parameters }: Pick<Signed, 'request' | 'parameters'>,
  begin: () => D,
): Promise<readonly D[]> {
  const method = percentEncode(request.method.toUpperCase())
  const digests = baseStringUris(request.url).map((uri) => {
    const digest = begin()
    digest.update(`${method}&${percentEncode(uri)}&`)
    return digest
  })
  return inTurns(
    (function* () {
      for (const piece of normalizedParameters(parameters)) {
        const encoded = percentEncode(piece)
        for (const digest of digests) digest.update(encoded)
        yield
      }
      return digests
    })(),
  )
}

/** How many characters of a value are encoded in one step. */
const SLICE = 16 * 1024

/**
 * Yields the parameters, sorted by encoded name, then by encoded value (RFC 5849, 3.4.1.3.2), piece by piece.
 */
function* normalizedParameters(parameters: readonly Parameter[]): Generator<string> {
  const sorted = parameters
    .map(([name, value]) => ({ name: percentEncode(requireShort(name)), value }))
    .sort((one, other) => order(one.name, other.name) || orderOfValues(one.value, other.value))
  for (const [index, { name, value }] of sorted.entries()) {
    yield `${index === 0 ? '' : '&'}${name}=`
    for (let start = 0; start < value.length; start += SLICE)
      yield percentEncode(value.slice(start, start + SLICE))
  }
}

/**
 * The longest name or value that is compared in sorting, in characters before encoding. A longer one is
 * refused.
 */
const LONGEST_COMPARED = 16 * 1024

function requireShort(text: ByteText): ByteText {
  if (text.length > LONGEST_COMPARED) throw problem('signature_invalid')
  return text
}

function orderOfValues(one: ByteText, other: ByteText): number {
  return order(percentEncode(requireShort(one)), percentEncode(requireShort(other)))
}

function order(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

const URL_PARTS = /^(https?):\/\/(\[[^\]]*\]|[^/?#:]*)(?::([0-9]+))?([^?#]*)/i
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' }

/**
 * Returns the base string URI (RFC 5849, 3.4.1.2), which leaves a default port out, and those of clients that
 * leave out any port or write a default one.
 */
function baseStringUris(url: string): readonly string[] {
  const [, givenScheme = '', givenHost = '', port, path = ''] = URL_PARTS.exec(url) ?? []
  const scheme = givenScheme.toLowerCase()
  const origin = `${scheme}://${givenHost.toLowerCase()}`
  const defaultPort = DEFAULT_PORTS[scheme]
  const shownPort = port === undefined || port === defaultPort ? defaultPort : port
  return [origin, `${origin}:${shownPort}`].map((authority) => authority + (path || '/'))
}
