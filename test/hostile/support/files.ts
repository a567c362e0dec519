import { randomBytes } from 'node:crypto'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import {
  animatedGif,
  bitmap,
  compressedText,
  compressedUnicode,
  gifBlocks,
  jpegWith,
  metadataSegment,
  picture,
  pngChunk,
  pngClaiming,
  pngWith,
  scan,
} from '../../support/pictures'
import {
  createJsonRpc,
  createSoap,
  createV2,
  createWsi,
  createXmlRpc,
  filled,
  HERE,
  type HostileInput,
  jsonRpc,
  loginWith,
  MB,
  rest,
  soap,
  typed,
  withBytes,
  xmlRpc,
} from './requests'

const UNSUPPORTED = /^200 .*<faultcode>104<.*Unsupported image format/s
const INVALID = /^200 .*<faultcode>104<.*Invalid image/s
const STORED = /^200 .*\/h\/o\/hostile/s
/** A client that is still sending may find the connection closed before it sees the answer. */
const TOO_LARGE = /^(?:0 |(?:500|200) .*larger than 67108864 bytes)/s

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

/** An image as large as a body allows when it is written in base64: noise cannot be packed. */
async function largest(): Promise<Buffer> {
  const [width, height] = [4000, 3900]
  return sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer()
}

/** A square of noise that is nearly grey, so that a photograph's bytes come of it. */
function noise(size: number): Sharp {
  const raw = { width: size, height: size, channels: 3 } as const
  return sharp(randomBytes(size * size * 3), { raw, limitInputPixels: false }).blur(0.6)
}

/** As many pixels as are allowed by default, in the forms that take the most memory to decode. */
async function manyPixels(): Promise<Readonly<Record<string, Buffer>>> {
  const blank = (channels: 3 | 4) =>
    sharp({ create: { width: 7000, height: 7000, channels, background: '#fff' }, limitInputPixels: false })
  return {
    'a progressive JPEG of 49 megapixels': await blank(3)
      .jpeg({ progressive: true, chromaSubsampling: '4:4:4' })
      .toBuffer(),
    'a progressive JPEG of 49 megapixels of noise': await noise(7000)
      .jpeg({ progressive: true, quality: 74, chromaSubsampling: '4:4:4' })
      .toBuffer(),
    'a progressive CMYK JPEG of 49 megapixels': await blank(3)
      .toColourspace('cmyk')
      .jpeg({ progressive: true })
      .toBuffer(),
    'an interlaced PNG of 49 megapixels in 16 bits': await blank(4)
      .toColourspace('rgb16')
      .png({ progressive: true })
      .toBuffer(),
    'a plain JPEG of 49 megapixels': await blank(3).jpeg().toBuffer(),
    'an interlaced PNG of 49 megapixels': await blank(4).png({ progressive: true }).toBuffer(),
    'a plain PNG of 49 megapixels': await blank(4).png().toBuffer(),
    'a GIF of 49 megapixels': await blank(4).gif().toBuffer(),
  }
}

/** Images of few pixels that have much else to be read: as much as is allowed, and more. */
async function costlyStructures(): Promise<readonly HostileInput[]> {
  const packed = deflateSync(Buffer.alloc(50 * MB))
  const most = deflateSync(Buffer.alloc(61 * MB))
  const jpeg = await picture('jpeg')
  const text = pngChunk('iTXt', Buffer.concat([Buffer.from('k\0\0\0\0\0'), Buffer.alloc(4 * MB, 'a')]))
  const png = (name: string, bytes: Buffer, says: RegExp) => uploads(name, bytes, 'image/png', says)
  return [
    png('a PNG of 40 packed texts of 50 MB', pngWith(Array(40).fill(compressedUnicode(packed))), INVALID),
    png('a PNG of 40 packed texts (zTXt) of 50 MB', pngWith(Array(40).fill(compressedText(packed))), INVALID),
    png('a PNG of two packed texts of 61 MB', pngWith(Array(2).fill(compressedUnicode(most))), STORED),
    png('a PNG of 40 MB of text', pngWith(Array(10).fill(text)), INVALID),
    png('a PNG of 12 MB of text', pngWith(Array(3).fill(text)), STORED),
    png(
      'a PNG of 40 profiles',
      pngWith(Array(40).fill(pngChunk('iCCP', compressedText(packed).subarray(8, -4)))),
      STORED,
    ),
    png(
      'a PNG of 3,000,000 empty chunks',
      pngWith(Array(3_000_000).fill(pngChunk('IDAT', Buffer.alloc(0)))),
      STORED,
    ),
    uploads(
      'a JPEG of 1,000,000 scans',
      jpegWith(jpeg, Array(1_000_000).fill(scan())),
      'image/jpeg',
      INVALID,
    ),
    uploads(
      'a JPEG of 40 MB of metadata',
      jpegWith(jpeg, Array(640).fill(metadataSegment(65_533))),
      'image/jpeg',
      INVALID,
    ),
    uploads(
      'a GIF of 4,000,000 comments',
      Buffer.concat([animatedGif(1).subarray(0, -1), gifBlocks(4_000_000)]),
      'image/gif',
      INVALID,
    ),
  ]
}

function uploads(name: string, bytes: Buffer, mime: string, says: RegExp): HostileInput {
  return {
    name: `SOAP: ${name}`,
    request: ({ session }) =>
      soap(withBytes(createSoap(session, { content: HERE, mime }), bytes.toString('base64'))),
    says,
    adds: says === STORED ? 1 : 0,
  }
}

/** Uploads that are no images, or more than one thing, or larger than they look; and bodies that are packed. */
export async function hostileFiles(): Promise<readonly HostileInput[]> {
  const large = await largest()
  const base64 = large.toString('base64')
  const pixels = await manyPixels()
  const tooMany = (session: string) => createSoap(session, { content: HERE })
  return [
    {
      name: 'SOAP: an image of 46 MB, folded as PHP folds it',
      request: ({ session }) =>
        soap(withBytes(createSoap(session, { content: HERE }), base64.replace(/.{76}/g, '$&\n'))),
      says: STORED,
      adds: 1,
    },
    {
      name: 'v2: an image of 46 MB',
      request: ({ session }) => typed(withBytes(createV2(session, { content: HERE }), base64)),
      says: STORED,
      adds: 1,
    },
    {
      name: 'WS-I: an image of 46 MB',
      request: ({ session }) => typed(withBytes(createWsi(session, { content: HERE }), base64)),
      says: STORED,
      adds: 1,
    },
    {
      name: 'XML-RPC: an image of 46 MB',
      request: ({ session }) => xmlRpc(withBytes(createXmlRpc(session, { content: HERE }), base64)),
      says: STORED,
      adds: 1,
    },
    {
      name: 'JSON-RPC: an image of 46 MB',
      request: ({ session }) => jsonRpc(withBytes(createJsonRpc(session, { content: HERE }), base64)),
      says: /^200 .*\/h\/o\/hostile/s,
      adds: 1,
    },
    {
      name: 'REST: an image of 46 MB in JSON',
      request: (target) =>
        rest(
          target,
          'application/json',
          withBytes(`{"file_name":"hostile","file_mime_type":"image/png","file_content":"${HERE}"}`, base64),
        ),
      says: /^200 /,
      adds: 1,
    },
    {
      name: 'SOAP: an image of 46 MB that is cut off',
      request: ({ session }) =>
        soap(
          withBytes(
            createSoap(session, { content: HERE }),
            large.subarray(0, large.length - MB).toString('base64'),
          ),
        ),
      says: INVALID,
    },
    ...Object.entries(pixels).map(([name, bytes]) =>
      uploads(
        name,
        bytes,
        name.includes('JPEG') ? 'image/jpeg' : name.includes('PNG') ? 'image/png' : 'image/gif',
        name.includes('CMYK') || name.includes('16 bits') ? INVALID : STORED,
      ),
    ),
    uploads('a PNG that claims 50,000 × 50,000 pixels', pngClaiming(50_000, 50_000), 'image/png', INVALID),
    uploads(
      'a PNG that claims 2,147,483,647 × 1 pixels',
      pngClaiming(2_147_483_647, 1),
      'image/png',
      INVALID,
    ),
    uploads('a GIF of 1,500,000 frames', animatedGif(1_500_000), 'image/gif', INVALID),
    uploads('a GIF of 10,000 frames', animatedGif(10_000), 'image/gif', STORED),
    ...(await costlyStructures()),
    uploads(
      'an SVG as PNG',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'image/png',
      UNSUPPORTED,
    ),
    uploads('a bitmap as PNG', bitmap(), 'image/png', UNSUPPORTED),
    uploads('a script as GIF', Buffer.from('GIF89a=1;alert(1)'), 'image/gif', INVALID),
    uploads(
      'a GIF with a script behind it',
      Buffer.concat([GIF, Buffer.from('/**/=1;alert(1)')]),
      'image/gif',
      STORED,
    ),
    uploads(
      'a GIF with an archive behind it',
      Buffer.concat([GIF, Buffer.from('PK\x03\x04', 'latin1'), deflateRawSync('x')]),
      'image/gif',
      STORED,
    ),
    {
      name: 'SOAP: a packed body of a thousand times its size',
      request: () => packed(gzipSync(filled(1024 * MB, ' '))),
      says: TOO_LARGE,
    },
    {
      name: 'SOAP: a packed body that unpacks to 60 MB of &lt;',
      request: () => packed(gzipSync(withBytes(loginWith(HERE), filled(60 * MB, '&lt;')))),
      says: /^200 .*<faultcode>2</s,
    },
    {
      name: 'SOAP: a body that is packed twice',
      request: () => packed(gzipSync(gzipSync(filled(512 * MB, ' '))), 'gzip, gzip'),
      says: /^500 .*Content-Encoding is not supported/s,
    },
    {
      name: 'SOAP: a packed body that is cut off',
      request: () => packed(gzipSync(loginWith('a')).subarray(0, 40)),
      says: /^500 .*Request body cannot be read/s,
    },
    {
      name: 'SOAP: a body that is larger than the limit',
      request: ({ session }) => soap(withBytes(tooMany(session), filled(65 * MB, 'A'))),
      says: TOO_LARGE,
    },
    ...(
      [
        ['../../../etc/passwd', /<faultcode>104</],
        ['n'.repeat(10_240), /<faultcode>104</],
        ['a\0b', /Invalid XML/],
        ['a\u202egpj.exe', /\/a\/_\/a_gpj\.exe/],
        ['.htaccess', /\/_\/h\/\.htaccess/],
        ['a%00b', /\/a\/_\/a_00b/],
      ] as const
    ).map(
      ([name, says]): HostileInput => ({
        name: `SOAP: a file called ${JSON.stringify(name.slice(0, 40))}`,
        request: ({ session }) =>
          soap(createSoap(session, { content: GIF.toString('base64'), mime: 'image/gif', name })),
        says,
        adds: /fault|Invalid/.test(says.source) ? 0 : 1,
      }),
    ),
    {
      name: 'a URL of 20 KB',
      request: () => ({ path: `/api/soap/?${'a'.repeat(20_000)}` }),
      says: /^431 /,
    },
    {
      name: 'a header of 1 MB',
      request: () => ({
        path: '/api/rest/products/1/images',
        headers: { authorization: `OAuth a="${'a'.repeat(MB)}"` },
      }),
      says: /^(?:431|0) /,
    },
  ]
}

function packed(body: Buffer, encoding = 'gzip') {
  const request = soap(body)
  return { ...request, headers: { ...request.headers, 'content-encoding': encoding } }
}
