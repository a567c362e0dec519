import { createHash } from 'node:crypto'
import { childElements, parseXml, type XmlElement } from '../../src/text/xml/tree'
import { documentText } from '../../src/wire/rpc/wsdlDocuments'
import { MAGENTO_1_9, wsdlContent } from '../../src/wire/soap/soapProfile'
import { send } from '../support/http'
import { startTestServer, type TestServer } from '../support/server'

const WSDLS = ['/api/soap/?wsdl', '/api/v2_soap/?wsdl&wsi=0', '/api/v2_soap/?wsdl&wsi=1'] as const
const SCHEMAS = ['/api/soap/?xsd=soap-encoding', '/api/v2_soap/?xsd=soap-encoding'] as const

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(() => server.stop())

const get = (document: string, headers: Record<string, string> = {}) =>
  send(server.url, { path: document, headers })

describe.each([...WSDLS, ...SCHEMAS])('%s', (document) => {
  it('is XML with every placeholder filled', async () => {
    const { status, headers, text } = await get(document)
    expect([status, headers['content-type']]).toEqual([200, 'text/xml; charset=utf-8'])
    expect(parseXml(text).root.name).toMatch(/^(?:definitions|schema)$/)
    expect(text).not.toContain('{{')
  })

  it('says the same each time, under the same ETag', async () => {
    const [first, second] = [await get(document), await get(document)]
    expect(second.body).toEqual(first.body)
    expect(second.headers.etag).toBe(first.headers.etag)
  })

  it('is not sent again to a client that has it', async () => {
    const { etag = '' } = (await get(document)).headers
    const again = await get(document, { 'if-none-match': etag })
    expect([again.status, again.headers.etag, again.body.length]).toEqual([304, etag, 0])
  })

  it('is sent whole to a client that has another', async () => {
    expect((await get(document, { 'if-none-match': '"another"' })).status).toBe(200)
  })

  it('loads with no network: what it imports is here, and imports nothing from elsewhere', async () => {
    await expectOwnImports(parseXml((await get(document)).text).root)
  })
})

it('has another ETag under another address, which the document names', async () => {
  const [here, there] = [await get(WSDLS[0]), await get(WSDLS[0], { host: 'shop.example' })]
  expect(there.headers.etag).not.toBe(here.headers.etag)
})

it('takes the name of a schema that is not served for nothing that is asked', async () => {
  expect((await get('/api/soap/?xsd=../v1.wsdl')).status).toBe(500)
  expect((await get('/api/soap/?wsdl&xsd=nosuch')).text).toBe((await get('/api/soap/?wsdl')).text)
})

/** A client keeps what it has made of a document; these change only with a line in the CHANGELOG. */
const FINGERPRINTS: Readonly<Record<string, string>> = {
  'v1.wsdl': 'cce54c05f783a4009b2739fc6fed24f43bff864f28fc7fda6ad61445c42a10bb',
  'v2.wsdl': '59872c2a5256a7db573093a8c8a75c2a523cd6e0aecc1afc313de598af75f047',
  'wsi.wsdl': '98cd38e2042c207c55d8b8a5af22afba9e438ab09f4f9e9e55d78728713e904e',
  'soap-encoding.xsd': '563a4ac49e09f30cabdd1879b4f8be214e777a9170df81bfaf571a6e3af0b4a9',
}

it.each(Object.entries(FINGERPRINTS))('wsdl/%s changes only with a line in the CHANGELOG', (file, sha256) => {
  const served = documentText(file, 'http://localhost/api/', wsdlContent(MAGENTO_1_9))
  expect(createHash('sha256').update(served).digest('hex')).toBe(sha256)
})

async function expectOwnImports(document: XmlElement): Promise<void> {
  for (const location of importsOf(document)) {
    expect(location.startsWith(`${server.url}/`)).toBe(true)
    const { status, text } = await get(location.slice(server.url.length))
    expect(status).toBe(200)
    await expectOwnImports(parseXml(text).root)
  }
}

/** An import of a schema without a location sends some clients to its namespace, so that it counts as one too. */
function importsOf(element: XmlElement): readonly string[] {
  const within = childElements(element).flatMap(importsOf)
  if (element.name !== 'import' && element.name !== 'include') return within
  const [location] = element.attributes.filter(({ name }) => name === 'schemaLocation' || name === 'location')
  return [location?.value ?? 'nowhere', ...within]
}
