import { type HttpRequest, send } from '../support/http'
import { picture } from '../support/pictures'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer, temporaryDirectory } from '../support/server'
import { login, type SoapClient } from '../support/soap'

const MEDIA = '/media/catalog/product'

let server: TestServer
let client: SoapClient
let removeDirectory: () => Promise<void>

beforeAll(async () => {
  const { directory, remove } = await temporaryDirectory()
  removeDirectory = remove
  server = await startTestServer({ seed: SMALL_SHOP, environment: { KEEPSAKE_DATA_DIR: directory } })
  client = await login(server.url)
})

afterAll(async () => {
  await server.stop()
  await removeDirectory()
})

/** Creates an image and answers its path in the URL space. */
async function created(name: string, bytes: Buffer, mime: string): Promise<string> {
  const file = { name, mime, content: bytes.toString('base64') }
  return `${MEDIA}${await client.call('product_media.create', 'Sku', { file })}`
}

const ask = (path: string, request: Omit<HttpRequest, 'path'> = {}) => send(server.url, { path, ...request })

const get = (path: string, headers: Record<string, string> = {}) => ask(path, { headers })

describe('an image at its URL', () => {
  it.each([
    ['jpeg', 'image/jpeg', 'jpg'],
    ['png', 'image/png', 'png'],
    ['gif', 'image/gif', 'gif'],
  ] as const)('is the %s that was sent, byte for byte', async (encoding, mime, extension) => {
    const bytes = await picture(encoding)
    const path = await created(`whole-${encoding}`, bytes, mime)
    expect(path).toBe(`${MEDIA}/w/h/whole-${encoding}.${extension}`)

    const answer = await get(path)
    expect(answer.status).toBe(200)
    expect(answer.body.equals(bytes)).toBe(true)
    expect(answer.headers).toMatchObject({
      'content-type': mime,
      'content-length': String(bytes.length),
      etag: expect.stringMatching(/^"[\w-]{43}"$/),
      'last-modified': expect.stringMatching(/ GMT$/),
      'cache-control': 'public, max-age=300',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'",
    })
  })

  it('is at the URL that the API tells', async () => {
    const bytes = await picture('gif', 1)
    const file = await client.call('product_media.create', 'Sku', {
      file: { name: 'told', mime: 'image/gif', content: bytes.toString('base64') },
    })
    const image = (await client.call('product_media.info', 'Sku', file)) as { url: string }
    expect(image.url).toBe(`${server.url}${MEDIA}${String(file)}`)
    expect((await get(new URL(image.url).pathname)).body.equals(bytes)).toBe(true)
  })

  it('has the type of its bytes, not of the type that the client named', async () => {
    const path = await created('mislabelled', await picture('png', 2), 'image/jpeg')
    expect(path).toMatch(/\.jpg$/)
    expect((await get(path)).headers['content-type']).toBe('image/png')
  })

  it('is served to a session-less stranger from a host of any name', async () => {
    const path = await created('stranger', await picture('gif', 3), 'image/gif')
    expect((await get(path, { host: 'cdn.example' })).status).toBe(200)
  })

  it('answers HEAD as GET, without the bytes', async () => {
    const path = await created('head', await picture('jpeg', 4), 'image/jpeg')
    const got = await get(path)
    const head = await ask(path, { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(head.body).toHaveLength(0)
    for (const name of ['content-type', 'content-length', 'etag', 'last-modified', 'cache-control']) {
      expect(head.headers[name]).toBe(got.headers[name])
    }
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('refuses %s', async (method) => {
    const answer = await ask(`${MEDIA}/w/h/whole-gif.gif`, { method })
    expect(answer.status).toBe(405)
    expect(answer.headers.allow).toBe('GET, HEAD')
  })

  it('stays there when the image is removed, as its name does', async () => {
    const bytes = await picture('gif', 5)
    const path = await created('removed', bytes, 'image/gif')
    expect(await client.call('product_media.remove', 'Sku', path.replace(MEDIA, ''))).toBe(true)
    expect((await get(path)).body.equals(bytes)).toBe(true)
  })

  it('changes bytes, type, ETag and date when the image is updated', async () => {
    const path = await created('replaced', await picture('gif', 6), 'image/gif')
    const before = await get(path)
    const bytes = await picture('jpeg', 7)
    await client.call('product_media.update', 'Sku', path.replace(MEDIA, ''), {
      file: { mime: 'image/jpeg', content: bytes.toString('base64') },
    })
    const after = await get(path, { 'if-none-match': before.headers.etag ?? '' })
    expect(after.status).toBe(200)
    expect(after.body.equals(bytes)).toBe(true)
    expect(after.headers['content-type']).toBe('image/jpeg')
    expect(after.headers.etag).not.toBe(before.headers.etag)
    expect(Date.parse(after.headers['last-modified'] ?? '')).toBeGreaterThan(
      Date.parse(before.headers['last-modified'] ?? ''),
    )
  })

  it('keeps its ETag when an update changes no bytes', async () => {
    const path = await created('relabelled', await picture('gif', 8), 'image/gif')
    const { etag } = (await get(path)).headers
    await client.call('product_media.update', 'Sku', path.replace(MEDIA, ''), { label: 'new' })
    expect((await get(path)).headers.etag).toBe(etag)
  })
})

describe('a conditional request', () => {
  let path: string
  let etag: string
  let lastModified: string

  beforeAll(async () => {
    path = await created('conditional', await picture('jpeg', 20), 'image/jpeg')
    const { headers } = await get(path)
    etag = headers.etag ?? ''
    lastModified = headers['last-modified'] ?? ''
  })

  it.each([
    ['its ETag', () => ({ 'if-none-match': etag })],
    ['its ETag among others', () => ({ 'if-none-match': `"other", ${etag}` })],
    ['its ETag as a weak one', () => ({ 'if-none-match': `W/${etag}` })],
    ['any ETag', () => ({ 'if-none-match': '*' })],
    ['its date', () => ({ 'if-modified-since': lastModified })],
  ])('with %s is answered 304, without the bytes', async (_name, headers) => {
    const answer = await get(path, headers())
    expect(answer.status).toBe(304)
    expect(answer.body).toHaveLength(0)
    expect(answer.headers).toMatchObject({ etag, 'cache-control': 'public, max-age=300' })
  })

  it.each([
    ['another ETag', () => ({ 'if-none-match': '"other"' })],
    [
      'another ETag, which outweighs its date',
      () => ({ 'if-none-match': '"other"', 'if-modified-since': lastModified }),
    ],
    ['an earlier date', () => ({ 'if-modified-since': 'Mon, 01 Jan 2024 00:00:00 GMT' })],
    ['no date', () => ({ 'if-modified-since': 'yesterday' })],
  ])('with %s is answered whole', async (_name, headers) => {
    expect((await get(path, headers())).status).toBe(200)
  })

  it('by HEAD is answered 304 as well', async () => {
    expect((await ask(path, { method: 'HEAD', headers: { 'if-none-match': etag } })).status).toBe(304)
  })
})

describe('a range', () => {
  let path: string
  let bytes: Buffer
  let etag: string
  let lastModified: string

  beforeAll(async () => {
    bytes = await picture('jpeg', 30)
    path = await created('ranges', bytes, 'image/jpeg')
    const { headers } = await get(path)
    etag = headers.etag ?? ''
    lastModified = headers['last-modified'] ?? ''
  })

  it.each([
    ['of the first byte', 'bytes=0-0', 0, 1],
    ['in the middle', 'bytes=10-99', 10, 100],
    ['from a place on', 'bytes=100-', 100, Number.POSITIVE_INFINITY],
    ['of the last bytes', 'bytes=-7', -7, Number.POSITIVE_INFINITY],
    ['of more last bytes than there are', 'bytes=-99999999', 0, Number.POSITIVE_INFINITY],
    ['that goes beyond the end', 'bytes=10-99999999', 10, Number.POSITIVE_INFINITY],
  ])('%s is answered 206', async (_name, range, start, end) => {
    const expected = bytes.subarray(start, Math.min(end, bytes.length))
    const first = start < 0 ? bytes.length + start : start
    const answer = await get(path, { range })
    expect(answer.status).toBe(206)
    expect(answer.body.equals(expected)).toBe(true)
    expect(answer.headers['content-range']).toBe(
      `bytes ${first}-${first + expected.length - 1}/${bytes.length}`,
    )
    expect(answer.headers['content-length']).toBe(String(expected.length))
    expect(answer.headers.etag).toBe(etag)
  })

  it.each(['bytes=99999999-', 'bytes=-0', 'bytes=9-1', `bytes=${'9'.repeat(400)}-`])(
    'that the image does not have (%s) is answered 416',
    async (range) => {
      const answer = await get(path, { range })
      expect(answer.status).toBe(416)
      expect(answer.headers['content-range']).toBe(`bytes */${bytes.length}`)
      expect(answer.headers['cache-control']).toBe('no-store')
      expect(answer.body).toHaveLength(0)
    },
  )

  it.each([
    ['in several parts', { range: 'bytes=0-9,20-29' }],
    ['in several parts that touch', { range: 'bytes=0-9,10-19' }],
    ['in another unit', { range: 'pixels=0-9' }],
    ['that is no range', { range: 'everything' }],
    ['that has no end and no start', { range: 'bytes=-' }],
    ['of negative bytes', { range: 'bytes=--5' }],
  ])('%s is answered whole', async (_name, headers) => {
    const answer = await get(path, headers)
    expect(answer.status).toBe(200)
    expect(answer.body.equals(bytes)).toBe(true)
  })

  it('holds for GET alone: HEAD is answered as if there were none', async () => {
    const answer = await ask(path, { method: 'HEAD', headers: { range: 'bytes=0-9' } })
    expect(answer.status).toBe(200)
    expect(answer.headers['content-length']).toBe(String(bytes.length))
  })

  it.each([
    ['its ETag', () => etag],
    ['its date', () => lastModified],
  ])('of the image as it is, by %s, is answered 206', async (_name, condition) => {
    expect((await get(path, { range: 'bytes=0-9', 'if-range': condition() })).status).toBe(206)
  })

  it.each([
    ['another ETag', () => '"other"'],
    ['its ETag as a weak one', () => `W/${etag}`],
    ['another date', () => 'Mon, 01 Jan 2024 00:00:00 GMT'],
  ])('of the image as it was, by %s, is answered whole', async (_name, condition) => {
    expect((await get(path, { range: 'bytes=0-9', 'if-range': condition() })).status).toBe(200)
  })

  it('of an image that the client has is answered 304', async () => {
    expect((await get(path, { range: 'bytes=0-9', 'if-none-match': etag })).status).toBe(304)
  })
})

describe('a path that is no image', () => {
  it.each([
    ['unknown', '/n/o/none.jpg'],
    ['the root', '/'],
    ['nothing', ''],
    ['a directory', '/w/h/'],
    ['of another case', '/W/H/WHOLE-GIF.GIF'],
    ['with a slash behind', '/w/h/whole-gif.gif/'],
    ['with a slash doubled', '//w/h/whole-gif.gif'],
    ['up and away', '/../../../../../../etc/passwd'],
    ['up, encoded', '/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd'],
    ['up, encoded with its slashes', '/..%2f..%2f..%2f..%2fetc%2fpasswd'],
    ['up, encoded twice', '/%252e%252e/%252e%252e/etc/passwd'],
    ['up, with backslashes', '/..%5c..%5c..%5cetc%5cpasswd'],
    ['up and down again', '/w/h/../h/whole-gif.gif'],
    ['with a NUL', '/w/h/whole-gif.gif%00'],
    ['with a NUL before an extension', '/w/h/whole-gif.gif%00.jpg'],
    ['with a bad escape', '/%zz'],
    ['with half an escape', '/w/h/whole-gif.gif%'],
    ['in no UTF-8', '/%ff%fe'],
    ['with a lone surrogate', '/%ed%a0%80'],
    ['outside ASCII', '/%e2%82%ac/%f0%9f%98%80.jpg'],
    ['very long', `/a/a/${'a'.repeat(8000)}.jpg`],
    ['that quotes SQL', "/w/h/'%20OR%20'1'='1"],
  ])('(%s) is not found, and says no more', async (_name, path) => {
    const answer = await get(MEDIA + path)
    expect(answer.status).toBe(404)
    expect(answer.text).toBe('Not found\n')
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
  })

  it('(the key of stored bytes) is not found', async () => {
    for await (const { key } of server.storage.images.list()) {
      expect((await get(MEDIA + key)).status).toBe(404)
    }
  })
})
