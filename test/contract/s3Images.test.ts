import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { StoredBytes } from '../../src/catalog/ports'
import { S3Images } from '../../src/store/s3Images'
import {
  bucketAt,
  type FaultyS3,
  faultyS3,
  S3_CREDENTIALS,
  type S3Fault,
  startS3,
  type TestS3,
} from '../support/s3'

const KEY = '/i/m/image~1a2b.jpg'
const BYTES = Buffer.alloc(300_000, 'Keepsake')

let s3: TestS3
let connection: FaultyS3
let images: S3Images

beforeEach(async () => {
  s3 = await startS3()
  connection = await faultyS3(s3.url)
  images = patientImages({ attempts: 3, timeLimit: 500 })
})

afterEach(async () => {
  await connection.stop()
  await s3.stop()
})

function patientImages({ attempts, timeLimit }: { attempts: number; timeLimit: number }): S3Images {
  return new S3Images(bucketAt(connection.url, s3.bucketName, { attempts, timeLimit, firstPause: 1 }), 'shop')
}

async function openedImage(): Promise<StoredBytes> {
  const opened = await images.open(KEY)
  if (!opened) throw new Error('not there')
  return opened
}

const refusalOf = (code: string) =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`

const PASSING: readonly S3Fault[] = [
  { status: 429 },
  { status: 500, body: refusalOf('InternalError') },
  { status: 502, body: '<html>' },
  { status: 503, body: refusalOf('SlowDown') },
  { status: 400, body: refusalOf('RequestTimeout') },
  { status: 409, body: refusalOf('OperationAborted') },
  'breaks before it answers',
  'never answers',
]

const LASTING: readonly (readonly [S3Fault, string])[] = [
  [{ status: 403, body: refusalOf('SignatureDoesNotMatch') }, '403 SignatureDoesNotMatch'],
  [{ status: 403, body: refusalOf('ExpiredToken') }, '403 ExpiredToken'],
  [{ status: 404, body: refusalOf('NoSuchBucket') }, '404 NoSuchBucket'],
  [{ status: 400, body: '<Code>' }, '400'],
  [{ status: 501, body: refusalOf('NotImplemented') }, '501 NotImplemented'],
]

describe('a request to an S3 store', () => {
  test.each(PASSING)('is made again after a failure that may pass: %j', async (fault) => {
    connection.failNext(fault, fault)
    await images.write(KEY, BYTES)
    const opened = await openedImage()
    connection.failNext(fault)
    expect((await buffer(opened.read())).equals(BYTES)).toBe(true)
    connection.failNext(fault)
    await images.delete(KEY)
    expect(await images.open(KEY)).toBeNull()
  })

  test.each(PASSING)('fails when that goes on: %j', async (fault) => {
    connection.failNext(fault, fault, fault)
    await expect(images.write(KEY, BYTES)).rejects.toThrow('S3 store: PUT shop/i/m/image~1a2b.jpg: ')
    expect(connection.requests).toHaveLength(3)
    expect(await images.open(KEY)).toBeNull()
  })

  test.each(LASTING)('is not made again after a failure that will not pass: %j', async (fault, reason) => {
    connection.failNext(fault)
    await expect(images.write(KEY, BYTES)).rejects.toThrow(`S3 store: PUT shop/i/m/image~1a2b.jpg: ${reason}`)
    expect(connection.requests).toHaveLength(1)
  })

  test('follows no redirection, which would lead its credentials away', async () => {
    const elsewhere = await faultyS3(s3.url)
    connection.failNext({ status: 307, headers: { location: `${elsewhere.url}/` } })
    await expect(images.write(KEY, BYTES)).rejects.toThrow('307')
    expect(elsewhere.requests).toEqual([])
    await elsewhere.stop()
  })

  test('says in its error neither credential nor what the store answered', async () => {
    const { accessKeyId, secretAccessKey } = S3_CREDENTIALS
    connection.failNext({ status: 403, body: `${refusalOf('AccessDenied')}${accessKeyId}` })
    const error: Error = await images.write(KEY, BYTES).then(
      () => new Error('written'),
      (thrown) => thrown,
    )
    const shown = `${error.stack}${JSON.stringify(error)}${error.cause ?? ''}`
    expect(shown).toContain('403 AccessDenied')
    expect(shown).not.toContain(accessKeyId)
    expect(shown).not.toContain(secretAccessKey)
    expect(shown).not.toContain('No.')
  })

  test('signs the bytes that it sends', async () => {
    await images.write(KEY, BYTES)
    expect(connection.requests[0]?.headers).toMatchObject({
      'x-amz-content-sha256': createHash('sha256').update(BYTES).digest('hex'),
      authorization: expect.stringMatching(
        /\/eu-central-1\/s3\/aws4_request, SignedHeaders=\S*x-amz-content-sha256/,
      ),
    })
  })

  test('carries the token of temporary credentials, signed', async () => {
    const credentials = { ...S3_CREDENTIALS, sessionToken: 'a/token+of==some' }
    const bucket = bucketAt(
      connection.url,
      s3.bucketName,
      { attempts: 1, firstPause: 1, timeLimit: 500 },
      credentials,
    )
    await new S3Images(bucket, '').write(KEY, BYTES)
    expect(connection.requests[0]?.headers).toMatchObject({
      'x-amz-security-token': 'a/token+of==some',
      authorization: expect.stringMatching(/SignedHeaders=\S*x-amz-security-token/),
    })
  })
})

describe('an image in an S3 store', () => {
  test('comes whole, though the connection breaks on the way', async () => {
    await images.write(KEY, BYTES)
    const opened = await openedImage()
    connection.failNext('breaks in the answer', 'breaks in the answer')
    expect((await buffer(opened.read())).equals(BYTES)).toBe(true)
    connection.failNext('breaks in the answer')
    expect((await buffer(opened.read({ start: 7, end: 299_990 }))).equals(BYTES.subarray(7, 299_991))).toBe(
      true,
    )
  })

  test('that is deleted between its opening and its reading is an error, not an empty image', async () => {
    await images.write(KEY, BYTES)
    const opened = await openedImage()
    await images.delete(KEY)
    await expect(buffer(opened.read())).rejects.toThrow('gone since it was opened')
  })

  test('is asked for only when it is read', async () => {
    await images.write(KEY, BYTES)
    const opened = await openedImage()
    opened.read().destroy()
    expect(connection.requests.map(({ line }) => line.split(' ')[0])).toEqual(['PUT', 'HEAD'])
  })
})

describe('the list of an S3 store', () => {
  test('goes on over all pages', async () => {
    const keys = Array.from(
      { length: 1005 },
      (_, index) => `/i/m/image~${String(index).padStart(4, '0')}.jpg`,
    )
    for (let at = 0; at < keys.length; at += 50)
      await Promise.all(keys.slice(at, at + 50).map((key) => images.write(key, Buffer.from('x'))))
    const found: string[] = []
    for await (const { key } of images.list()) found.push(key)
    expect(found).toEqual(keys)
  })

  test('has the images of its own prefix, and nothing else that lies there', async () => {
    await images.write(KEY, BYTES)
    await images.check()
    await new S3Images(bucketAt(s3.url, s3.bucketName), 'shop-2').write('/o/_/other~1.jpg', BYTES)
    await new S3Images(bucketAt(s3.url, s3.bucketName), '').write('/s/h/shop~1.jpg', BYTES)
    const found: string[] = []
    for await (const { key } of images.list()) found.push(key)
    expect(found).toEqual([KEY])
  })

  test.each([
    ['is no list', '<html>'],
    ['does not say how it goes on', '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>'],
    ['has been cut short', '<ListBucketResult><IsTruncated>false</IsTruncated>'],
    ['lacks sizes', '<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>'],
  ])('is an error when the answer %s', async (_case, body) => {
    connection.failNext({ status: 200, body })
    await expect(images.list().next()).rejects.toThrow()
  })
})

describe('the check of an S3 store', () => {
  test('writes once, and then only looks', async () => {
    await images.check()
    await images.check()
    await images.check()
    expect(connection.requests.filter(({ line }) => line.startsWith('PUT '))).toHaveLength(1)
  })

  test('fails without the bucket', async () => {
    await expect(new S3Images(bucketAt(s3.url, 'not-there'), '').check()).rejects.toThrow('404')
  })

  test('fails when nothing may be written, read or listed', async () => {
    const denied = { status: 403, body: refusalOf('AccessDenied') }
    connection.failNext(denied)
    await expect(images.check()).rejects.toThrow('PUT shop/keepsake-was-here: 403')
    await images.check()
    connection.failNext(denied)
    await expect(images.check()).rejects.toThrow('HEAD shop/keepsake-was-here: 403')
    await images.check()
  })
})
