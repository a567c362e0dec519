import { OPERATION_NAMES } from '../../src/api/operationTable'
import { everything } from '../support/allRows'
import { type HttpRequest, send } from '../support/http'
import { authorization, OAUTH_SEED } from '../support/oauth'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { ENDPOINT, envelope } from '../support/soap'
import { TYPED_ENDPOINT } from '../support/typedSoap'

const XML = { 'content-type': 'text/xml; charset=utf-8' }
const JSON_TYPE = { 'content-type': 'application/json' }
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** What an operation is given by somebody who has no session: an id that is none, and calls. */
const STRANGE_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  startSession: [],
  endSession: ['0'.repeat(32)],
  call: ['0'.repeat(32), 'product_media.list', ['Sku']],
  multiCall: ['0'.repeat(32), [['product_media.list', ['Sku']]]],
  resources: ['0'.repeat(32)],
  globalFaults: ['0'.repeat(32)],
  resourceFaults: ['0'.repeat(32), 'product_media'],
}

const strange = (name: string) => ({
  jsonrpc: '2.0',
  id: 1,
  method: name,
  params: STRANGE_VALUES[name],
})

/** A failed login is counted, up to a bound (test/contract/loginGuard.test.ts). */
const OPERATIONS = OPERATION_NAMES.filter((name) => name !== 'login')

const jsonRpc = (value: unknown): HttpRequest => ({
  method: 'POST',
  path: '/api/jsonrpc/',
  headers: JSON_TYPE,
  body: JSON.stringify(value),
})

const REQUESTS: readonly (readonly [string, HttpRequest])[] = [
  ...OPERATIONS.map((name) => [`${name} in JSON-RPC`, jsonRpc(strange(name))] as const),
  ['a batch of startSession', jsonRpc(Array.from({ length: 100 }, () => strange('startSession')))],
  [
    'startSession in SOAP v1',
    { method: 'POST', path: ENDPOINT, headers: XML, body: envelope('<m:startSession/>') },
  ],
  [
    'startSession in SOAP v2',
    { method: 'POST', path: TYPED_ENDPOINT, headers: XML, body: envelope('<m:startSession/>') },
  ],
  [
    'startSession in XML-RPC',
    {
      method: 'POST',
      path: '/api/xmlrpc/',
      headers: XML,
      body: '<methodCall><methodName>startSession</methodName></methodCall>',
    },
  ],
  ['REST as a guest', { path: '/api/rest/products/1/images' }],
  [
    'a change by REST as a guest',
    { method: 'POST', path: '/api/rest/products/1/images', headers: JSON_TYPE, body: '{}' },
  ],
  ['a request token that nobody signed', { method: 'POST', path: '/oauth/initiate' }],
  ['the exchange of a token that is none', { method: 'POST', path: '/oauth/token' }],
  [
    'the page that authorizes, of a token that is none',
    { path: `/oauth/authorize?oauth_token=${'0'.repeat(32)}` },
  ],
  ['an image that is not there', { path: '/media/catalog/product/n/o/none.gif' }],
  ['a variant that is not there', { path: '/media/catalog/product/cache/small/n/o/none.gif' }],
  ['the console', { path: '/console/' }],
  [
    'a sign-in without anything',
    { method: 'POST', path: '/_keepsake/session', headers: JSON_TYPE, body: '{}' },
  ],
  [
    'a decision on a token that is none',
    { method: 'POST', path: '/oauth/authorize', headers: FORM, body: 'a=b' },
  ],
]

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({
    seed: JSON.stringify({ ...JSON.parse(SMALL_SHOP), oauth: OAUTH_SEED }),
    environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_CONSOLE: 'true' },
  })
})

afterAll(() => server.stop())

describe('somebody without a login leaves no row by', () => {
  it.each(REQUESTS)('%s', async (_name, request) => {
    const before = await everything(server.storage.database)
    expect((await send(server.url, request)).status).toBeLessThan(500)
    expect(await everything(server.storage.database)).toEqual(before)
  })

  it('a signature that is not the right one', async () => {
    const path = '/api/rest/products/1/images'
    const before = await everything(server.storage.database)
    const headers = {
      authorization: authorization('GET', `${server.url}/another`, {
        who: 'admin',
        bad: null,
        isPlain: false,
      }),
    }
    expect((await send(server.url, { path, headers })).status).toBe(401)
    expect(await everything(server.storage.database)).toEqual(before)
  })
})
