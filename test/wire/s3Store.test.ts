import { setTimeout as pause } from 'node:timers/promises'
import { send } from '../support/http'
import { memoryLog } from '../support/memoryLog'
import { picture } from '../support/pictures'
import { type FaultyS3, faultyS3, S3_CREDENTIALS, type S3Fault, startS3, type TestS3 } from '../support/s3'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer, temporaryDirectory } from '../support/server'
import { login, type SoapClient } from '../support/soap'

/** That a request has, as docs/guides/cluster.md tells. */
const ATTEMPTS = 5

const { log, text: logText } = memoryLog()
let s3: TestS3
let connection: FaultyS3
let server: TestServer
let client: SoapClient
let removeDirectory: () => Promise<void>

beforeAll(async () => {
  s3 = await startS3()
  connection = await faultyS3(s3.url)
  const { directory, remove } = await temporaryDirectory()
  removeDirectory = remove
  const environment = {
    KEEPSAKE_DATA_DIR: directory,
    KEEPSAKE_STORE: `s3://${s3.bucketName}/shop`,
    KEEPSAKE_S3_ENDPOINT: connection.url,
    KEEPSAKE_S3_ACCESS_KEY_ID: S3_CREDENTIALS.accessKeyId,
    KEEPSAKE_S3_SECRET_ACCESS_KEY: S3_CREDENTIALS.secretAccessKey,
  }
  server = await startTestServer({ seed: SMALL_SHOP, environment, log })
  client = await login(server.url)
})

afterAll(async () => {
  await server.stop()
  await connection.stop()
  await s3.stop()
  await removeDirectory()
})

const failing = (fault: S3Fault, times = ATTEMPTS) => connection.failNext(...Array(times).fill(fault))

const create = (bytes: Buffer) =>
  client.call('product_media.create', 'Sku', {
    file: { content: bytes.toString('base64'), mime: 'image/png', name: 'image' },
  })

const fetched = (file: unknown, headers = {}) =>
  send(server.url, { path: `/media/catalog/product${file}`, headers })

describe('a server whose images are in an S3 store', () => {
  test('serves an image as it was sent, and in part', async () => {
    const bytes = await picture('png', 1)
    const file = await create(bytes)
    expect((await fetched(file)).body.equals(bytes)).toBe(true)
    const part = await fetched(file, { range: 'bytes=10-19' })
    expect({ status: part.status, body: part.body }).toEqual({ status: 206, body: bytes.subarray(10, 20) })
  })

  test('keeps it for a store that fails now and then', async () => {
    const bytes = await picture('png', 2)
    failing({ status: 503 }, 2)
    const file = await create(bytes)
    failing('breaks before it answers', 2)
    expect((await fetched(file)).body.equals(bytes)).toBe(true)
  })

  test('answers fault 104 for a store that goes on failing, and nothing has changed', async () => {
    const before = await client.call('product_media.list', 'Sku')
    failing({ status: 500, body: `<Error><Code>InternalError</Code>${S3_CREDENTIALS.accessKeyId}</Error>` })
    const file = { content: (await picture('png', 3)).toString('base64'), mime: 'image/png', name: 'lost' }
    expect(await client.fault('product_media.create', 'Sku', { file })).toEqual({
      code: '104',
      message: 'Cannot create image.',
    })
    expect(await client.call('product_media.list', 'Sku')).toEqual(before)
    expect(logText()).toMatch(/S3 store: PUT shop\/l\/o\/lost~\w+\.png: 500 InternalError/)
  })

  test('is not ready while the store refuses it, and ready again after', async () => {
    connection.failNext({ status: 403 })
    const status = async () => (await send(server.url, { path: '/readyz' })).status
    expect(await status()).toBe(503)
    // What has failed is asked again a second later; jest's limit ends the wait.
    while ((await status()) !== 200) await pause(50)
  })

  test('logs no credential', () => {
    expect(logText()).not.toContain(S3_CREDENTIALS.accessKeyId)
    expect(logText()).not.toContain(S3_CREDENTIALS.secretAccessKey)
  })
})
