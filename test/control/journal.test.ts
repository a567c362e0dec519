import { control, DOUBLE } from '../support/control'
import { send } from '../support/http'
import { OAUTH_SEED } from '../support/oauth'
import { restClient } from '../support/rest'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { element, envelope, login, postSoap } from '../support/soap'
import { loginTyped, postTyped, V2, WSI } from '../support/typedSoap'

let server: TestServer

beforeAll(async () => {
  const seed = JSON.stringify({ ...JSON.parse(SMALL_SHOP), oauth: OAUTH_SEED })
  server = await startTestServer({ seed, environment: { ...DOUBLE, KEEPSAKE_JOURNAL_SIZE: '20' } })
})

beforeEach(() => control(server.url, 'DELETE', '/journal'))
afterAll(() => server.stop())

interface Entry {
  readonly id: number
  readonly protocol: string
  readonly method: string
  readonly status: number
  readonly arguments: Readonly<Record<string, unknown>>
}

async function journal(query = ''): Promise<readonly Entry[]> {
  return (await control(server.url, 'GET', `/journal${query}`)) as readonly Entry[]
}

function post(path: string, body: string) {
  return send(server.url, { method: 'POST', path, body, headers: { 'content-type': 'text/xml' } })
}

describe('a list of a product is journaled alike over', () => {
  const asked: Readonly<Record<string, () => Promise<unknown>>> = {
    soap_v1: async () => (await login(server.url)).call('product_media.list', 'Sku'),
    soap_v2: async () => {
      const session = await loginTyped(server.url)
      await postTyped(
        server.url,
        V2.request('List', `${V2.text('sessionId', session)}${V2.text('product', 'Sku')}`),
      )
    },
    wsi: async () => {
      const session = await loginTyped(server.url)
      await postTyped(
        server.url,
        WSI.request('List', `${WSI.text('sessionId', session)}${WSI.text('productId', 'Sku')}`),
      )
    },
    xmlrpc: async () => {
      const { session } = await login(server.url)
      const values = [session, 'product_media.list', 'Sku'].map((value, index) =>
        index < 2
          ? `<value>${value}</value>`
          : `<value><array><data><value>${value}</value></data></array></value>`,
      )
      const params = values.map((value) => `<param>${value}</param>`).join('')
      await post(
        '/api/xmlrpc/',
        `<methodCall><methodName>call</methodName><params>${params}</params></methodCall>`,
      )
    },
    jsonrpc: async () => {
      const { session } = await login(server.url)
      const params = [session, 'product_media.list', ['Sku']]
      await post('/api/jsonrpc/', JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'call', params }))
    },
  }

  test.each(Object.entries(asked))('%s', async (protocol, ask) => {
    await ask()
    expect(await journal('?method=product_media.list')).toEqual([
      expect.objectContaining({
        protocol,
        method: 'list',
        path: 'catalog_product_attribute_media.list',
        user: 'apiUser',
        session: 'session-1',
        arguments: expect.objectContaining({ product: 'Sku' }),
        fault: null,
      }),
    ])
  })

  it('rest, by its id', async () => {
    await restClient(server.url, 'admin').get('/products/1/images')
    expect(await journal()).toEqual([
      expect.objectContaining({
        protocol: 'rest',
        method: 'list',
        user: 'admin',
        arguments: { product: '1', store: 0 },
      }),
    ])
  })
})

describe('what REST answers is journaled as it is sent', () => {
  const admin = () => restClient(server.url, 'admin')
  const values = async () =>
    ((await journal()) as readonly (Entry & { calls: readonly { value: unknown }[] })[]).map(({ calls }) =>
      calls.map(({ value }) => value),
    )

  it('the list of a product without images is empty', async () => {
    expect(await admin().get('/products/1/images')).toEqual([])
    expect(await values()).toEqual([[[]]])
  })

  it('an image with its fields, and nothing where the answer has no body', async () => {
    const id = await admin().add('/products/1/images', { label: 'front' })
    const image = await admin().get(`/products/1/images/${id}`)
    expect(image).toMatchObject({ id, label: 'front' })
    const list = await admin().get('/products/1/images')
    await admin().send('DELETE', `/products/1/images/${id}`)
    expect(await values()).toEqual([[null], [image], [list], [null]])
  })
})

describe('resourceFaults is journaled with each argument under the name of what it is over', () => {
  // The WSDL's parts are named the other way round, and their values are taken by position.
  const asked: Readonly<Record<string, (session: string, resource: string) => Promise<unknown>>> = {
    'SOAP v1': (session, resource) =>
      postSoap(
        server.url,
        envelope(
          `<m:resourceFaults>${element('resourceName', session)}${element('sessionId', resource)}</m:resourceFaults>`,
        ),
      ),
    'SOAP v2': (session, resource) =>
      postTyped(
        server.url,
        `<m:resourceFaults>${V2.text('resourceName', session)}${V2.text('sessionId', resource)}</m:resourceFaults>`,
      ),
    'WS-I': (session, resource) =>
      postTyped(
        server.url,
        `<m:resourceFaultsParam>${WSI.text('resourceName', session)}${WSI.text('sessionId', resource)}</m:resourceFaultsParam>`,
      ),
    'XML-RPC': (session, resource) =>
      post(
        '/api/xmlrpc/',
        `<methodCall><methodName>resourceFaults</methodName><params><param><value>${session}</value></param><param><value>${resource}</value></param></params></methodCall>`,
      ),
    'JSON-RPC': (session, resource) =>
      post(
        '/api/jsonrpc/',
        JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'resourceFaults', params: [session, resource] }),
      ),
  }

  test.each(Object.entries(asked))('%s', async (_protocol, ask) => {
    const { session } = await login(server.url)
    await ask(session, 'product_media')
    expect(await journal('?limit=1')).toEqual([
      expect.objectContaining({
        method: 'resourceFaults',
        session: expect.stringMatching(/^session-\d+$/),
        arguments: { sessionId: expect.stringMatching(/^session-\d+$/), resourceName: 'product_media' },
        fault: null,
      }),
    ])
  })
})

it('what a double is asked beside the API is not in its journal, and what is asked in the wrong place is', async () => {
  await control(server.url, 'GET', '/clock')
  await send(server.url, { path: '/healthz' })
  await send(server.url, { path: '/api/soap/?wsdl' })
  await send(server.url, { path: '/wrong' })
  expect((await journal()).map(({ status }) => status)).toEqual([200, 404])
})

it('each call of a multiCall is told, and the first fault stands for the request', async () => {
  const { session } = await login(server.url)
  const calls = element('calls', [
    ['product_media.list', ['Sku']],
    ['product_media.nosuch', []],
    ['product_media.list', ['other']],
  ])
  await postSoap(server.url, envelope(`<m:multiCall>${element('sessionId', session)}${calls}</m:multiCall>`))
  const [entry] = await journal('?limit=1')
  expect(entry).toMatchObject({
    method: 'multiCall',
    fault: { code: 3 },
    calls: [{ fault: null }, { fault: { code: 3 } }, { fault: { code: 101 } }],
  })
})

it('the oldest entries go first, and one entry is had by its id', async () => {
  for (let asked = 0; asked < 25; asked++) await send(server.url, { path: `/wrong/${asked}` })
  const entries = await journal()
  expect(entries.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => index + 6))
  expect(await control(server.url, 'GET', '/journal/25')).toMatchObject({ request: { target: '/wrong/24' } })
  await expect(control(server.url, 'GET', '/journal/1')).rejects.toThrow('404')
})

describe('a test', () => {
  const match = { method: 'list', product: 'Sku' }

  it('waits for a call that is yet to come, and for one that came already', async () => {
    const waiting = control(server.url, 'POST', '/journal/await', { match })
    await (await login(server.url)).call('product_media.list', 'Sku')
    const found = { calls: [expect.objectContaining({ method: 'list' })] }
    expect(await waiting).toEqual(found)
    expect(await control(server.url, 'POST', '/journal/await', { match })).toEqual(found)
  })

  it('is told what came near when it waited in vain', async () => {
    await (await login(server.url)).fault('product_media.list', 'other')
    await expect(
      control(server.url, 'POST', '/journal/await', { match, timeoutSeconds: 0.05 }),
    ).rejects.toThrow(/^408 .*"why":\["product is \\"other\\", not Sku"\]/)
  })

  it('verifies how often something was called', async () => {
    const client = await login(server.url)
    await client.call('product_media.list', 'Sku')
    await client.call('product_media.list', 'Sku')
    const verify = (bounds: object) => control(server.url, 'POST', '/journal/verify', { match, ...bounds })
    expect(await verify({ exactly: 2 })).toMatchObject({ passed: true, calls: 2 })
    expect(await verify({ atMost: 1 })).toMatchObject({
      passed: false,
      message: '2 such calls, at most 1 wanted',
    })
    expect(
      await control(server.url, 'POST', '/journal/verify', { match: { ...match, fault: 101 } }),
    ).toMatchObject({
      passed: false,
      nearMisses: [{ why: ['it did not fail, not fault 101'] }, {}],
    })
  })

  it('hears of entries as they come', async () => {
    const stop = new AbortController()
    const stream = await fetch(`${server.url}/_keepsake/journal/stream`, { signal: stop.signal })
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
    await send(server.url, { path: '/wrong' })
    let heard = ''
    while (!heard.includes('event: entry')) heard += (await reader?.read())?.value ?? ''
    expect(heard).toMatch(/id: 1\nevent: entry\ndata: \{"id":1,.*"target":"\/wrong"/)
    stop.abort()
  })
})
