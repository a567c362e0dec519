import { OAUTH_SEED } from '../support/oauth'
import { restClient } from '../support/rest'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { describeWithCommand, run } from './support/command'

describeWithCommand('curl', 'curl, as a guest', () => {
  let server: TestServer
  let gallery: string
  let image: string

  beforeAll(async () => {
    server = await startTestServer({
      seed: JSON.stringify({ ...JSON.parse(SMALL_SHOP), oauth: OAUTH_SEED }),
    })
    gallery = `${server.url}/api/rest/products/1/images`
    const admin = restClient(server.url, 'admin')
    image = await admin.add('/products/1/images', { label: 'Größe', file_name: 'seen', types: ['image'] })
    await admin.add('/products/1/images', { label: 'hidden', exclude: 1 })
    await admin.put(`/products/1/images/${image}/store/2`, { label: 'Deutsch' })
  })

  afterAll(() => server.stop())

  const curl = (...args: readonly string[]) =>
    run('curl', ['--silent', '--write-out', '\n%{http_code} %{content_type}', ...args])

  const shown = (label: string) => ({
    id: image,
    label,
    position: '1',
    url: `${server.url}/media/catalog/product/s/e/seen.gif`,
    types: ['image'],
  })

  it('lists a gallery in JSON, which it asks for without being told to', async () => {
    const [body = '', status] = (await curl(gallery)).split('\n')
    expect([JSON.parse(body), status]).toEqual([[shown('Größe')], '200 application/json; charset=utf-8'])
  })

  it('lists a gallery in XML', async () => {
    expect(await curl('--header', 'Accept: text/xml', gallery)).toBe(
      `<?xml version="1.0"?>
<magento_api>
  <data_item>
    <id>${image}</id>
    <label>Gr&#xF6;&#xDF;e</label>
    <position>1</position>
    <url>${server.url}/media/catalog/product/s/e/seen.gif</url>
    <types>
      <data_item>image</data_item>
    </types>
  </data_item>
</magento_api>

200 application/xml; charset=utf-8`,
    )
  })

  it('shows an image, in a store view too', async () => {
    const [own = ''] = (await curl(`${gallery}/${image}`)).split('\n')
    const [german = ''] = (await curl(`${gallery}/${image}/store/2`)).split('\n')
    expect([JSON.parse(own), JSON.parse(german)]).toEqual([shown('Größe'), shown('Deutsch')])
  })

  it('asks with HEAD', async () => {
    expect(await curl('--head', gallery)).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  })

  it.each([
    ['DELETE', 403, 'Access denied'],
    ['PUT', 403, 'Access denied'],
    ['PATCH', 400, 'Invalid request method'],
  ])('is answered an error in the envelope to %s', async (method, code, message) => {
    expect(await curl('--request', method, '--data', 'label=x', `${gallery}/${image}`)).toBe(
      `{"messages":{"error":[{"code":${code},"message":"${message}"}]}}\n${code} application/json; charset=utf-8`,
    )
  })

  it('uploads nothing', async () => {
    const answer = await curl('--form', 'file_content=x', gallery)
    expect(answer).toContain('403 application/json; charset=utf-8')
  })

  it('escapes no path that its user does not want it to', async () => {
    const answer = await curl('--path-as-is', `${gallery}/../../../soap/`)
    expect(answer).toContain('"code":404')
  })
})
