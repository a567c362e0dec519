import { HttpClient, type IExOptions, type IHeaders } from 'soap'
import { connect, type SoapClient } from '../../src/comparing/soapClient'
import { picture } from '../support/pictures'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { API_USER } from '../support/soap'

/** node-soap's own client, which remembers what it asked for. */
class NotingHttpClient extends HttpClient {
  readonly urls: string[] = []

  override request(
    url: string,
    data: unknown,
    callback: (error: unknown, response?: unknown, body?: unknown) => unknown,
    headers?: IHeaders,
    options?: IExOptions,
  ) {
    this.urls.push(url)
    return super.request(url, data, callback, headers, options)
  }
}

describe('node-soap', () => {
  let server: TestServer
  let http: NotingHttpClient
  let client: SoapClient

  beforeAll(async () => {
    server = await startTestServer({ seed: SMALL_SHOP })
    http = new NotingHttpClient()
    client = await connect(`${server.url}/api/soap/?wsdl`, { httpClient: http })
  })

  afterAll(() => server.stop())

  test('loads the WSDL and the schema that it imports, and nothing from elsewhere', () => {
    expect(http.urls).toEqual([`${server.url}/api/soap/?wsdl`, `${server.url}/api/soap/?xsd=soap-encoding`])
  })

  test('logs in, creates an image, and lists it', async () => {
    const session = await client.login(API_USER.username, API_USER.apiKey)
    const content = (await picture('jpeg')).toString('base64')
    const image = {
      file: { name: 'node', mime: 'image/jpeg', content },
      label: '<Größe> & "mehr"',
      exclude: 0,
    }
    expect(await client.call(session, 'product_media.create', ['Sku', image])).toBe('/n/o/node.jpg')
    expect(await client.call(session, 'product_media.list', 'Sku')).toEqual([
      {
        file: '/n/o/node.jpg',
        label: image.label,
        position: '1',
        exclude: '0',
        url: `${server.url}/media/catalog/product/n/o/node.jpg`,
        types: [],
      },
    ])
  })

  test('receives a fault with its code', async () => {
    const session = await client.login(API_USER.username, API_USER.apiKey)
    await expect(client.call(session, 'product_media.list', 'no such product')).rejects.toMatchObject({
      root: { Envelope: { Body: { Fault: { faultcode: '101', faultstring: 'Product not exists.' } } } },
    })
  })
})
