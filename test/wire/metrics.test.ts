import { setTimeout as pause } from 'node:timers/promises'
import { serve } from '../../src/server/serve'
import { readSettings } from '../../src/settings/settings'
import { send } from '../support/http'
import { picture } from '../support/pictures'
import { SMALL_SHOP } from '../support/seed'
import { silent, startTestServer, type TestServer } from '../support/server'
import { callEnvelope, login, loginEnvelope, postSoap } from '../support/soap'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer({
    seed: SMALL_SHOP,
    environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_METRICS_PORT: '0' },
  })
})

afterAll(() => server.stop())

const scrape = async ({ metricsUrl } = server) => (await send(metricsUrl ?? '', { path: '/metrics' })).text

/** The metrics once they have this line: a request is counted when the connection has taken its answer. */
const metricsWith = (line: string) => metricsOnce((text) => text.includes(line))

async function metricsOnce(isSo: (metrics: string) => boolean, scraped = server): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const text = await scrape(scraped)
    if (isSo(text) || attempt > 200) return text
    await pause(5)
  }
}

/** How many requests the metrics have counted, of all protocols. */
function requestsIn(metrics: string): number {
  const counts = metrics.matchAll(/^keepsake_request_duration_seconds_count\{.*\} (\d+)$/gm)
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0)
}

const counted = (protocol: string, operation: string, fault: string | number) =>
  `keepsake_calls_total{protocol="${protocol}",operation="${operation}",fault="${fault}"} `

describe('calls are counted by protocol, operation and fault', () => {
  const LIST = 'catalog_product_attribute_media.list'

  it('of SOAP v1, those within a multiCall included', async () => {
    const client = await login(server.url)
    await client.call('product_media.list', 'Sku')
    await client.fault('product_media.list', 'nosuch')
    await postSoap(server.url, callEnvelope(client.session, 'product_media.nosuch', '<args/>'))
    for (const line of [
      counted('soap_v1', 'login', 'none'),
      counted('soap_v1', LIST, 'none'),
      counted('soap_v1', LIST, 101),
      counted('soap_v1', 'call', 3),
    ]) {
      expect(await metricsWith(line)).toContain(line)
    }
  })

  it('of JSON-RPC and XML-RPC, a batch as itself and each of its calls', async () => {
    const calls = [
      { jsonrpc: '2.0', id: 1, method: 'globalFaults', params: ['x'] },
      { jsonrpc: '2.0', id: 2, method: 'resources', params: ['x'] },
    ]
    await send(server.url, { method: 'POST', path: '/api/jsonrpc/', body: JSON.stringify(calls) })
    const xml =
      '<methodCall><methodName>resources</methodName><params><param><value>x</value></param></params></methodCall>'
    await send(server.url, { method: 'POST', path: '/api/xmlrpc/', body: xml })
    for (const line of [
      counted('jsonrpc', 'batch', 5),
      counted('jsonrpc', 'globalFaults', 'none'),
      counted('jsonrpc', 'resources', 5),
      counted('xmlrpc', 'resources', 5),
    ]) {
      expect(await metricsWith(line)).toContain(line)
    }
  })

  it('of SOAP v2 and WS-I apart, though they share a URL', async () => {
    const post = (body: string) =>
      send(server.url, {
        method: 'POST',
        path: '/api/v2_soap/',
        body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`,
      })
    await post('<resources><sessionId>x</sessionId></resources>')
    await post('<resourcesParam><sessionId>x</sessionId></resourcesParam>')
    for (const protocol of ['soap_v2', 'wsi']) {
      expect(await metricsWith(counted(protocol, 'resources', 5))).toContain(
        counted(protocol, 'resources', 5),
      )
    }
  })

  it('of REST, images and all else', async () => {
    await send(server.url, { path: '/api/rest/products/1/images', headers: { accept: 'application/json' } })
    await send(server.url, { path: '/media/catalog/product/n/o/none.jpg' })
    await send(server.url, { path: '/nosuch' })
    for (const line of [
      counted('rest', 'product_images.retrieve', 'none'),
      counted('media', 'none', 'none'),
      'keepsake_request_duration_seconds_count{protocol="other",operation="none",status="404"}',
    ]) {
      expect(await metricsWith(line)).toContain(line)
    }
  })
})

it('no text of a client becomes a label', async () => {
  const marker = 'labelOfAClient'
  const own = await startTestServer({
    seed: SMALL_SHOP,
    environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_METRICS_PORT: '0' },
  })
  try {
    const { session } = await login(own.url)
    await postSoap(own.url, loginEnvelope({ username: marker, apiKey: marker }))
    await postSoap(own.url, callEnvelope(session, `${marker}.${marker}`, '<args/>'))
    await send(own.url, {
      method: 'POST',
      path: '/api/jsonrpc/',
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: marker }),
    })
    await send(own.url, { method: marker.toUpperCase(), path: `/${marker}` })
    await send(own.url, { path: `/api/rest/${marker}` })
    // Without the one by an unknown method, which Node itself answers.
    const metrics = await metricsOnce((text) => requestsIn(text) === 5, own)
    expect(requestsIn(metrics)).toBe(5)
    expect(metrics.toLowerCase()).not.toContain(marker.toLowerCase())
  } finally {
    await own.stop()
  }
})

it('the database pool, the decoder, the image store and the event loop are measured', async () => {
  const client = await login(server.url)
  const content = (await picture('gif')).toString('base64')
  const file = await client.call('product_media.create', 'Sku', { file: { mime: 'image/gif', content } })
  await send(server.url, { path: `/media/catalog/product${String(file)}` })
  const text = await metricsWith('operation="open"')
  for (const line of [
    /^keepsake_database_pool_connections 1$/m,
    /^keepsake_database_pool_idle 1$/m,
    /^keepsake_database_pool_waiting 0$/m,
    /^keepsake_decode_duration_seconds_count 1$/m,
    /^keepsake_decode_running 0$/m,
    /^keepsake_decode_waiting 0$/m,
    /^keepsake_image_store_duration_seconds_count\{operation="write"\} 1$/m,
    /^keepsake_image_store_duration_seconds_count\{operation="open"\} 1$/m,
    /^nodejs_eventloop_lag_p99_seconds /m,
    /^process_resident_memory_bytes /m,
  ]) {
    expect(text).toMatch(line)
  }
})

it('bytes that no row points to are counted, once an hour', async () => {
  const own = await startTestServer({ environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_METRICS_PORT: '0' } })
  try {
    await own.storage.images.write('/l/o/lost~00112233aabbccdd.gif', Buffer.from('bytes'))
    const counted = await metricsOnce((text) => !/^keepsake_images_without_row_bytes Nan$/im.test(text), own)
    expect(counted).toMatch(/^keepsake_images_without_row_bytes 5$/m)
    expect(counted).toMatch(/^keepsake_images_without_row_files 1$/m)
    await own.storage.images.write('/l/o/lost~ffeeddccbbaa9988.gif', Buffer.from('bytes'))
    expect(await scrape(own)).toMatch(/^keepsake_images_without_row_files 1$/m)
  } finally {
    await own.stop()
  }
})

describe('the metrics', () => {
  it('are not on the port of the API', async () => {
    expect((await send(server.url, { path: '/metrics' })).status).toBe(404)
  })

  it('are alone on theirs, to be read and no more', async () => {
    const metricsUrl = server.metricsUrl ?? ''
    expect((await send(metricsUrl, { path: '/healthz' })).status).toBe(404)
    expect((await send(metricsUrl, { path: '/metrics', method: 'POST' })).status).toBe(405)
    const answer = await send(metricsUrl, { path: '/metrics' })
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  })

  it('are not there unless they are asked for', async () => {
    const unmeasured = await startTestServer()
    expect(unmeasured.metricsUrl).toBeNull()
    await unmeasured.stop()
  })

  it('end the start when their port is taken, and leave no port open', async () => {
    const port = new URL(server.metricsUrl ?? '').port
    const settings = readSettings({}, { KEEPSAKE_PORT: '0', KEEPSAKE_METRICS_PORT: port })
    await expect(serve(server.storage, settings, silent)).rejects.toThrow('EADDRINUSE')
  })
})
