import { FAULT_GUIDE } from '../../src/control/faultGuide'
import { control, DOUBLE } from '../support/control'
import { OAUTH_SEED } from '../support/oauth'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { API_USER } from '../support/soap'
import { describeWithCommand, run } from './support/command'
import { describeWithPhp, runPhp } from './support/php'
import { runPython } from './support/python'

const BREAKAGES = [
  { broken: 'cut' },
  { broken: 'truncated' },
  { broken: 'malformed' },
  { broken: 'html' },
  { http: 500 },
  { http: 503 },
] as const

let server: TestServer

beforeAll(async () => {
  const seed = { ...JSON.parse(SMALL_SHOP), oauth: OAUTH_SEED }
  server = await startTestServer({ seed: JSON.stringify(seed), environment: DOUBLE })
  for (const { code } of FAULT_GUIDE) {
    const answer = { fault: code, message: text(code) }
    await control(server.url, 'POST', '/rules', { when: { product: product(code) }, answer })
  }
  for (const answer of BREAKAGES)
    await control(server.url, 'POST', '/rules', { when: { product: name(answer) }, answer })
})

afterAll(() => server.stop())

const text = (code: number) => `By rule: größer als ${code} & <mehr>`
/** A product that nobody has, of which REST can ask too. */
const product = (code: number) => String(900_000 + code)
const name = (answer: (typeof BREAKAGES)[number]) => Object.values(answer).join()
const codes = FAULT_GUIDE.map(({ code }) => code)

type Call = readonly [operation: string, args: readonly unknown[]]

const listing = (product: string): Call => ['call', ['SESSION', 'product_media.list', [product]]]
const typedListing = (product: string): Call => [
  'catalogProductAttributeMediaList',
  ['SESSION', product, null, null],
]

describeWithPhp('PHP’s SoapClient, by a rule, is thrown', () => {
  const DIALECTS = [
    ['v1', '/api/soap/?wsdl', listing],
    ['v2', '/api/v2_soap/?wsdl&wsi=0', typedListing],
  ] as const

  it.each(DIALECTS)('each fault with its text, over %s', async (_dialect, wsdl, call) => {
    expect(await made(wsdl, codes.map(product).map(call))).toEqual(
      codes.map((code) => ({ faultcode: String(code), faultstring: text(code) })),
    )
  })

  it.each(DIALECTS)('what it says of answers that are none, over %s', async (_dialect, wsdl, call) => {
    expect(await made(wsdl, BREAKAGES.map(name).map(call))).toEqual([
      { faultcode: 'HTTP', faultstring: 'Error Fetching http headers' },
      { faultcode: 'Client', faultstring: 'looks like we got no XML document' },
      { faultcode: 'Client', faultstring: 'looks like we got no XML document' },
      { faultcode: 'Client', faultstring: 'looks like we got no XML document' },
      { faultcode: 'HTTP', faultstring: 'Internal Server Error' },
      { faultcode: 'HTTP', faultstring: 'Service Unavailable' },
    ])
  })

  const made = (wsdl: string, calls: readonly Call[]) =>
    runPhp('calls.php', { wsdl: server.url + wsdl, ...API_USER, calls })
})

describeWithCommand('python3', 'Python’s xmlrpc.client, by a rule, is thrown', () => {
  const made = (products: readonly string[]) =>
    runPython<readonly string[]>('faults.py', { url: `${server.url}/api/xmlrpc/`, ...API_USER, products })

  it('each fault with its text', async () => {
    expect(await made(codes.map(product))).toEqual(codes.map((code) => `Fault ${code} ${text(code)}`))
  })

  it('what it says of answers that are none', async () => {
    expect(await made(BREAKAGES.map(name))).toEqual([
      'RemoteDisconnected',
      'ExpatError',
      'ExpatError',
      'ExpatError',
      'ProtocolError 500',
      'ProtocolError 503',
    ])
  })
})

describeWithCommand('curl', 'curl, by a rule, is answered', () => {
  it('each fault as REST tells its cause, with its text', async () => {
    const urls = codes.map((code) => `${server.url}/api/rest/products/${product(code)}/images`)
    const answers = await run('curl', ['--silent', '--write-out', '\n', ...urls])
    const errors = FAULT_GUIDE.map(({ code, rest }) => ({
      messages: { error: [{ code: rest.status, message: text(code) }] },
    }))
    expect(
      answers
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(errors)
  })
})
