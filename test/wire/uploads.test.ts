import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { deflateSync } from 'node:zlib'
import { send } from '../support/http'
import { animatedGif, bitmap, compressedUnicode, picture, pngClaiming, pngWith } from '../support/pictures'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer, temporaryDirectory } from '../support/server'
import { login, type SoapClient } from '../support/soap'

let server: TestServer
let client: SoapClient
let dataDirectory: string
let removeDirectory: () => Promise<void>

beforeAll(async () => {
  const { directory, remove } = await temporaryDirectory()
  dataDirectory = directory
  removeDirectory = remove
  server = await startTestServer({ seed: SMALL_SHOP, environment: { KEEPSAKE_DATA_DIR: directory } })
  client = await login(server.url)
})

afterAll(async () => {
  await server.stop()
  await removeDirectory()
})

/** Every file below the image directory, unfinished ones included. */
async function storedFiles(): Promise<readonly string[]> {
  const entries = await readdir(path.join(dataDirectory, 'images'), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

const data = (bytes: Buffer, mime: string) => ({
  file: { name: 'upload', mime, content: bytes.toString('base64') },
})

const cut = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))

const SVG = Buffer.from(
  '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>',
)

/** What is refused: its name, its bytes, the type that the client claims, and the reason. */
const REFUSED: readonly [string, () => Buffer | Promise<Buffer>, string, string][] = [
  ['half a PNG', async () => cut(await picture('png')), 'image/png', 'Invalid image.'],
  ['the first bytes of a JPEG', () => Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'image/jpeg', 'Invalid image.'],
  [
    'the first bytes of a PNG',
    async () => (await picture('png')).subarray(0, 8),
    'image/png',
    'Invalid image.',
  ],
  ['the first bytes of a GIF', () => Buffer.from('GIF89a'), 'image/gif', 'Invalid image.'],
  ['a GIF of HTML', () => Buffer.from('GIF89a<script>alert(1)</script>'), 'image/gif', 'Invalid image.'],
  ['a PNG that claims 900 million pixels', () => pngClaiming(30_000, 30_000), 'image/png', 'Invalid image.'],
  ['a PNG that claims more rows than it has', () => pngClaiming(100, 100), 'image/png', 'Invalid image.'],
  [
    'a PNG whose texts unpack to much more than its pixels',
    () => pngWith(Array(20).fill(compressedUnicode(deflateSync(Buffer.alloc(10_000_000))))),
    'image/png',
    'Invalid image.',
  ],
  ['a GIF of more frames than anybody looks at', () => animatedGif(10_001), 'image/gif', 'Invalid image.'],
  ['a PNG of no size', () => pngClaiming(0, 0), 'image/png', 'Invalid image.'],
  ['an SVG as PNG', () => SVG, 'image/png', 'Unsupported image format.'],
  ['a WebP as JPEG', () => picture('webp'), 'image/jpeg', 'Unsupported image format.'],
  ['a BMP as JPEG', bitmap, 'image/jpeg', 'Unsupported image format.'],
  ['a PDF as GIF', () => Buffer.from('%PDF-1.4\n%%EOF'), 'image/gif', 'Unsupported image format.'],
  ['a text', () => Buffer.from('hello'), 'image/png', 'Unsupported image format.'],
  [
    'a JPEG behind a newline',
    async () => Buffer.concat([Buffer.from('\n'), await picture('jpeg')]),
    'image/jpeg',
    'Unsupported image format.',
  ],
]

describe('what is no whole image', () => {
  it.each(REFUSED)('%s is refused by create, and nothing stays', async (_name, bytes, mime, message) => {
    const before = await storedFiles()
    const upload = data(await bytes(), mime)
    expect(await client.fault('product_media.create', 'Sku', upload)).toEqual({ code: '104', message })
    expect(await storedFiles()).toEqual(before)
    expect(await client.call('product_media.list', 'Sku')).toEqual([])
  })

  it('leaves its name free', async () => {
    const refused = { file: { name: 'free', mime: 'image/png', content: SVG.toString('base64') } }
    expect(await client.fault('product_media.create', 'Sku', refused)).toMatchObject({ code: '104' })
    const content = (await picture('png')).toString('base64')
    const file = await client.call('product_media.create', 'Sku', {
      file: { name: 'free', mime: 'image/png', content },
    })
    expect(file).toBe('/f/r/free.png')
    await client.call('product_media.remove', 'Sku', file)
  })

  it('leaves no bytes either when it is refused for its name alone, which is seen after they were stored', async () => {
    // The longest name, which leaves no room to count on when it is taken.
    const upload = {
      file: { name: 'n'.repeat(251), mime: 'image/png', content: (await picture('png')).toString('base64') },
    }
    const first = await client.call('product_media.create', 'Sku', upload)
    const before = await storedFiles()
    expect(await client.fault('product_media.create', 'Sku', upload)).toEqual({
      code: '104',
      message: 'Cannot create image.',
    })
    expect(await storedFiles()).toEqual(before)
    await client.call('product_media.remove', 'Sku', first)
  })

  describe('in place of a good image', () => {
    let file: string
    let url: string
    let good: Buffer

    beforeAll(async () => {
      good = await picture('png', 9)
      file = String(
        await client.call('product_media.create', 'Sku', { ...data(good, 'image/png'), label: 'good' }),
      )
      url = `/media/catalog/product${file}`
    })

    afterAll(() => client.call('product_media.remove', 'Sku', file))

    it.each(REFUSED)(
      '%s is refused by update, and the good one stays',
      async (_name, bytes, mime, message) => {
        const before = [await storedFiles(), await client.call('product_media.list', 'Sku')]
        const upload = { ...data(await bytes(), mime), label: 'bad' }
        expect(await client.fault('product_media.update', 'Sku', file, upload)).toEqual({
          code: '105',
          message,
        })
        expect([await storedFiles(), await client.call('product_media.list', 'Sku')]).toEqual(before)
        const { body } = await send(server.url, { path: url })
        expect(body.equals(good)).toBe(true)
      },
    )
  })
})

describe('what the calls themselves refuse', () => {
  const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

  it.each([
    ['no file', {}, '102', 'The image is not specified.'],
    ['no content', { file: { mime: 'image/gif' } }, '102', 'The image is not specified.'],
    ['no type', { file: { content: GIF } }, '102', 'The image is not specified.'],
    ['a type of another kind', { file: { mime: 'image/webp', content: GIF } }, '102', 'Invalid image type.'],
    ['a type in other letters', { file: { mime: 'IMAGE/GIF', content: GIF } }, '102', 'Invalid image type.'],
    [
      'no base64',
      { file: { mime: 'image/gif', content: '***' } },
      '102',
      'The image contents is not valid base64 data.',
    ],
    [
      'base64 for URLs',
      { file: { mime: 'image/gif', content: '_-_-' } },
      '102',
      'The image contents is not valid base64 data.',
    ],
    [
      'no bytes',
      { file: { mime: 'image/gif', content: '' } },
      '102',
      'The image contents is not valid base64 data.',
    ],
    [
      'a name that leads elsewhere',
      { file: { mime: 'image/gif', content: GIF, name: '../../etc/x' } },
      '104',
      'Cannot create image.',
    ],
    [
      'a name too long for a disk',
      { file: { mime: 'image/gif', content: GIF, name: 'n'.repeat(300) } },
      '104',
      'Cannot create image.',
    ],
  ])('%s is refused, and nothing stays', async (_name, upload, code, message) => {
    const before = await storedFiles()
    expect(await client.fault('product_media.create', 'Sku', upload)).toEqual({ code, message })
    expect(await storedFiles()).toEqual(before)
  })

  it.each([
    ['dots', '..', '/_/_/...gif'],
    ['a hidden name', '.htaccess', '/_/h/.htaccess.gif'],
    ['backslashes', '..\\..\\x', '/_/_/.._.._x.gif'],
    ['a program', 'shell.php', '/s/h/shell.php.gif'],
    ['one letter', 'q', '/q/_/q.gif'],
  ])('a name of %s stays below the image directory', async (_name, name, expected) => {
    const file = await client.call('product_media.create', 'Sku', {
      file: { mime: 'image/gif', content: GIF, name },
    })
    expect(file).toBe(expected)
    expect((await send(server.url, { path: `/media/catalog/product${expected}` })).status).toBe(200)
    await client.call('product_media.remove', 'Sku', file)
  })
})
