import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { type HttpAnswer, type HttpRequest, send } from '../support/http'
import {
  animated,
  BLUE,
  CLEAR,
  type Colour,
  difference,
  GREEN,
  type Painting,
  painted,
  quarters,
  RED,
  type Size,
  WHITE,
  YELLOW,
} from '../support/paintings'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer, temporaryDirectory } from '../support/server'
import { login, type SoapClient } from '../support/soap'

const CACHE = '/media/catalog/product/cache'

const MAGENTO = '1/image/265x/9df78eab33525d08d6e5fb8d27136e95'

const PRESETS = {
  [MAGENTO]: { width: 60 },
  'high/30': { height: 30 },
  inside: { width: 60, height: 60 },
  contain: { width: 60, height: 60, fit: 'contain' },
  green: { width: 60, height: 60, fit: 'contain', background: '#00A000' },
  cover: { width: 60, height: 60, fit: 'cover' },
  fill: { width: 60, height: 60, fit: 'fill' },
  larger: { width: 240, height: 240 },
  'larger/grown': { width: 240, height: 240, enlarge: true },
  'larger/framed': { width: 240, height: 240, fit: 'contain', background: '#ffffff' },
  good: { width: 60, quality: 95 },
  poor: { width: 60, quality: 10 },
  jpeg: { width: 60, formats: ['jpeg'] },
  webp: { width: 60, formats: ['webp'] },
  modern: { width: 60, formats: ['avif', 'webp', 'original'] },
  replaced: { width: 60 },
  'once/made': { width: 59 },
}

const SIZE = { width: 120, height: 80 }
/** Mean difference to a painting: encoders and the blur of a resized edge stay below, a wrong colour anywhere does not. */
const TOLERANCE = 6

let server: TestServer
let client: SoapClient
let removeDirectory: () => Promise<void>

beforeAll(async () => {
  const { directory, remove } = await temporaryDirectory()
  removeDirectory = remove
  const file = path.join(directory, 'presets.json')
  await writeFile(file, JSON.stringify(PRESETS))
  const environment = { KEEPSAKE_DATA_DIR: path.join(directory, 'data'), KEEPSAKE_IMAGE_PRESETS: file }
  server = await startTestServer({ seed: SMALL_SHOP, environment })
  client = await login(server.url)
})

afterAll(async () => {
  await server.stop()
  await removeDirectory()
})

async function created(name: string, bytes: Buffer, mime = 'image/jpeg'): Promise<string> {
  const file = { name, mime, content: bytes.toString('base64') }
  return String(await client.call('product_media.create', 'Sku', { file }))
}

const ask = (path: string, request: Omit<HttpRequest, 'path'> = {}) =>
  send(server.url, { path: CACHE + path, ...request })

async function variant(
  preset: string,
  image: string,
  headers: Record<string, string> = {},
): Promise<HttpAnswer> {
  const answer = await ask(`/${preset}${image}`, { headers })
  expect(answer.status).toBe(200)
  return answer
}

async function expectPainting({ body }: HttpAnswer, size: Size, painting: Painting): Promise<void> {
  expect(await difference(body, size, painting)).toBeLessThan(TOLERANCE)
}

/** A painting with bars above and below, or at the sides, each of that share of the whole. */
const framed = (painting: Painting, bar: { x: number; y: number }, colour: Colour): Painting => {
  const inner = (value: number, share: number) => (value - share) / (1 - 2 * share)
  return (x, y) => {
    const [innerX, innerY] = [inner(x, bar.x), inner(y, bar.y)]
    const isInside = innerX >= 0 && innerX <= 1 && innerY >= 0 && innerY <= 1
    return isInside ? painting(innerX, innerY) : colour
  }
}

const jpegOf = (size: Size, painting: Painting) =>
  painted(size, painting).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()
const pngOf = (size: Size, painting: Painting) => painted(size, painting).png().toBuffer()

describe('a variant', () => {
  let image: string

  beforeAll(async () => {
    image = await created('sizes', await pngOf(SIZE, quarters), 'image/png')
  })

  it.each([
    ['of a width, under a URL of Magento’s image cache', MAGENTO, { width: 60, height: 40 }, quarters],
    ['of a height', 'high/30', { width: 45, height: 30 }, quarters],
    ['inside a size', 'inside', { width: 60, height: 40 }, quarters],
    [
      'contained in a size',
      'contain',
      { width: 60, height: 60 },
      framed(quarters, { x: 0, y: 1 / 6 }, CLEAR),
    ],
    [
      'contained in a size, on a colour',
      'green',
      { width: 60, height: 60 },
      framed(quarters, { x: 0, y: 1 / 6 }, GREEN),
    ],
    ['that covers a size', 'cover', { width: 60, height: 60 }, quarters],
    ['that fills a size', 'fill', { width: 60, height: 60 }, quarters],
    ['of a size that the image does not have', 'larger', SIZE, quarters],
    ['that grows to a size', 'larger/grown', { width: 240, height: 160 }, quarters],
    [
      'in a frame that the image does not fill',
      'larger/framed',
      { width: 240, height: 240 },
      framed(quarters, { x: 1 / 4, y: 1 / 3 }, WHITE),
    ],
  ] as const)('%s has the pixels of the image', async (_name, preset, size, painting) => {
    await expectPainting(await variant(preset, image), size, painting)
  })

  it('is served as an original is', async () => {
    const answer = await variant(MAGENTO, image)
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(answer.body.length),
      etag: expect.stringMatching(/^"[\w-]{43}"$/),
      'last-modified': expect.stringMatching(/ GMT$/),
      'cache-control': 'public, max-age=300',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'",
    })
    expect(answer.headers).not.toHaveProperty('vary')
  })

  it('cuts what goes beyond a size that it covers', async () => {
    const stripes: Painting = (x) => (x < 1 / 6 || x > 5 / 6 ? RED : BLUE)
    const striped = await created('stripes', await pngOf(SIZE, stripes), 'image/png')
    await expectPainting(await variant('cover', striped), { width: 60, height: 60 }, () => BLUE)
  })

  it('of a transparent image keeps that, or shows the preset’s background, or white where the format must', async () => {
    const half: Painting = (x) => (x < 0.5 ? RED : CLEAR)
    const transparent = await created(
      'transparent',
      await pngOf({ width: 120, height: 120 }, half),
      'image/png',
    )
    const size = { width: 60, height: 60 }
    await expectPainting(await variant('fill', transparent), size, half)
    await expectPainting(await variant('green', transparent), size, (x) => (x < 0.5 ? RED : GREEN))
    await expectPainting(await variant('jpeg', transparent), { width: 60, height: 60 }, (x) =>
      x < 0.5 ? RED : WHITE,
    )
  })

  it('in a frame of a JPEG that names no colour has it white', async () => {
    const jpeg = await created('white-frame', await jpegOf(SIZE, quarters))
    await expectPainting(
      await variant('contain', jpeg),
      { width: 60, height: 60 },
      framed(quarters, { x: 0, y: 1 / 6 }, WHITE),
    )
  })

  it('is as good as the preset says', async () => {
    const noise = Buffer.from(Array.from({ length: 120 * 80 * 3 }, (_, index) => (index * index * 7) % 256))
    const jpeg = await sharp(noise, { raw: { ...SIZE, channels: 3 } })
      .jpeg()
      .toBuffer()
    const noisy = await created('noisy', jpeg)
    const [good, poor] = [await variant('good', noisy), await variant('poor', noisy)]
    expect(poor.body.length).toBeLessThan(good.body.length / 2)
  })

  it('of an animation is its first frame, and a GIF', async () => {
    const gif = await created('animation', await animated(SIZE, quarters), 'image/gif')
    const answer = await variant(MAGENTO, gif)
    expect(answer.headers['content-type']).toBe('image/gif')
    expect((await sharp(answer.body).metadata()).pages ?? 1).toBe(1)
    await expectPainting(answer, { width: 60, height: 40 }, quarters)
  })

  it('has no metadata', async () => {
    const withMetadata = await painted(SIZE, quarters)
      .jpeg()
      .withExif({ IFD0: { Copyright: 'Somebody' } })
      .toBuffer()
    expect((await sharp(withMetadata).metadata()).exif).toBeDefined()
    const { body } = await variant(MAGENTO, await created('metadata', withMetadata))
    expect((await sharp(body).metadata()).exif).toBeUndefined()
  })

  it('of an image that is no longer in a gallery is there as the image is', async () => {
    const removed = await created('removed', await jpegOf(SIZE, quarters))
    await client.call('product_media.remove', 'Sku', removed)
    await expectPainting(await variant(MAGENTO, removed), { width: 60, height: 40 }, quarters)
  })
})

describe('the EXIF orientation', () => {
  /** What a camera stores for each orientation, of what it saw: EXIF 2.32, 4.6.4, "Orientation". */
  const STORED: readonly (readonly [orientation: number, stored: Painting])[] = [
    [1, (x, y) => quarters(x, y)],
    [2, (x, y) => quarters(1 - x, y)],
    [3, (x, y) => quarters(1 - x, 1 - y)],
    [4, (x, y) => quarters(x, 1 - y)],
    [5, (x, y) => quarters(y, x)],
    [6, (x, y) => quarters(1 - y, x)],
    [7, (x, y) => quarters(1 - y, 1 - x)],
    [8, (x, y) => quarters(y, 1 - x)],
  ]

  it.each(STORED)('%i is applied, and is gone', async (orientation, stored) => {
    const size = orientation < 5 ? SIZE : { width: SIZE.height, height: SIZE.width }
    const jpeg = await painted(size, stored).jpeg({ quality: 95 }).withMetadata({ orientation }).toBuffer()
    const answer = await variant(MAGENTO, await created(`orientation-${orientation}`, jpeg))
    await expectPainting(answer, { width: 60, height: 40 }, quarters)
    expect((await sharp(answer.body).metadata()).orientation).toBeUndefined()
  })
})

describe('the format', () => {
  let image: string

  beforeAll(async () => {
    image = await created('formats', await jpegOf(SIZE, quarters))
  })

  it.each([
    ['jpeg', 'image/jpeg'],
    ['webp', 'image/webp'],
  ])('is the only one of the preset %s, whatever is accepted', async (preset, type) => {
    const answer = await variant(preset, image, { accept: 'image/gif' })
    expect(answer.headers['content-type']).toBe(type)
    expect(answer.headers).not.toHaveProperty('vary')
    await expectPainting(answer, { width: 60, height: 40 }, quarters)
  })

  it.each([
    ['no Accept', {}, 'image/jpeg'],
    ['anything', { accept: '*/*' }, 'image/jpeg'],
    ['any image', { accept: 'image/png,image/*;q=0.8,*/*;q=0.5' }, 'image/jpeg'],
    ['WebP', { accept: 'image/webp,image/*;q=0.8,*/*;q=0.5' }, 'image/webp'],
    ['AVIF and WebP', { accept: 'image/avif,image/webp,image/apng,*/*;q=0.8' }, 'image/avif'],
    ['WebP more than AVIF', { accept: 'image/avif;q=0.5,image/webp' }, 'image/webp'],
    ['JPEG more than WebP', { accept: 'image/webp;q=0.5,image/jpeg' }, 'image/jpeg'],
    ['anything but WebP', { accept: 'image/webp;q=0,*/*' }, 'image/jpeg'],
    ['none of them', { accept: 'text/html' }, 'image/jpeg'],
    ['nothing that can be read', { accept: ';;,/' }, 'image/jpeg'],
  ] as const)('of several, for a client that accepts %s, is the best', async (_name, headers, type) => {
    const answer = await variant('modern', image, { ...headers })
    expect(answer.headers).toMatchObject({ 'content-type': type, vary: 'Accept' })
    await expectPainting(answer, { width: 60, height: 40 }, quarters)
  })

  it('of several has an ETag of its own', async () => {
    const { etag } = (await variant('modern', image, { accept: 'image/webp' })).headers
    const headers = { accept: 'image/avif', 'if-none-match': etag ?? '' }
    expect((await ask(`/modern${image}`, { headers })).status).toBe(200)
    const same = await ask(`/modern${image}`, { headers: { ...headers, accept: 'image/webp' } })
    expect(same.status).toBe(304)
    expect(same.headers.vary).toBe('Accept')
  })
})

describe('a request for a variant', () => {
  let image: string

  beforeAll(async () => {
    image = await created('requests', await jpegOf(SIZE, quarters))
  })

  it('by HEAD is answered as GET, without the bytes', async () => {
    const head = await ask(`/inside${image}`, { method: 'HEAD' })
    const got = await variant('inside', image)
    expect([head.status, head.body.length]).toEqual([200, 0])
    for (const name of ['content-type', 'content-length', 'etag', 'last-modified', 'cache-control'])
      expect(head.headers[name]).toBe(got.headers[name])
  })

  it('with its ETag or its date is answered 304', async () => {
    const { headers } = await variant('inside', image)
    for (const condition of [
      { 'if-none-match': headers.etag ?? '' },
      { 'if-modified-since': headers['last-modified'] ?? '' },
    ])
      expect((await ask(`/inside${image}`, { headers: condition })).status).toBe(304)
  })

  it('for a range is answered 206, and 416 beyond the end', async () => {
    const { body } = await variant('inside', image)
    const part = await ask(`/inside${image}`, { headers: { range: 'bytes=10-19' } })
    expect(part.status).toBe(206)
    expect(part.body.equals(body.subarray(10, 20))).toBe(true)
    expect(part.headers['content-range']).toBe(`bytes 10-19/${body.length}`)
    expect((await ask(`/inside${image}`, { headers: { range: 'bytes=999999-' } })).status).toBe(416)
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('by %s is refused', async (method) => {
    expect((await ask(`/inside${image}`, { method })).status).toBe(405)
  })

  it('that fifty clients send at once is answered the same to all, and stored once', async () => {
    const before = (await storedKeys()).length
    const answers = await Promise.all(Array.from({ length: 50 }, () => variant('once/made', image)))
    expect(new Set(answers.map(({ headers }) => headers.etag)).size).toBe(1)
    expect((await storedKeys()).length).toBe(before + 1)
  })
})

describe('a variant of an image that is updated', () => {
  it('shows the new bytes at once, and the old variant is gone', async () => {
    const image = await created('replaced', await jpegOf(SIZE, () => RED))
    const before = await variant('replaced', image)
    const old = await storedKeys()
    await client.call('product_media.update', 'Sku', image, {
      file: { mime: 'image/png', content: (await pngOf(SIZE, () => BLUE)).toString('base64') },
    })
    const after = await variant('replaced', image, { 'if-none-match': before.headers.etag ?? '' })
    expect(after.headers['content-type']).toBe('image/png')
    await expectPainting(after, { width: 60, height: 40 }, () => BLUE)
    expect(Date.parse(after.headers['last-modified'] ?? '')).toBeGreaterThan(
      Date.parse(before.headers['last-modified'] ?? ''),
    )
    // The old original stays, as it does without variants; the old variant does not.
    const isOld = (key: string) => /replaced/.test(key)
    expect(old.filter(isOld)).toHaveLength(2)
    expect((await storedKeys()).filter(isOld)).toHaveLength(3)
  })

  it('stays when no bytes change', async () => {
    const image = await created('relabelled', await jpegOf(SIZE, () => YELLOW))
    const { etag } = (await variant('replaced', image)).headers
    const keys = await storedKeys()
    await client.call('product_media.update', 'Sku', image, { label: 'new' })
    expect((await variant('replaced', image)).headers.etag).toBe(etag)
    expect(await storedKeys()).toEqual(keys)
  })

  it('is made anew when somebody has deleted its bytes', async () => {
    const image = await created('wiped', await jpegOf(SIZE, quarters))
    const originals = await storedKeys()
    const before = await variant('replaced', image)
    for (const key of await storedKeys())
      if (!originals.includes(key)) await server.storage.images.delete(key)
    const after = await variant('replaced', image)
    expect(after.headers.etag).toBe(before.headers.etag)
  })
})

describe('a path of no variant', () => {
  let image: string
  let before: readonly string[]

  beforeAll(async () => {
    image = await created('known', await jpegOf(SIZE, quarters))
    before = await storedKeys()
  })

  afterAll(async () => {
    expect(await storedKeys()).toEqual(before)
  })

  it.each([
    ['an unknown preset', () => `/nosuch${image}`],
    ['a preset of another case', () => `/INSIDE${image}`],
    ['a part of a preset', () => `/larger/nosuch${image}`],
    ['no preset', () => image],
    ['an unlisted size', () => `/1/image/9999x9999/9df78eab33525d08d6e5fb8d27136e95${image}`],
    ['a word of JavaScript', () => `/constructor${image}`],
    ['another word of JavaScript', () => `/__proto__${image}`],
    ['an unknown image', () => '/inside/n/o/none.jpg'],
    ['no image', () => '/inside'],
    ['a directory', () => '/inside/k/n/'],
    ['a variant of a variant', () => `/inside/cache/inside${image}`],
    ['the key of stored bytes', () => `/inside${before[0]}`],
    ['a path up', () => '/inside/../../../../../etc/passwd'],
    ['a path up and down again', () => `/inside/../inside${image}`],
    ['a path up, encoded', () => `/inside/%2e%2e/inside${image}`],
    ['a path up in the image', () => '/inside/k/../known.jpg'],
    ['an encoded slash in the image', () => `/inside${image.replace('/k/n/', '/k%2fn/')}`],
    ['an encoded slash before the image', () => `/inside%2F${image.slice(1)}`],
    ['an encoded slash in the preset', () => `/larger%2fgrown${image}`],
    ['a slash that is encoded twice', () => `/larger%252fgrown${image}`],
    ['backslashes', () => `/inside${image.replaceAll('/', '%5c')}`],
    ['a doubled slash', () => `/inside/${image}`],
    ['a slash behind', () => `/inside${image}/`],
    ['a NUL', () => `/inside${image}%00`],
    ['a NUL in the preset', () => `/inside%00${image}`],
    ['a line break in the preset', () => `/inside%0a${image}`],
    ['a bad escape', () => `/inside${image}%zz`],
    ['SQL', () => "/inside/k/n/'%20OR%20'1'='1"],
    ['a very long preset', () => `/${'a/'.repeat(4000)}inside${image}`],
  ])('(%s) is not found, and stores nothing', async (_name, pathOf) => {
    const answer = await ask(pathOf())
    expect(answer.status).toBe(404)
    expect(answer.text).toBe('Not found\n')
  })
})

describe('without presets', () => {
  it('there are no variants', async () => {
    const plain = await startTestServer({ seed: SMALL_SHOP })
    const { call } = await login(plain.url)
    const file = {
      name: 'plain',
      mime: 'image/jpeg',
      content: (await jpegOf(SIZE, quarters)).toString('base64'),
    }
    const image = await call('product_media.create', 'Sku', { file })
    expect((await send(plain.url, { path: `${CACHE}/inside${String(image)}` })).status).toBe(404)
    await plain.stop()
  })
})

async function storedKeys(): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const { key } of server.storage.images.list()) keys.push(key)
  return keys.sort()
}
