import http from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { RuleDescription } from '../../src/double/rules/rule'
import { control, DOUBLE } from '../support/control'
import type { HttpAnswer } from '../support/http'
import { LISTINGS, type Listing, postJsonRpc } from '../support/listing'
import { OAUTH_SEED } from '../support/oauth'
import { GIF, restClient } from '../support/rest'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { API_USER, callEnvelope, ENDPOINT, element, login, postSoap, type SoapClient } from '../support/soap'
import { loginTyped } from '../support/typedSoap'

let server: TestServer
let client: SoapClient

beforeAll(async () => {
  const seed = { ...JSON.parse(SMALL_SHOP), oauth: OAUTH_SEED }
  seed.products.push({ id: 2, sku: '4711', attributeSet: 4, websites: [1] })
  server = await startTestServer({ seed: JSON.stringify(seed), environment: DOUBLE })
  client = await login(server.url)
})

afterEach(() => control(server.url, 'DELETE', '/rules'))
afterAll(() => server.stop())

type Given = Partial<RuleDescription>

const rule = (given: Given) => control(server.url, 'POST', '/rules', given) as Promise<{ id: string }>
const hits = async () =>
  ((await control(server.url, 'GET', '/rules')) as { hits: number }[]).map((each) => each.hits)
const list = (listing: Listing, product = '1') => listing.ask(server.url, client.session, product)
const codeOf = async (path: string, ...args: Parameters<SoapClient['fault']>[1][]) =>
  (await client.fault(path, ...args))?.code ?? null
const picture = (name: string) => ({ file: { name, mime: 'image/gif', content: GIF } })
const files = async () =>
  ((await client.call('product_media.list', 'Sku')) as { file: string }[]).map(({ file }) => file)

/** An answer less what differs from one request to the next. */
function steady({ status, headers, text }: HttpAnswer) {
  const { date: _date, 'x-request-id': _id, ...others } = headers
  return { status, headers: others, text }
}

describe.each(LISTINGS)('a rule about a call over $protocol', (listing) => {
  const { protocol, faultIn } = listing
  const isRest = protocol === 'rest'

  it('answers a fault with its standard text', async () => {
    await rule({ when: { method: 'list', product: 'Sku' }, answer: { fault: 107 } })
    expect(faultIn(await list(listing))).toBe(
      isRest
        ? '400 Requested product does not support images'
        : "107 Requested product doesn't support images",
    )
  })

  it('answers a fault with any text', async () => {
    await rule({ answer: { fault: 103, message: 'Größe & "mehr" <b>' } })
    expect(faultIn(await list(listing))).toBe(`${isRest ? 404 : 103} Größe & "mehr" <b>`)
  })

  it('cuts the connection', async () => {
    await rule({ answer: { broken: 'cut' } })
    await expect(list(listing)).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('answers the first half', async () => {
    const whole = await list(listing)
    await rule({ answer: { broken: 'truncated' } })
    const half = await list(listing)
    expect(half.status).toBe(200)
    expect(half.text).toBe(whole.text.slice(0, Math.floor(whole.text.length / 2)))
  })

  it('answers what is not well-formed', async () => {
    const whole = await list(listing)
    await rule({ answer: { broken: 'malformed' } })
    const { text } = await list(listing)
    expect(text).toContain('<&"')
    expect(text.replace('<&"', '')).toBe(whole.text)
  })

  it.each([
    [{ broken: 'html' } as const, 200, undefined],
    [{ http: 500 } as const, 500, undefined],
    [{ http: 503 } as const, 503, '1'],
  ])('answers a page for %p', async (answer, status, retryAfter) => {
    await rule({ answer })
    const { headers, text, ...sent } = await list(listing)
    expect(sent.status).toBe(status)
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8' })
    expect(headers['retry-after']).toBe(retryAfter)
    expect(text).toMatch(/^<html>/)
  })

  it('waits, and then answers as ever', async () => {
    const usual = await list(listing)
    await rule({ answer: { wait: 60 } })
    expect(steady(await list(listing))).toEqual(steady(usual))
    expect(await hits()).toEqual([1])
  })

  it('is for its own protocol alone', async () => {
    await rule({ when: { protocol }, answer: { fault: 106 } })
    const answered = await Promise.all(LISTINGS.map(async (each) => (await list(each)).text))
    const plain = answered.map((text) => !/106|Resource unknown error/.test(text))
    expect(plain).toEqual(LISTINGS.map((each) => each.protocol !== protocol))
  })
})

describe('a rule about', () => {
  it.each([
    ['soap', ['soap_v1', 'soap_v2', 'wsi']],
    [undefined, LISTINGS.map(({ protocol }) => protocol)],
  ] as const)('protocol %s is for %j', async (protocol, protocols) => {
    await rule({ when: { protocol }, answer: { fault: 106 } })
    for (const listing of LISTINGS) await list(listing)
    expect(await hits()).toEqual([protocols.length])
  })

  it.each(['list', 'product_media.list', 'product_attribute_media.list', 'catalogProductAttributeMediaList'])(
    'method %s is for that method in every protocol, and no other',
    async (method) => {
      await rule({ when: { method }, answer: { fault: 106 } })
      for (const listing of LISTINGS) await list(listing)
      expect(await codeOf('product_media.info', 'Sku', '/n/o/none.jpg')).toBe('103')
      expect(await hits()).toEqual([LISTINGS.length])
    },
  )

  it('product_images.list is for REST alone', async () => {
    await rule({ when: { method: 'product_images.list' }, answer: { fault: 106 } })
    for (const listing of LISTINGS) await list(listing)
    expect(await hits()).toEqual([1])
  })

  it.each([
    ['Sku', 'Sku', null, true],
    ['sku', 'SKU', null, true],
    ['Sku', '1', null, true],
    ['1', 'Sku', null, true],
    [1, 'Sku', null, true],
    [1, '01', null, true],
    ['Sku', 'Unknown', null, false],
    ['Unknown', 'unknown', null, true],
    ['4711', '4711', null, true],
    ['4711', '2', null, true],
    [2, '4711', 'sku', true],
    [1, '4711', 'sku', false],
  ])('product %p, asked for as %p of type %p: %p', async (product, asked, type, isFor) => {
    await rule({ when: { product }, answer: { fault: 106 } })
    expect((await codeOf('product_media.list', asked, null, type)) === '106').toBe(isFor)
  })

  it.each([
    ['german', 'german', true],
    ['german', 2, true],
    [2, 'german', true],
    ['admin', null, true],
    [0, null, true],
    [0, 'admin', true],
    ['default', 'german', false],
    ['german', null, false],
    ['nowhere', 'nowhere', true],
    ['nowhere', 'german', false],
  ])('store view %p, asked for as %p: %p', async (storeView, asked, isFor) => {
    await rule({ when: { storeView, method: 'list' }, answer: { fault: 106 } })
    expect((await codeOf('product_media.list', 'Sku', asked)) === '106').toBe(isFor)
  })

  it('a store view is for what follows on currentStore, too', async () => {
    await rule({ when: { storeView: 'german', method: 'remove' }, answer: { fault: 106, message: 'there' } })
    const calls = [
      ['product_media.remove', ['Sku', '/n/o/none.jpg']],
      ['product_media.currentStore', ['german']],
      ['product_media.remove', ['Sku', '/n/o/none.jpg']],
    ] as const
    const body = `<m:multiCall>${element('sessionId', client.session)}${element('calls', calls)}</m:multiCall>`
    const answer = await postBody(body)
    expect(answer.text.match(/Requested image not exists|>2<|there/g)).toEqual([
      'Requested image not exists',
      '>2<',
      'there',
    ])
  })

  it('a store view and a product is for REST’s paths', async () => {
    await rule({ when: { storeView: 'german', product: 'Sku' }, answer: { fault: 106 } })
    const rest = restClient(server.url, null)
    const statuses = ['/products/1/images', '/products/1/images/store/2', '/products/2/images/store/2'].map(
      async (path) => (await rest.send('GET', path)).status,
    )
    expect(await Promise.all(statuses)).toEqual([200, 400, 200])
  })

  it('a user is for that user, in any case', async () => {
    await rule({ when: { user: 'APIUSER', method: 'list' }, answer: { fault: 106 } })
    await rule({ when: { user: 'somebody', method: 'list' }, answer: { fault: 105 } })
    await rule({ when: { user: 'guest' }, answer: { fault: 101 } })
    expect(await codeOf('product_media.list', 'Sku')).toBe('106')
    expect((await restClient(server.url, null).send('GET', '/products/1/images')).status).toBe(404)
    expect((await restClient(server.url, 'admin').send('GET', '/products/1/images')).status).toBe(200)
  })

  it('an operation is for it in every protocol', async () => {
    await rule({
      when: { method: 'login', user: API_USER.username },
      answer: { fault: 2, message: 'Not today' },
    })
    await expect(login(server.url)).rejects.toThrow('fault 2: Not today')
    const params = [API_USER.username, API_USER.apiKey]
    const answer = await postJsonRpc(server.url, { jsonrpc: '2.0', id: 1, method: 'login', params })
    expect(JSON.parse(answer.text).error).toEqual({ code: 2, message: 'Not today' })
    await expect(loginTyped(server.url)).rejects.toThrow('fault 2: Not today')
  })

  it('nothing more is for methods, and not for operations', async () => {
    await rule({ answer: { fault: 5 } })
    await expect(login(server.url)).resolves.toBeDefined()
    expect(await codeOf('product_media.types', 4)).toBe('5')
  })
})

const postBody = (body: string) =>
  postSoap(server.url, callEnvelope('', '', '').replace(/<m:call>.*<\/m:call>/, body))

describe('in REST', () => {
  it.each([
    [0, '400 Resource unknown error.'],
    [1, '500 Resource internal error.'],
    [2, '403 Access denied'],
    [3, '404 Request does not match any route.'],
    [4, '405 Resource method not implemented yet.'],
    [5, '401 oauth_problem=token_rejected'],
    [6, '400 The request data is invalid.'],
    [100, '400 Requested store is invalid'],
    [101, '404 Resource not found.'],
    [102, '400 The request data is invalid.'],
    [103, '404 Product image not found'],
    [104, '400 Resource unknown error.'],
    [105, '400 Resource unknown error.'],
    [106, '400 Resource unknown error.'],
    [107, '400 Requested product does not support images'],
  ])('fault %i is its own error for that cause', async (fault, error) => {
    await rule({ answer: { fault } })
    const rest = LISTINGS.find(({ protocol }) => protocol === 'rest') as Listing
    const answer = await list(rest)
    expect(rest.faultIn(answer)).toBe(error)
    expect(answer.headers['www-authenticate']).toBe(fault === 5 ? 'OAuth' : undefined)
  })
})

describe('a change', () => {
  it.each([
    [{ fault: 104 }],
    [{ broken: 'cut' } as const],
    [{ broken: 'html' } as const],
    [{ http: 503 } as const],
  ])('is not made when its answer is %p, unless after', async (answer) => {
    const before = await files()
    const add = () => client.call('product_media.create', 'Sku', picture('changed')).catch(() => {})
    const { id } = await rule({ when: { method: 'create' }, answer })
    await add()
    expect(await files()).toEqual(before)
    await control(server.url, 'PUT', `/rules/${id}`, {
      when: { method: 'create' },
      answer: { ...answer, after: true },
    })
    await add()
    expect(await files()).toHaveLength(before.length + 1)
  })

  it.each(['truncated', 'malformed'] as const)('is made when its answer is %s', async (broken) => {
    const before = await files()
    await rule({ when: { method: 'create' }, answer: { broken } })
    await client.call('product_media.create', 'Sku', picture('spoilt')).catch(() => {})
    expect(await files()).toHaveLength(before.length + 1)
  })

  it('is not made once its client has hung up while it waited', async () => {
    const before = await files()
    await rule({ when: { method: 'create' }, answer: { wait: 600_000 } })
    await hangUpOnce(async () => (await hits())[0] === 1)
    await control(server.url, 'DELETE', '/rules')
    expect(await files()).toEqual(before)
  })

  it('stays when its client hangs up after it, while it waited', async () => {
    const before = await files()
    await rule({ when: { method: 'create' }, answer: { wait: 600_000, after: true } })
    await hangUpOnce(async () => (await files()).length > before.length)
    await control(server.url, 'DELETE', '/rules')
    expect(await files()).toHaveLength(before.length + 1)
  })
})

/** Adds an image, and hangs up once that is so. */
async function hangUpOnce(isSo: () => Promise<boolean>): Promise<void> {
  const data = element('args', ['Sku', picture('waited')])
  const { hostname, port } = new URL(server.url)
  const request = http.request({ hostname, port, method: 'POST', path: ENDPOINT })
  const gone = new Promise((resolve) => request.on('error', resolve))
  request.end(callEnvelope(client.session, 'product_media.create', data))
  while (!(await isSo())) await pause(10)
  request.destroy()
  await gone
}

describe('a server that stops', () => {
  let own: TestServer
  let caller: SoapClient

  beforeAll(async () => {
    own = await startTestServer({ seed: SMALL_SHOP, environment: DOUBLE })
    caller = await login(own.url)
  })

  it('lets nobody wait', async () => {
    const { id } = (await control(own.url, 'POST', '/rules', { answer: { wait: 600_000 } })) as { id: string }
    const cut = expect(caller.call('product_media.list', 'Sku')).rejects.toMatchObject({ code: 'ECONNRESET' })
    const isHit = async () => ((await control(own.url, 'GET', `/rules/${id}`)) as { hits: number }).hits > 0
    while (!(await isHit())) await pause(10)
    await own.stop()
    await cut
  }, 8_000)
})

describe('of several calls in one request', () => {
  const multiCall = (...products: readonly string[]) => {
    const calls = products.map((product) => ['product_media.list', [product]])
    return postBody(
      `<m:multiCall>${element('sessionId', client.session)}${element('calls', calls)}</m:multiCall>`,
    )
  }

  it('a multiCall has the fault of one in its place', async () => {
    await rule({ when: { product: '4711' }, answer: { fault: 107 } })
    const { text } = await multiCall('Sku', '2', 'Unknown')
    expect(text.match(/(?<=<value xsi:type="xsd:string">)10\d/g)).toEqual(['107', '101'])
  })

  it('a multiCall is spoilt as a whole', async () => {
    await rule({ when: { product: 2 }, answer: { broken: 'cut' } })
    await expect(multiCall('Sku', '2')).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('each of a JSON-RPC batch is one of its protocol', async () => {
    await rule({ when: { protocol: 'jsonrpc', nth: 2 }, answer: { fault: 105 } })
    const batch = [1, 2, 3].map((id) => ({
      jsonrpc: '2.0',
      id,
      method: 'call',
      params: [client.session, 'product_media.list', ['Sku']],
    }))
    const answers = JSON.parse((await postJsonRpc(server.url, batch)).text)
    expect(answers.map((each: { error?: { code: number } }) => each.error?.code ?? null)).toEqual([
      null,
      105,
      null,
    ])
  })
})
