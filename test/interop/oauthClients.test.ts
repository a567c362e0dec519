import { generateKeyPairSync } from 'node:crypto'
import { saveConsumer } from '../../src/store/access/oauthRows'
import { readFixture } from '../golden/player'
import { send } from '../support/http'
import { CONSUMER, type OAuthServer, serveOAuth } from '../support/oauth'
import { startTestServer, type TestServer } from '../support/server'
import { describeWithClients, run } from './support/oauthClients'

const RSA_CONSUMER = 'rsa'.padEnd(32, '0')
const CALLBACK = 'http://consumer.example/ready?step=2'

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
})

interface RequestToken {
  readonly oauth_token: string
  readonly oauth_token_secret: string
}

let application: TestServer
let server: OAuthServer

beforeAll(async () => {
  application = await startTestServer({ seed: readFixture() })
  const { database, secretBox } = application.storage
  const signsWith = { kind: 'rsa', publicKey } as const
  await saveConsumer(database, secretBox, { key: RSA_CONSUMER, name: 'RSA', signsWith, callbackUrl: null })
  server = await serveOAuth(application)
})

afterAll(async () => {
  await server.stop()
  await application.stop()
})

describeWithClients((client) => {
  const cases = client.methods.flatMap((method) => client.places.map((place) => [method, place] as const))

  test.each(cases)(
    'gets a token by the flow, and signs with it: %s, parameters in the %s',
    async (method, place) => {
      const isRsa = method === 'RSA-SHA1'
      const input = {
        url: server.url,
        method,
        place,
        consumerKey: isRsa ? RSA_CONSUMER : CONSUMER.key,
        consumerSecret: isRsa ? 'none' : CONSUMER.secret,
        rsaKey: isRsa ? privateKey : null,
      }
      const initiated = await run<RequestToken>(client, { ...input, step: 'initiate', callback: CALLBACK })
      const answer = await run<object>(client, {
        ...input,
        step: 'use',
        token: initiated.oauth_token,
        tokenSecret: initiated.oauth_token_secret,
        verifier: await verifierFor(initiated.oauth_token),
      })
      expect(answer).toEqual({
        oauth_token: expect.stringMatching(/^[0-9a-f]{32}$/),
        oauth_token_secret: expect.stringMatching(/^[0-9a-f]{32}$/),
        get: 'admin',
        post: 'admin',
        delete: 'admin',
        replayed: method === 'PLAINTEXT' ? 'admin' : 'oauth_problem=nonce_used',
      })
    },
  )
})

/**
 * What the consumer is told once an operator has authorized its token, as a script does it that fills in Magento's forms:
 * it signs in, keeps the cookie, and confirms.
 */
async function verifierFor(token: string): Promise<string> {
  const page = '/admin/oauth_authorize'
  const signedIn = await send(server.url, {
    method: 'POST',
    path: `${page}?oauth_token=${token}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ 'login[username]': 'apiUser', 'login[password]': 'apiKey123' }).toString(),
  })
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0]
  const { headers } = await send(server.url, {
    path: `${page}/confirm?oauth_token=${token}`,
    headers: { cookie },
  })
  return new URL(headers.location ?? '').searchParams.get('oauth_verifier') ?? ''
}
