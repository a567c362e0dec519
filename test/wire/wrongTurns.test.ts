import { type HttpAnswer, send } from '../support/http'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { faultOf, loginEnvelope } from '../support/soap'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ seed: SMALL_SHOP })
})

afterAll(() => server.stop())

const XML_RPC = '<methodCall><methodName>startSession</methodName></methodCall>'
const JSON_RPC = '{"jsonrpc":"2.0","id":1,"method":"startSession"}'
const SOAP_URLS = ['/api/soap/', '/api/v2_soap/', '/api/']

const post = (path: string, body: string | Buffer) =>
  send(server.url, { method: 'POST', path, headers: { 'content-type': 'text/xml' }, body })

describe('a call in another protocol than the URL’s is refused in its own, and told where it belongs', () => {
  it.each(SOAP_URLS)('XML-RPC at %s', async (path) => {
    const answer = await post(path, XML_RPC)
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('<name>faultCode</name><value><int>630</int>')
    expect(answer.text).toContain(`for XML-RPC, use ${server.url}/api/xmlrpc/`)
  })

  it.each([
    ['with a declaration', `<?xml version="1.0"?>\n${XML_RPC}`],
    ['with a byte order mark', `\ufeff${XML_RPC}`],
    ['behind a comment', `<!-- a > b -->${XML_RPC}`],
  ])('XML-RPC %s', async (_how, body) => {
    expect((await post('/api/soap/', body)).text).toContain('<methodResponse><fault>')
  })

  it.each(['/api/xmlrpc/', '/api/jsonrpc/'])('SOAP at %s', async (path) => {
    const answer = await post(path, loginEnvelope())
    expect(answer.status).toBe(500)
    expect(faultOf(answer)?.message).toContain(
      `for SOAP v1, use ${server.url}/api/soap/; for SOAP v2 and WS-I, use ${server.url}/api/v2_soap/`,
    )
  })

  it.each(['/api/soap/', '/api/v2_soap/', '/api/xmlrpc/'])('JSON-RPC at %s', async (path) => {
    const answer = await post(path, JSON_RPC)
    expect(JSON.parse(answer.text)).toMatchObject({
      error: { code: -32600, message: expect.stringContaining(`use ${server.url}/api/jsonrpc/`) },
    })
  })

  it('names the URL that the client can reach', async () => {
    const answer = await send(server.url, {
      method: 'POST',
      path: '/api/soap/',
      headers: { host: 'shop.example' },
      body: XML_RPC,
    })
    expect(answer.text).toContain('http://shop.example/api/xmlrpc/')
  })

  it('changes nothing: no session is opened', async () => {
    expect((await post('/api/soap/', XML_RPC)).text).not.toMatch(/[0-9a-f]{32}/)
  })
})

describe('a browser that opens an endpoint', () => {
  const open = (path: string, method = 'GET'): Promise<HttpAnswer> =>
    send(server.url, {
      method,
      path,
      headers: { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' },
    })

  it.each([...SOAP_URLS, '/api/xmlrpc/', '/api/jsonrpc/', '/index.php/api/soap/index/'])(
    'gets a page at %s that says where what is answered',
    async (path) => {
      const { status, headers, text } = await open(path)
      expect(status).toBe(200)
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(text).toContain(`${server.url}/api/soap/?wsdl`)
      for (const url of ['/api/v2_soap/', '/api/xmlrpc/', '/api/jsonrpc/'])
        expect(text).toContain(server.url + url)
    },
  )

  it('gets a page that may do nothing', async () => {
    const { headers } = await open('/api/soap/')
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/)
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  it('gets the WSDL where it asks for it', async () => {
    expect((await open('/api/soap/?wsdl')).headers['content-type']).toBe('text/xml; charset=utf-8')
  })

  it('does not get a page for a call', async () => {
    const answer = await send(server.url, {
      method: 'POST',
      path: '/api/soap/',
      headers: { accept: 'text/html', 'content-type': 'text/xml' },
      body: loginEnvelope(),
    })
    expect(answer.text).toContain('loginReturn')
  })

  it('does not see a host that it made up', async () => {
    const answer = await send(server.url, {
      path: '/api/soap/',
      headers: { accept: 'text/html', host: '"><script>' },
    })
    expect(answer.text).not.toContain('<script>')
  })
})
