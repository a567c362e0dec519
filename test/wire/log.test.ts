import { MemoryImages } from '../../src/images/memoryImages'
import { serve } from '../../src/server/serve'
import { readSettings } from '../../src/settings/settings'
import { Database } from '../../src/store/database/database'
import { control, DOUBLE } from '../support/control'
import { sql } from '../support/databases'
import { type HttpAnswer, send } from '../support/http'
import { memoryLog } from '../support/memoryLog'
import { animatedGif, picture } from '../support/pictures'
import { secretBox } from '../support/secrets'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import {
  callEnvelope,
  ENDPOINT,
  element,
  envelope,
  faultOf,
  login,
  loginEnvelope,
  postSoap,
} from '../support/soap'

const INTERNAL = { code: '1', message: 'Internal Error. Please see log for details.' }

const logged = memoryLog()
let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ seed: SMALL_SHOP, log: logged.log })
})

afterAll(() => server.stop())

const idOf = ({ headers }: HttpAnswer) => String(headers['x-request-id'])

const linesOf = (answer: HttpAnswer) => logged.ofRequest(idOf(answer))

describe('the log of a request', () => {
  it('is one line, with its id, operation, user and time', async () => {
    const { session } = await login(server.url)
    const answer = await postSoap(server.url, callEnvelope(session, 'product_media.list', '<args>Sku</args>'))
    expect(await linesOf(answer)).toEqual([
      expect.objectContaining({
        level: 30,
        requestId: idOf(answer),
        method: 'POST',
        path: ENDPOINT,
        status: 200,
        operation: 'catalog_product_attribute_media.list',
        user: 'apiUser',
        ms: expect.any(Number),
      }),
    ])
  })

  it('tells the product of a call, and the text of a fault', async () => {
    const { session } = await login(server.url)
    const answer = await postSoap(
      server.url,
      callEnvelope(session, 'product_media.list', '<args>Nosuch</args>'),
    )
    expect(await linesOf(answer)).toEqual([
      expect.objectContaining({
        operation: 'catalog_product_attribute_media.list',
        product: 'Nosuch',
        fault: 101,
        reason: 'Product not exists.',
      }),
    ])
  })

  it('tells the path of a call and the name of a procedure that do not exist', async () => {
    const { session } = await login(server.url)
    const call = await postSoap(server.url, callEnvelope(session, 'product.info', '<args>Sku</args>'))
    expect(await linesOf(call)).toEqual([expect.objectContaining({ fault: 3, call: 'product.info' })])
    const body = envelope('<m:catalogProductInfo><sessionId>x</sessionId></m:catalogProductInfo>')
    const procedure = await send(server.url, { method: 'POST', path: '/api/v2_soap/', body })
    expect(await linesOf(procedure)).toEqual([
      expect.objectContaining({ reason: "Procedure 'catalogProductInfo' not present" }),
    ])
  })

  it('names no fault when there was none', async () => {
    const [line] = await linesOf(await postSoap(server.url, loginEnvelope()))
    expect(line).toMatchObject({ operation: 'login' })
    expect(line).not.toHaveProperty('fault')
    expect(line).not.toHaveProperty('aborted')
  })

  it.each([
    [
      'the API',
      loginEnvelope({ username: 'apiUser', apiKey: 'wrong' }),
      { status: 200, operation: 'login', fault: 2 },
    ],
    ['SOAP', envelope('<m:nosuch/>'), { status: 500, fault: 'SOAP-ENV:Server' }],
    ['XML', 'hello', { status: 500, fault: 'Sender' }],
  ])('names a fault of %s', async (_name, body, expected) => {
    const lines = await linesOf(await postSoap(server.url, body))
    expect(lines).toEqual([expect.objectContaining(expected)])
  })

  it('tells why an image was refused, which the client is not told', async () => {
    const { session } = await login(server.url)
    const content = animatedGif(10_001).toString('base64')
    const file = `${element('mime', 'image/gif')}${element('content', content)}`
    const args = `<args xsi:type="enc:Array"><item>Sku</item><item><file>${file}</file></item></args>`
    const answer = await postSoap(server.url, callEnvelope(session, 'product_media.create', args))
    expect(faultOf(answer)).toEqual({ code: '104', message: 'Invalid image.' })
    expect(await linesOf(answer)).toEqual([
      expect.objectContaining({ level: 30, fault: 104, image: 'it has over 10000 frames' }),
    ])
  })

  it('names a body that could not be read', async () => {
    const answer = await postSoap(server.url, loginEnvelope(), { 'content-encoding': 'rot13' })
    expect(await linesOf(answer)).toEqual([
      expect.objectContaining({ path: ENDPOINT, status: 500, fault: 'Sender' }),
    ])
  })

  it.each([
    ['GET', '/media/catalog/product/n/o/none.jpg', 404],
    ['POST', '/media/catalog/product/n/o/none.jpg', 405],
    ['GET', '/nosuch', 404],
    ['GET', '/healthz', 200],
    ['GET', '/api/soap/?wsdl', 200],
  ])('of %s %s has the path as it was asked, without its query', async (method, path, status) => {
    const lines = await linesOf(await send(server.url, { method, path }))
    expect(lines).toEqual([expect.objectContaining({ method, path: path.split('?')[0], status })])
  })

  it('of a served image has the path as it was asked', async () => {
    const { call } = await login(server.url)
    const content = (await picture('gif')).toString('base64')
    const file = await call('product_media.create', 'Sku', {
      file: { mime: 'image/gif', content, name: 'logged' },
    })
    const path = `/media/catalog/product${String(file)}`
    for (const request of [{ path }, { path, method: 'HEAD' }, { path, headers: { 'if-none-match': '*' } }]) {
      expect(await linesOf(await send(server.url, request))).toEqual([expect.objectContaining({ path })])
    }
  })

  it('has the id that the client gave, which the answer repeats', async () => {
    const answer = await postSoap(server.url, loginEnvelope(), { 'x-request-id': 'trace-42:a.b' })
    expect(answer.headers['x-request-id']).toBe('trace-42:a.b')
    expect(await linesOf(answer)).toHaveLength(1)
  })

  it.each(['two words', '<script>', '"},{"', 'x'.repeat(129), ''])(
    'has an id of its own for one that is no id (%s)',
    async (given) => {
      const answer = await postSoap(server.url, loginEnvelope(), { 'x-request-id': given })
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    },
  )
})

it('the log never tells a key, a session id or an image', async () => {
  const image = await picture('jpeg', 77)
  const content = image.toString('base64')
  const client = await login(server.url)
  const file = await client.call('product_media.create', 'Sku', {
    file: { mime: 'image/jpeg', content, name: 'secret' },
  })
  await client.call('product_media.update', 'Sku', file, { file: { mime: 'image/jpeg', content } })
  await client.fault('product_media.create', 'Sku', { file: { mime: 'image/webp', content } })
  await client.fault('product_media.create', 'Sku', { file: { mime: 'image/gif', content: `${content}*` } })
  await client.fault('product_media.nosuch', 'Sku')
  await client.fault(client.session)
  const bodies = [
    loginEnvelope({ username: 'apiUser', apiKey: 'wrongKey987' }),
    loginEnvelope({ username: 'nobody', apiKey: 'wrongKey987' }),
    callEnvelope(client.session, 'product_media.list', '<args xsi:type="xsd:int">x</args>'),
    callEnvelope(client.session, 'product_media.list', '<args>'),
    envelope(
      `<m:multiCall>${element('sessionId', client.session)}<calls><item>nosuch</item></calls></m:multiCall>`,
    ),
    envelope(
      `<m:resourceFaults>${element('resourceName', client.session)}${element('sessionId', 'nosuch')}</m:resourceFaults>`,
    ),
  ]
  for (const body of bodies) await linesOf(await postSoap(server.url, body))
  await linesOf(await send(server.url, { path: `/api/soap/?sessionId=${client.session}` }))
  await linesOf(
    await postSoap(
      server.url,
      envelope(`<m:endSession>${element('sessionId', client.session)}</m:endSession>`),
    ),
  )

  for (const secret of [
    'apiKey123',
    'wrongKey987',
    client.session,
    content.slice(0, 40),
    content.slice(100, 140),
  ]) {
    expect(logged.text()).not.toContain(secret)
  }
  expect(logged.text()).not.toContain(JSON.stringify(image.toString('latin1')).slice(10, 40))
})

it('the log never tells a token that a path names, whatever becomes of the request', async () => {
  const ownLog = memoryLog()
  const double = await startTestServer({ seed: SMALL_SHOP, environment: DOUBLE, log: ownLog.log })
  try {
    const { key } = (await control(double.url, 'POST', '/consumers', { name: 'Importer' })) as { key: string }
    const issued = await control(double.url, 'POST', `/consumers/${key}/tokens`, { type: 'admin' })
    const { token } = issued as { token: string }
    const elsewhere = { host: 'shop.example' }
    const requests = [
      { method: 'DELETE', path: `/_keepsake/tokens/${token}` },
      { method: 'DELETE', path: `/_keepsake/tokens/${token}/` },
      { method: 'DELETE', path: `http://127.0.0.1/_KEEPSAKE/Tokens/${token}?why=lost` },
      { method: 'DELETE', path: `/shop/_keepsake//tokens/a/${token}` },
      { method: 'DELETE', path: `/_keepsake/tokens/${token}`, headers: elsewhere },
      { path: `/_keepsake/tokens/${token}` },
    ]
    for (const request of requests) {
      const answer = await send(double.url, request)
      const [line] = await ownLog.ofRequest(idOf(answer))
      expect(line).toMatchObject({ status: answer.status, path: expect.stringMatching(/tokens\/…$/i) })
    }
    expect(ownLog.text()).not.toContain(token)
  } finally {
    await double.stop()
  }
})

describe('a failure of the database', () => {
  it('in a call is fault 1, logged with its cause, and tells nothing', async () => {
    const broken = await startTestServer({ seed: SMALL_SHOP, log: logged.log })
    try {
      const { session } = await login(broken.url)
      await broken.storage.database.query(sql('DROP TABLE catalog_product_entity CASCADE'))
      const answer = await postSoap(
        broken.url,
        callEnvelope(session, 'product_media.list', '<args>Sku</args>'),
      )
      expect(answer.status).toBe(200)
      expect(faultOf(answer)).toEqual(INTERNAL)
      expect(answer.text).not.toMatch(/catalog_product_entity|relation|SELECT|\bat /)
      expect(await linesOf(answer)).toEqual([
        expect.objectContaining({
          level: 50,
          operation: 'catalog_product_attribute_media.list',
          err: expect.objectContaining({
            message: 'relation "catalog_product_entity" does not exist',
            stack: expect.any(String),
          }),
        }),
        expect.objectContaining({ level: 30, status: 200, fault: 1, ms: expect.any(Number) }),
      ])
      expect(logged.text()).not.toContain(session)
    } finally {
      await broken.stop()
    }
  })

  it('in one call of a multiCall leaves the others alone', async () => {
    const broken = await startTestServer({ seed: SMALL_SHOP, log: logged.log })
    try {
      const { session } = await login(broken.url)
      await broken.storage.database.query(sql('DROP TABLE catalog_product_entity CASCADE'))
      const calls = element('calls', [
        ['product_media.list', 'Sku'],
        ['product_media.types', 4],
      ])
      const answer = await postSoap(
        broken.url,
        envelope(`<m:multiCall>${element('sessionId', session)}${calls}</m:multiCall>`),
      )
      expect(faultOf(answer)).toBeNull()
      expect(answer.text).toContain(INTERNAL.message)
      expect(answer.text).toContain('small_image')
    } finally {
      await broken.stop()
    }
  })

  it('that is away is fault 1, and 503 where readiness is asked', async () => {
    const away = await serveWithoutDatabase()
    try {
      const answer = await postSoap(away.url, loginEnvelope())
      expect(answer.status).toBe(200)
      expect(faultOf(answer)).toEqual(INTERNAL)
      expect(answer.text).not.toMatch(/nowhere|ENOENT|connect/)
      const [failure] = await linesOf(answer)
      expect(failure).toMatchObject({ level: 20, operation: 'login', err: { code: 'ENOENT' } })
      expect(logged.text()).not.toContain('apiKey123')

      const image = await send(away.url, { path: '/media/catalog/product/a/b/ab.gif' })
      expect({ status: image.status, text: image.text }).toEqual({ status: 500, text: 'Internal error\n' })

      const health = await send(away.url, { path: '/healthz' })
      expect({ status: health.status, body: JSON.parse(health.text) }).toEqual({
        status: 200,
        body: { status: 'ok' },
      })
      const readiness = await send(away.url, { path: '/readyz' })
      expect({ status: readiness.status, body: JSON.parse(readiness.text) }).toEqual({
        status: 503,
        body: { status: 'failed', database: 'failed', images: 'ok' },
      })
      // One line for all that fails with it.
      expect(
        logged.lines().filter(({ level, err }) => level === 50 && JSON.stringify(err).includes('nowhere')),
      ).toEqual([
        expect.objectContaining({ outage: 'database', err: expect.objectContaining({ code: 'ENOENT' }) }),
      ])
    } finally {
      await away.stop()
    }
  })
})

it('a server is ready when its database and its images are', async () => {
  const readiness = await send(server.url, { path: '/readyz' })
  expect({ status: readiness.status, body: JSON.parse(readiness.text) }).toEqual({
    status: 200,
    body: { status: 'ok', database: 'ok', images: 'ok' },
  })
})

/** The whole application on a database that nobody serves. */
async function serveWithoutDatabase() {
  const connection = { host: '/nowhere', port: 5432 }
  const database = new Database({ connection, poolSize: 1, sharedSession: true }, logged.log)
  const settings = readSettings({}, { KEEPSAKE_PORT: '0', KEEPSAKE_MEMORY: 'true' })
  const close = () => database.close()
  const running = await serve(
    { database, connection, images: new MemoryImages(), secretBox, close },
    settings,
    logged.log,
  )
  return {
    url: `http://127.0.0.1:${running.port}`,
    async stop() {
      await running.stop()
      await close()
    },
  }
}
