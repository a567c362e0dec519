import { auditEntries, type StoredAuditEntry } from '../../src/store/galleries/auditRows'
import { sql } from '../support/databases'
import { send } from '../support/http'
import { ADMIN, CONSUMER, OAUTH_SEED } from '../support/oauth'
import { GIF, restClient } from '../support/rest'
import { shopOf } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { login, type Plain, type SoapClient } from '../support/soap'
import { postTyped, type TypedDialect, typedAnswer, V2, WSI } from '../support/typedSoap'

const READER = {
  roles: [
    { name: 'all', resources: ['all'] },
    { name: 'reader', resources: ['catalog', 'catalog/product/media'] },
  ],
  users: [
    { username: 'apiUser', apiKey: 'apiKey123', role: 'all' },
    { username: 'Reader', apiKey: 'readerKey', role: 'reader' },
  ],
}
const FILE = { mime: 'image/gif', content: GIF, name: 'seen' }
const ANY = { sku: null, author: null, since: null, until: null }

let server: TestServer
let soap: SoapClient

beforeAll(async () => {
  server = await startTestServer({
    seed: shopOf(3, { ...READER, oauth: OAUTH_SEED }),
    environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_TRUSTED_PROXIES: 'loopback' },
  })
  soap = await login(server.url)
})

afterAll(() => server.stop())

beforeEach(async () => {
  await server.storage.database.query(sql('TRUNCATE media_audit'))
})

/** The oldest first. */
async function entries(): Promise<readonly StoredAuditEntry[]> {
  const all: StoredAuditEntry[] = []
  for await (const page of auditEntries(server.storage.database, ANY)) all.push(...page)
  return all.reverse()
}

const BY_RPC = { user: 'apiUser', consumer: null, token: null, clientAddress: '127.0.0.1', sku: 'p1' }

/** Three changes that each protocol makes in its own words, and what must be recorded of them. */
const created = { action: 'create', label: 'One', types: [], storeCode: 'admin' }
const updated = { action: 'update', label: 'Zwei', types: null, storeCode: 'german' }
const removed = { action: 'remove', label: null, types: null, storeCode: 'admin' }
const CHANGES = [created, updated, removed]

const recorded = (protocol: string) => CHANGES.map((change) => ({ ...BY_RPC, protocol, ...change }))

describe('a change is recorded with its author', () => {
  test('when it came by SOAP v1', async () => {
    const file = await soap.call('product_media.create', 'p1', { file: FILE, label: 'One' })
    await soap.call('product_media.update', 'p1', file, { label: 'Zwei' }, 'german')
    await soap.call('product_media.remove', 'p1', file)
    expect(await entries()).toMatchObject(recorded('soap_v1').map((entry) => ({ ...entry, path: file })))
  })

  test.each<[string, TypedDialect]>([
    ['soap_v2', V2],
    ['wsi', WSI],
  ])('when it came by %s', async (protocol, { request, text, product, store }) => {
    const call = async (method: string, ...parts: readonly string[]) =>
      typedAnswer(
        await postTyped(
          server.url,
          request(method, [text('sessionId', soap.session), text(product, 'p1'), ...parts].join('')),
        ),
      )
    const image = Object.entries(FILE).map(([name, value]) => text(name, value))
    const data = `<data><file>${image.join('')}</file>${text('label', 'One')}</data>`
    const file = String(await call('Create', data))
    await call('Update', text('file', file), `<data>${text('label', 'Zwei')}</data>`, text(store, 'german'))
    await call('Remove', text('file', file))
    expect(await entries()).toMatchObject(recorded(protocol))
  })

  test('when it came by XML-RPC', async () => {
    const field = (name: string, value: string) =>
      `<member><name>${name}</name><value>${value}</value></member>`
    const array = (...values: readonly string[]) =>
      `<array><data>${values.map((value) => `<value>${value}</value>`).join('')}</data></array>`
    const call = async (path: string, ...args: readonly string[]) => {
      const params = [soap.session, `product_media.${path}`, array('p1', ...args)]
      const xml = params.map((value) => `<param><value>${value}</value></param>`).join('')
      const body = `<methodCall><methodName>call</methodName><params>${xml}</params></methodCall>`
      return (await send(server.url, { method: 'POST', path: '/api/xmlrpc/', body })).text
    }
    const image = Object.entries(FILE).map(([name, value]) => field(name, value))
    const data = [field('file', `<struct>${image.join('')}</struct>`), field('label', 'One')]
    const [, file = ''] =
      /<string>(.*)<\/string>/.exec(await call('create', `<struct>${data.join('')}</struct>`)) ?? []
    await call('update', file, `<struct>${field('label', 'Zwei')}</struct>`, 'german')
    await call('remove', file)
    expect(await entries()).toMatchObject(recorded('xmlrpc'))
  })

  const postJson = async (body: Plain) =>
    JSON.parse(
      (await send(server.url, { method: 'POST', path: '/api/jsonrpc/', body: JSON.stringify(body) })).text,
    )
  const jsonCall = (path: string, ...args: readonly Plain[]) => ({
    jsonrpc: '2.0',
    id: 1,
    method: 'call',
    params: [soap.session, `product_media.${path}`, ['p1', ...args]],
  })

  test('when it came by JSON-RPC, alone or in a batch', async () => {
    const data = { file: FILE, label: 'One' }
    const { result } = await postJson(jsonCall('create', data))
    await postJson([jsonCall('update', result, { label: 'Zwei' }, 'german'), jsonCall('remove', result)])
    expect(await entries()).toMatchObject(recorded('jsonrpc'))
  })

  test('when a multiCall carried it', async () => {
    const data = { file: FILE, label: 'One' }
    const calls = [
      ['product_media.create', ['p1', data]],
      ['product_media.create', ['nosuch', data]],
      ['product_media.create', ['p2', data]],
    ]
    const request = { jsonrpc: '2.0', id: 1, method: 'multiCall', params: [soap.session, calls] }
    expect((await postJson(request)).result).toHaveLength(3)
    expect(await entries()).toMatchObject([
      { user: 'apiUser', sku: 'p1' },
      { user: 'apiUser', sku: 'p2' },
    ])
  })

  test('when it came by REST, with consumer and token, and the operator who authorized it', async () => {
    const rest = restClient(server.url, 'admin')
    const images = '/products/1/images'
    const id = await rest.add(images, { file_name: 'seen', label: 'One' })
    await rest.put(`${images}/${id}/store/2`, { label: 'Zwei' })
    await server.storage.database.query(
      sql(
        "UPDATE oauth_token SET user_id = (SELECT user_id FROM api_user WHERE username = 'apiUser') WHERE token = $1",
      ),
      [ADMIN.key],
    )
    await rest.send('DELETE', `${images}/${id}`)
    await server.storage.database.query(sql('UPDATE oauth_token SET user_id = NULL'))

    const signed = {
      ...BY_RPC,
      protocol: 'rest',
      consumer: CONSUMER.key,
      token: ADMIN.key,
      imageId: Number(id),
    }
    expect(await entries()).toMatchObject([
      { ...signed, ...created, user: null },
      { ...signed, ...updated, user: null },
      { ...signed, ...removed, user: 'apiUser' },
    ])
  })

  test('with the address that a trusted proxy tells', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.7' }
    const body = JSON.stringify(jsonCall('create', { file: FILE }))
    await send(server.url, { method: 'POST', path: '/api/jsonrpc/', headers, body })
    expect(await entries()).toMatchObject([{ clientAddress: '192.0.2.7', protocol: 'jsonrpc' }])
  })
})

describe('nothing is recorded', () => {
  test.each<[string, readonly Plain[]]>([
    ['product_media.create', ['nosuch', { file: FILE }]],
    ['product_media.create', ['p1', { file: FILE }, 'nosuch']],
    ['product_media.create', ['p1', { file: { ...FILE, mime: 'image/tiff' } }]],
    ['product_media.create', ['p1', { file: { ...FILE, content: 'bm8gaW1hZ2U=' } }]],
    ['product_media.update', ['p1', '/n/o/no.gif', { label: 'x' }]],
    ['product_media.remove', ['p1', '/n/o/no.gif']],
    ['product_media.list', ['p1']],
  ])('of a call that changes nothing: %s %j', async (path, args) => {
    await soap.fault(path, ...args)
    expect(await entries()).toEqual([])
  })

  test('of a user who may not, and of a guest', async () => {
    const reader = await login(server.url, { username: 'Reader', apiKey: 'readerKey' })
    expect(await reader.fault('product_media.create', 'p1', { file: FILE })).toMatchObject({ code: '2' })
    const body = JSON.stringify({ file_mime_type: 'image/gif', file_content: GIF })
    for (const who of [null, 'customer'] as const)
      expect((await restClient(server.url, who).send('POST', '/products/1/images', { body })).status).toBe(
        403,
      )
    expect(await entries()).toEqual([])
  })
})

test('updates at once of one image are all recorded', async () => {
  const file = await soap.call('product_media.create', 'p3', { file: FILE })
  const labels = Array.from({ length: 8 }, (_, index) => `label ${index}`)
  await Promise.all(labels.map((label) => soap.call('product_media.update', 'p3', file, { label })))
  const [, ...updates] = await entries()
  expect(updates.map(({ label }) => label).sort()).toEqual(labels)
})
