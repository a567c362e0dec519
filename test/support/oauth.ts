import { createHmac, randomBytes } from 'node:crypto'
import { type Authenticate, type Caller, OAuthProblem } from '../../src/contract/oauth'

/** A key or a token, with its secret. */
interface Credential {
  readonly key: string
  readonly secret: string
}

/** As in the fixture of the recordings. */
const CONSUMER: Credential = {
  key: 'ck0000000000000000000000000000ck',
  secret: 'cs0000000000000000000000000000cs',
}

const TOKENS = {
  admin: { key: 'at0000000000000000000000000000at', secret: 'as0000000000000000000000000000as' },
  customer: { key: 'ct0000000000000000000000000000ct', secret: 'cx0000000000000000000000000000cx' },
  revoked: { key: 'rt0000000000000000000000000000rt', secret: 'rx0000000000000000000000000000rx' },
  nobody: { key: 'nope', secret: 'nope' },
} as const satisfies Record<string, Credential>

/** Who signs a request, and what of the signature is to be wrong. */
export interface Signer {
  readonly who: keyof typeof TOKENS
  readonly bad: 'method' | 'version' | 'nonce' | 'signature' | null
}

/** The Authorization header of a request whose body is no form (RFC 5849, section 3). */
export function authorization(method: string, url: string, { who, bad }: Signer): string {
  const token = TOKENS[who]
  const parameters: Record<string, string> = {
    oauth_consumer_key: CONSUMER.key,
    oauth_token: token.key,
    oauth_signature_method: bad === 'method' ? 'FOO' : 'HMAC-SHA1',
    oauth_timestamp: String(Math.floor(Date.now() / 1000)),
    oauth_version: bad === 'version' ? '2.0' : '1.0',
    ...(bad !== 'nonce' && { oauth_nonce: randomBytes(16).toString('hex') }),
  }
  const { origin, pathname, searchParams } = new URL(url)
  const normalized = [...Object.entries(parameters), ...searchParams]
    .map((pair) => pair.map(escaped).join('='))
    .sort()
    .join('&')
  const base = [method, origin + pathname, normalized].map(escaped).join('&')
  const secrets = `${escaped(CONSUMER.secret)}&${escaped(token.secret)}`
  const oauth_signature =
    bad === 'signature'
      ? Buffer.alloc(20, 'x').toString('base64')
      : createHmac('sha1', secrets).update(base).digest('base64')
  const header = Object.entries({ ...parameters, oauth_signature })
  return `OAuth ${header.map(([name, value]) => `${escaped(name)}="${escaped(value)}"`).join(', ')}`
}

function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

const CALLERS: ReadonlyMap<string, Caller> = new Map([
  [TOKENS.admin.key, 'admin'],
  [TOKENS.customer.key, 'customer'],
])

/** Believes every signature of a token of the fixture, for tests of what comes behind it. */
export const believeTokens: Authenticate = async ({ authorization: [header] }) => {
  if (header === undefined) return 'guest'
  const caller = CALLERS.get(/oauth_token="([^"]*)"/.exec(header)?.[1] ?? '')
  if (!caller) throw new OAuthProblem(401, 'token_rejected')
  return caller
}
