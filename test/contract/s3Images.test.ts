import { createHash } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { StoredBytes } from '../../src/catalog/ports'
import { CredentialsFile, UnreadableCredentials } from '../../src/images/s3/s3Credentials'
import { S3Images } from '../../src/images/s3/s3Images'
import { type MemoryLog, memoryLog } from '../support/memoryLog'
import {
  bucketAt,
  type FaultyS3,
  faultyS3,
  S3_CREDENTIALS,
  type S3Fault,
  startS3,
  type TestS3,
} from '../support/s3'
import { temporaryDirectory } from '../support/server'

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
      async () => credentials,
    )
    await new S3Images(bucket, '').write(KEY, BYTES)
    expect(connection.requests[0]?.headers).toMatchObject({
      'x-amz-security-token': 'a/token+of==some',
      authorization: expect.stringMatching(/SignedHeaders=\S*x-amz-security-token/),
    })
  })
})

describe('credentials of a file', () => {
  let directory: string
  let file: string
  let remove: () => Promise<void>
  let logged: MemoryLog

  beforeEach(async () => {
    ;({ directory, remove } = await temporaryDirectory())
    file = path.join(directory, 'credentials')
    logged = memoryLog()
  })

  afterEach(() => remove())

  const profile = (mark: string) =>
    `[default]\naws_access_key_id = KEY${mark}\naws_secret_access_key = secret${mark}\naws_session_token = token${mark}==\n`

  /** In the way of those who mount secrets: another file takes its place, whole. */
  async function renew(text: string): Promise<void> {
    await writeFile(path.join(directory, 'next'), text)
    await rename(path.join(directory, 'next'), file)
  }

  function imagesWithFile(attempts = 3): S3Images {
    const credentials = new CredentialsFile(file, logged.log)
    const patience = { attempts, timeLimit: 500, firstPause: 1 }
    return new S3Images(
      bucketAt(connection.url, s3.bucketName, patience, () => credentials.current()),
      '',
    )
  }

  const tokensSent = () => connection.requests.map(({ headers }) => headers['x-amz-security-token'])

  test('are those of the default profile, whatever else is in it', async () => {
    await renew(
      `# a comment\r\n[other]\r\naws_access_key_id=no\r\n\r\n[ default ]\r\n  aws_access_key_id=KEY\r\n` +
        'region = eu\r\naws_secret_access_key= a/b+c==\r\n[last]\r\naws_session_token=no\r\n',
    )
    expect(await new CredentialsFile(file, logged.log).current()).toEqual({
      accessKeyId: 'KEY',
      secretAccessKey: 'a/b+c==',
      sessionToken: null,
    })
  })

  test('are read again when the file has changed, and only then', async () => {
    await renew(profile('1'))
    const credentials = new CredentialsFile(file, logged.log)
    const first = await credentials.current()
    expect(await credentials.current()).toBe(first)
    await renew(profile('2'))
    expect(await credentials.current()).toMatchObject({ accessKeyId: 'KEY2', sessionToken: 'token2==' })
    await writeFile(file, profile('three'))
    expect(await credentials.current()).toMatchObject({ secretAccessKey: 'secretthree' })
  })

  test('sign the next request when they are renewed', async () => {
    await renew(profile('1'))
    const renewing = imagesWithFile()
    await renewing.write(KEY, BYTES)
    await renew(profile('2'))
    await renewing.write(KEY, BYTES)
    expect(tokensSent()).toEqual(['token1==', 'token2=='])
  })

  test.each(['ExpiredToken', 'AccessDenied'])(
    'make a request again that was refused (%s) while they were renewed',
    async (code) => {
      await renew(profile('1'))
      const renewing = imagesWithFile()
      connection.failNext({
        status: 400,
        body: refusalOf(code),
        meanwhile: () => renew(profile('2')),
      })
      await renewing.write(KEY, BYTES)
      expect(tokensSent()).toEqual(['token1==', 'token2=='])
      expect(await renewing.open(KEY)).not.toBeNull()
    },
  )

  test('do not make a request again while they are the same', async () => {
    await renew(profile('1'))
    connection.failNext({ status: 400, body: refusalOf('ExpiredToken') })
    await expect(imagesWithFile().write(KEY, BYTES)).rejects.toThrow('400 ExpiredToken')
    expect(connection.requests).toHaveLength(1)
  })

  test.each([
    ['not there', null],
    ['empty', ''],
    ['of another profile', '[other]\naws_access_key_id=KEY\naws_secret_access_key=hidden\n'],
    ['without the key', '[default]\naws_secret_access_key=hidden\n'],
    ['with what no header can hold', '[default]\naws_access_key_id=KEY\naws_secret_access_key=hid den\n'],
  ])('are an error that shows none of it when the file is %s', async (_what, text) => {
    if (text !== null) await renew(text)
    const error: Error = await new CredentialsFile(file, logged.log).current().then(
      () => new Error('read'),
      (thrown) => thrown,
    )
    expect(error).toBeInstanceOf(UnreadableCredentials)
    expect(error.message).toContain(file)
    expect(`${error.stack}${JSON.stringify(error)}`).not.toMatch(/hid/)
  })

  test('stay the old ones while the new ones cannot be read, which is logged once', async () => {
    await renew(profile('1'))
    const credentials = new CredentialsFile(file, logged.log)
    const first = await credentials.current()
    await renew('[default]\naws_access_key_id=half\n')
    for (let time = 0; time < 3; time++) expect(await credentials.current()).toBe(first)
    await rm(file)
    for (let time = 0; time < 3; time++) expect(await credentials.current()).toBe(first)
    expect(logged.lines()).toHaveLength(2)
    await renew(profile('2'))
    expect(await credentials.current()).toMatchObject({ accessKeyId: 'KEY2' })
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
    const patient = patientImages({ attempts: 3, timeLimit: 30_000 })
    const keys = Array.from(
      { length: 1005 },
      (_, index) => `/i/m/image~${String(index).padStart(4, '0')}.jpg`,
    )
    for (let at = 0; at < keys.length; at += 50)
      await Promise.all(keys.slice(at, at + 50).map((key) => patient.write(key, Buffer.from('x'))))
    const found: string[] = []
    for await (const { key } of patient.list()) found.push(key)
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
