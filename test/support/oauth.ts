import { createHmac, randomBytes } from 'node:crypto'
import { type Response, Router } from 'express'
import { bodyReader } from '../../src/http/body'
import { Capacity } from '../../src/http/capacity'
import { httpApplication, listen, type ServerOptions } from '../../src/http/server'
import { authenticator } from '../../src/oauth/authenticate'
import { OAuthProblem, type Signatory } from '../../src/oauth/authentication'
import { accountsOf } from '../../src/server/accounts'
import { readSettings } from '../../src/settings/settings'
import { PostgresOAuth } from '../../src/store/access/oauth'
import { SealedSignIns } from '../../src/store/access/sealedSignIns'
import { canonicalTarget } from '../../src/wire/canonicalTarget'
import { LARGEST_OAUTH_BODY, oauthRoute } from '../../src/wire/oauth/route'
import { signedRequestOf } from '../../src/wire/oauth/signedRequest'
import { type HttpAnswer, type HttpRequest, send } from './http'
import { silent, type TestServer } from './server'

/** Credentials of test/golden/fixture.json: a consumer, and tokens of its. */
export const CONSUMER: Credentials = {
  key: 'ck0000000000000000000000000000ck',
  secret: 'cs0000000000000000000000000000cs',
}
export const ADMIN: Credentials = {
  key: 'at0000000000000000000000000000at',
  secret: 'as0000000000000000000000000000as',
}
export const CUSTOMER: Credentials = {
  key: 'ct0000000000000000000000000000ct',
  secret: 'cx0000000000000000000000000000cx',
}
export const REVOKED: Credentials = {
  key: 'rt0000000000000000000000000000rt',
  secret: 'rx0000000000000000000000000000rx',
}

export interface Credentials {
  readonly key: string
  readonly secret: string
}

export interface Signing {
  readonly method?: string
  /** The URL that is signed, which may be written otherwise than the one that is asked. */
  readonly url: string
  readonly consumer?: Credentials
  readonly token?: Credentials | null
  /** Protocol parameters to add, to change, or, being null, to leave out. */
  readonly change?: Readonly<Record<string, string | null>>
  /** The fields of a form that is sent along. */
  readonly form?: readonly (readonly [string, string])[]
}

/** Signs as an OAuth client would, by code that shares nothing with the server's; answers the protocol parameters. */
export function signed(signing: Signing): Readonly<Record<string, string>> {
  const { method = 'GET', url, consumer = CONSUMER, token = ADMIN, change = {}, form = [] } = signing
  const all: Readonly<Record<string, string | null>> = {
    oauth_consumer_key: consumer.key,
    ...(token && { oauth_token: token.key }),
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(Math.floor(Date.now() / 1000)),
    oauth_nonce: randomBytes(16).toString('hex'),
    oauth_version: '1.0',
    ...change,
  }
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null)
  const protocol = Object.fromEntries(given)
  if ('oauth_signature' in change) return protocol
  const key = `${encoded(consumer.secret)}&${encoded(token?.secret ?? '')}`
  if (protocol.oauth_signature_method === 'PLAINTEXT') return { ...protocol, oauth_signature: key }
  const address = new URL(url)
  const pairs = [...given, ...address.searchParams, ...form]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
  const base = [method, url.replace(/\?.*/, ''), pairs.join('&')].map(encoded).join('&')
  return { ...protocol, oauth_signature: createHmac('sha1', key).update(base).digest('base64') }
}

/** The seed's part for them. */
export const OAUTH_SEED = {
  consumers: [CONSUMER],
  tokens: [
    { consumer: CONSUMER.key, type: 'admin', token: ADMIN.key, secret: ADMIN.secret },
    { consumer: CONSUMER.key, type: 'customer', token: CUSTOMER.key, secret: CUSTOMER.secret },
    { consumer: CONSUMER.key, type: 'admin', token: REVOKED.key, secret: REVOKED.secret, revoked: true },
  ],
}

/** Who signs a recorded request, and what of the signature is to be wrong. */
export interface Signer {
  readonly who: 'admin' | 'customer' | 'revoked' | 'nobody'
  readonly bad: 'method' | 'version' | 'nonce' | 'signature' | null
  /** Whether to sign with the secrets alone, which covers no body. */
  readonly isPlain?: boolean
}

const PLAIN: NonNullable<Signing['change']> = { oauth_signature_method: 'PLAINTEXT' }

const TOKENS: Readonly<Record<Signer['who'], Credentials>> = {
  admin: ADMIN,
  customer: CUSTOMER,
  revoked: REVOKED,
  nobody: { key: 'nope', secret: 'nope' },
}

const WRONG: Readonly<Record<NonNullable<Signer['bad']>, Readonly<Record<string, string | null>>>> = {
  method: { oauth_signature_method: 'FOO' },
  version: { oauth_version: '2.0' },
  nonce: { oauth_nonce: null },
  signature: { oauth_signature: Buffer.alloc(20, 'x').toString('base64') },
}

/** The Authorization header of a request (RFC 5849, section 3); one whose body is a form must be signed plainly. */
export function authorization(method: string, url: string, { who, bad, isPlain }: Signer): string {
  const change = { ...(isPlain && PLAIN), ...(bad && WRONG[bad]) }
  return oauthHeader(signed({ method, url, token: TOKENS[who], change }))
}

/** The Authorization header of these parameters. */
export function oauthHeader(parameters: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(parameters).map(([name, value]) => `${encoded(name)}="${encoded(value)}"`)
  return `OAuth ${pairs.join(', ')}`
}

export function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

export interface OAuthServer {
  readonly url: string
  /** Sends a request to `/who`, which tells who signed it. */
  who(request: HttpRequest): Promise<HttpAnswer>
  stop(): Promise<void>
}

export interface OAuthServerOptions {
  readonly now?: () => Date
  readonly server?: Partial<ServerOptions>
}

const WINDOW_SECONDS = 600

/**
 * Serves the OAuth endpoints on the storage of a server, with a clock of the test's own, and `/who`: a resource that is
 * no more than its signature.
 */
export async function serveOAuth(
  { storage: { database, secretBox } }: TestServer,
  { now = () => new Date(), server = {} }: OAuthServerOptions = {},
): Promise<OAuthServer> {
  const clock = { now, timestampWindowSeconds: WINDOW_SECONDS }
  const options = {
    ...clock,
    store: new PostgresOAuth(database, secretBox, clock),
    takesOpenPlaintext: false,
    signIns: new SealedSignIns(secretBox),
  }
  const settings = readSettings({}, {})
  const capacity = new Capacity({ requests: 100, bodyBytes: 1024 * 1024, heapBytes: 256 * 1024 * 1024 })
  const readBody = bodyReader({ bytes: LARGEST_OAUTH_BODY, seconds: 60 }, capacity)
  const who = Router()
  who.all('/who', async (request, response) => {
    const caller = await readBody(request, response, (body) =>
      callerOr401(authenticator(options)(signedRequestOf(request, response, body)), response),
    )
    response.send(caller)
  })
  const application = httpApplication(
    [],
    [oauthRoute({ ...options, accounts: accountsOf(database, settings) }, readBody), who],
    { publicUrl: null, trustedProxies: [], canonicalTarget, shownPath: (path) => path, ...server },
    silent,
  )
  const running = await listen(application, 0, '127.0.0.1', { headers: 20, body: 60, keepAlive: 65 })
  const url = `http://127.0.0.1:${running.port}`
  return { url, who: (request) => send(url, { path: '/who', ...request }), stop: () => running.stop() }
}

async function callerOr401(signatory: Promise<Signatory>, response: Response): Promise<string> {
  try {
    return (await signatory).caller
  } catch (thrown) {
    if (!(thrown instanceof OAuthProblem)) throw thrown
    response.status(401)
    return thrown.message
  }
}
