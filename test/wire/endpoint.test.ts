import { send } from '../support/http'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { envelope, faultOf, login, loginEnvelope, returned } from '../support/soap'

/** Every form of the v1 URL (magento.md §3). */
const ENDPOINTS = [
  '/api/soap/',
  '/api/soap',
  '/api/soap/index/',
  '/api/soap/index',
  '/api/',
  '/api',
  '/api/index/',
  '/api/index',
].flatMap((path) => [path, `/index.php${path}`])

let server: TestServer
let behindProxy: TestServer
let configured: TestServer

beforeAll(async () => {
  server = await startTestServer({ seed: SMALL_SHOP })
  behindProxy = await startTestServer({
    seed: SMALL_SHOP,
    environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_TRUSTED_PROXIES: 'loopback' },
  })
  configured = await startTestServer({
    seed: SMALL_SHOP,
    environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_BASE_URL: 'https://shop.example/old-shop/' },
  })
})

afterAll(async () => {
  for (const each of [server, behindProxy, configured]) await each.stop()
})

async function soapAddress(asked: TestServer, path: string, headers: Record<string, string> = {}) {
  const { text } = await send(asked.url, { path, headers })
  return /<soap:address location="([^"]*)"\/>/.exec(text)?.[1]
}

const post = (path: string, body: string) =>
  send(server.url, { method: 'POST', path, headers: { 'content-type': 'text/xml' }, body })

describe('the URL of SOAP v1', () => {
  it.each(ENDPOINTS)('%s takes calls', async (path) => {
    expect(returned(await post(path, loginEnvelope()))).toMatch(/^[0-9a-f]{32}$/)
  })

  it.each(ENDPOINTS)('%s?wsdl answers the WSDL with itself as the address', async (path) => {
    expect(await soapAddress(server, `${path}?wsdl`)).toBe(server.url + path)
  })

  it.each(ENDPOINTS)('%s?wsdl=1 answers the WSDL with itself as the address', async (path) => {
    expect(await soapAddress(server, `${path}?wsdl=1`)).toBe(server.url + path)
  })

  it.each(ENDPOINTS.map((path) => path.replace(/\/?$/, '/wsdl/1')))(
    '%s, with a slash or not, answers the WSDL with the endpoint as the address',
    async (path) => {
      const endpoint = server.url + path.replace('wsdl/1', '')
      expect(await soapAddress(server, path)).toBe(endpoint)
      expect(await soapAddress(server, `${path}/`)).toBe(endpoint)
    },
  )

  it('takes a call at an address that asks for the WSDL as well', async () => {
    expect(returned(await post('/api/soap/?wsdl=1', loginEnvelope()))).toMatch(/^[0-9a-f]{32}$/)
  })

  it.each(['PUT', 'PATCH', 'DELETE', 'GET'])('takes a call by %s', async (method) => {
    const answer = await send(server.url, {
      method,
      path: '/api/soap/',
      headers: { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(loginEnvelope()) },
      body: loginEnvelope(),
    })
    expect(returned(answer)).toMatch(/^[0-9a-f]{32}$/)
  })

  it('answers a GET that asks for nothing with a fault', async () => {
    const answer = await send(server.url, { path: '/api/soap/' })
    expect(answer.status).toBe(500)
    expect(faultOf(answer)).toEqual({ code: 'Sender', message: 'Invalid XML' })
  })

  it.each(['/', '/index.php', '/wsdl/1', '/nosuch'])('%s is not found, and says no more', async (path) => {
    const answer = await post(path, loginEnvelope())
    expect(answer.status).toBe(404)
    expect(answer.text).toBe('Not found\n')
  })

  it.each(['/api/soapy', '/api/soap/nosuch', '/api/soap/wsdl/2', '/API/../etc/passwd', '/x/../api/soap/'])(
    '%s is not found, and says where the API is',
    async (path) => {
      const answer = await post(path, loginEnvelope())
      expect(answer.status).toBe(404)
      expect(faultOf(answer)?.message).toContain(`${server.url}/api/v2_soap/ (SOAP v2 and WS-I)`)
      const xmlRpc = await post(path, '<methodCall><methodName>login</methodName></methodCall>')
      expect(xmlRpc.text).toContain('<name>faultCode</name><value><int>630</int></value>')
      expect(xmlRpc.text).toContain(`${server.url}/api/xmlrpc/`)
      const jsonRpc = await post(path, '{"jsonrpc":"2.0","id":1,"method":"login"}')
      expect(JSON.parse(jsonRpc.text).error.message).toContain(`${server.url}/api/jsonrpc/`)
      const plain = await send(server.url, { path })
      expect([plain.status, plain.text]).toEqual([404, expect.stringContaining(`${server.url}/api/rest/`)])
    },
  )

  it.each([
    ['/magento/index.php/api/soap/?wsdl', '/magento/index.php/api/soap/'],
    ['/index.php/default/api/v2_soap/?wsdl=1', '/index.php/default/api/v2_soap/'],
    ['//api/soap/?wsdl', '//api/soap/'],
    ['/api.php?type=v2_soap&wsdl=1', '/api.php?type=v2_soap'],
    ['/api.php?type=soap_wsi&wsdl', '/api.php?type=v2_soap'],
    ['/api/soap/?WSDL', '/api/soap/'],
    ['/api/soap/?a=1&wsdl', '/api/soap/?a=1'],
  ])('%s answers a WSDL whose address is the URL that was asked: %s', async (asked, address) => {
    expect(await soapAddress(server, asked)).toBe(server.url + address)
    expect(returned(await post(address, loginEnvelope()))).toMatch(/^[0-9a-f]{32}$/)
  })

  it('of a server with a base URL is served as its WSDL names it, with the path and without', async () => {
    const own = await startTestServer({
      environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_BASE_URL: 'http://shop.example/shop' },
    })
    for (const path of ['/api/soap/?wsdl', '/shop/api/soap/?wsdl'])
      expect(await soapAddress(own, path)).toBe('http://shop.example/shop/api/soap/')
    const answer = await send(own.url, { method: 'POST', path: '/shop/api/soap/', body: loginEnvelope() })
    expect(faultOf(answer)?.code).toBe('2')
    await own.stop()
  })

  it.each(['/_keepsake/state', '/console/', '/metrics', '/healthz', '/readyz'])(
    'is no way to %s below a folder',
    async (path) => {
      expect((await send(server.url, { path: `/x${path}` })).status).toBe(404)
    },
  )
})

describe('the WSDL', () => {
  it('is XML, also for HEAD', async () => {
    const get = await send(server.url, { path: '/api/soap/?wsdl' })
    const head = await send(server.url, { method: 'HEAD', path: '/api/soap/?wsdl' })
    for (const { status, headers } of [get, head]) {
      expect(status).toBe(200)
      expect(headers['content-type']).toBe('text/xml; charset=utf-8')
      expect(headers['content-length']).toBe(String(get.body.length))
    }
    expect(head.body).toHaveLength(0)
  })
})

describe('the public URL', () => {
  const imageUrl = async (asked: TestServer, headers: Record<string, string> = {}) => {
    const { session } = await login(asked.url)
    const list = envelope(
      `<m:multiCall><sessionId>${session}</sessionId><calls enc:arrayType="xsd:ur-type[2]" xsi:type="enc:Array">` +
        `<item enc:arrayType="xsd:ur-type[2]" xsi:type="enc:Array"><item>product_media.create</item>` +
        `<item enc:arrayType="xsd:ur-type[2]" xsi:type="enc:Array"><item>Sku</item>` +
        `<item><file><mime>image/gif</mime><content>${GIF}</content><name>url</name></file></item></item></item>` +
        `<item enc:arrayType="xsd:ur-type[2]" xsi:type="enc:Array"><item>product_media.list</item><item>Sku</item></item>` +
        `</calls></m:multiCall>`,
    )
    const answer = await send(asked.url, { method: 'POST', path: '/api/soap/', headers, body: list })
    return /<key xsi:type="xsd:string">url<\/key><value xsi:type="xsd:string">([^<]*)<\/value>/.exec(
      answer.text,
    )?.[1]
  }
  const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example' }

  it('is the one that was asked', async () => {
    expect(await soapAddress(server, '/api/soap/?wsdl', { host: 'shop.example:8080' })).toBe(
      'http://shop.example:8080/api/soap/',
    )
    expect(await imageUrl(server, { host: 'shop.example:8080' })).toBe(
      'http://shop.example:8080/media/catalog/product/u/r/url.gif',
    )
  })

  it('is the configured one, whatever was asked', async () => {
    const headers = { host: 'other.example', ...forwarded }
    expect(await soapAddress(configured, '/api/soap/?wsdl', headers)).toBe(
      'https://shop.example/old-shop/api/soap/',
    )
    expect(await imageUrl(configured, headers)).toBe(
      'https://shop.example/old-shop/media/catalog/product/u/r/url.gif',
    )
  })

  it('is what a trusted proxy forwards', async () => {
    expect(await soapAddress(behindProxy, '/api/soap/?wsdl', forwarded)).toBe(
      'https://shop.example/api/soap/',
    )
    expect(await imageUrl(behindProxy, forwarded)).toBe(
      'https://shop.example/media/catalog/product/u/r/url.gif',
    )
  })

  it('is the asked one behind a trusted proxy that forwards nothing', async () => {
    expect(await soapAddress(behindProxy, '/api/soap/?wsdl')).toBe(`${behindProxy.url}/api/soap/`)
  })

  describe('of several names in a header is the one of the outermost trusted proxy', () => {
    const names = {
      'x-forwarded-proto': 'http, https, http',
      'x-forwarded-host': 'claimed.example, shop.example, inner.example',
    }
    const address = (headers: Record<string, string>) => soapAddress(behindProxy, '/api/soap/?wsdl', headers)

    it.each([
      ['one proxy', {}, 'http://inner.example'],
      ['one proxy', { 'x-forwarded-for': '192.0.2.1' }, 'http://inner.example'],
      ['one proxy', { 'x-forwarded-for': '127.0.0.2, 192.0.2.1' }, 'http://inner.example'],
      ['two proxies', { 'x-forwarded-for': '192.0.2.1, 127.0.0.2' }, 'https://shop.example'],
      [
        'two proxies',
        { 'x-forwarded-for': '192.0.2.9, 192.0.2.1:4000, 127.0.0.2:80' },
        'https://shop.example',
      ],
      ['two proxies', { 'x-forwarded-for': '192.0.2.1, [::1]:80' }, 'https://shop.example'],
    ])('behind %s, by %j', async (_, headers, url) => {
      expect(await address({ ...names, ...headers })).toBe(`${url}/api/soap/`)
    })

    it('also where each replaces what came before', async () => {
      const headers = { ...forwarded, 'x-forwarded-for': '192.0.2.1, 127.0.0.2, 127.0.0.3' }
      expect(await address(headers)).toBe('https://shop.example/api/soap/')
    })

    it('and each header counts for itself', async () => {
      const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'claimed.example, shop.example' }
      expect(await address(headers)).toBe('https://shop.example/api/soap/')
    })
  })

  it('is never what an untrusted client claims to forward', async () => {
    expect(await soapAddress(server, '/api/soap/?wsdl', forwarded)).toBe(`${server.url}/api/soap/`)
    expect(await imageUrl(server, forwarded)).toMatch(server.url)
  })

  it.each(['javascript', 'ftp', 'https"><x', 'http://evil.example/?'])(
    'is http when a trusted proxy forwards the scheme %s',
    async (scheme) => {
      const address = await soapAddress(behindProxy, '/api/soap/?wsdl', { 'x-forwarded-proto': scheme })
      expect(address).toBe(`${behindProxy.url}/api/soap/`)
    },
  )

  const HOSTILE = [
    '"><script>alert(1)</script>',
    'evil.example/path?x=',
    'user@evil.example',
    'evil.example:port',
    "evil.example' onload='x",
    'a b',
    '{{address}}',
    '$&',
    '[::1',
    ',',
  ]

  it.each(HOSTILE)('does not repeat the host %s', async (host) => {
    expect(await soapAddress(server, '/api/soap/?wsdl', { host })).toBe('http://localhost/api/soap/')
  })

  it.each(HOSTILE.filter((host) => host !== ','))('does not repeat the forwarded host %s', async (host) => {
    expect(await soapAddress(behindProxy, '/api/soap/?wsdl', { 'x-forwarded-host': host })).toBe(
      'http://localhost/api/soap/',
    )
  })

  it('takes an address of IPv6 for a host', async () => {
    expect(await soapAddress(server, '/api/soap/?wsdl', { host: '[::1]:8080' })).toBe(
      'http://[::1]:8080/api/soap/',
    )
  })
})
