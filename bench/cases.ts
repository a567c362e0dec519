import { randomBytes } from 'node:crypto'
import sharp from 'sharp'
import { lists } from './dialects'
import { answerOf, type BenchRequest, type Load } from './load'
import { callRequest, loginRequest, map, post, returned, text } from './soap'

export interface Case {
  readonly name: string
  /** The requests, which are sent one after the other, again and again. */
  readonly requests: readonly BenchRequest[]
  readonly load: Load
}

export const USER = { username: 'apiUser', apiKey: 'bench-key' }

/** The products that uploads go to. There are many, as in a real import. */
const UPLOAD_SKUS = Array.from({ length: 200 }, (_, index) => `upload-${index}`)

const BENCH_PRODUCT = 1

export const SEED = {
  websites: [{ id: 1, code: 'base' }],
  stores: [{ id: 1, code: 'default', website: 1 }],
  attributeSets: [{ id: 4, name: 'Default', gallery: true }],
  roles: [{ name: 'all', resources: ['all'] }],
  users: [{ ...USER, role: 'all' }],
  products: ['bench', ...UPLOAD_SKUS].map((sku, index) => ({
    id: BENCH_PRODUCT + index,
    sku,
    attributeSet: 4,
    websites: [1],
  })),
}

const PRESET = 'bench/265x'

export const IMAGE_PRESETS = { [PRESET]: { width: 265 } }

const READ: Load = { connections: 16, seconds: 5 }
const WRITE: Load = { connections: 4, seconds: 5 }

/** Adds five images to the gallery that the cases read, and returns the cases. */
export async function prepareCases(url: string): Promise<readonly Case[]> {
  const sessionId = returned(await post(url, loginRequest(USER.username, USER.apiKey)))
  const small = await noisyJpeg(50_000)
  const large = await noisyJpeg(500_000)
  const files: string[] = []
  for (let number = 1; number <= 5; number++) {
    files.push(returned(await post(url, createRequest(sessionId, 'bench', `picture${number}`, small, '0'))))
  }
  const call = (path: string, ...args: string[]) =>
    callRequest(
      sessionId,
      path,
      args.map((value) => text('item', value)),
    )
  const creates = (name: string, jpeg: Buffer) =>
    UPLOAD_SKUS.map((sku) => createRequest(sessionId, sku, `${name}-${sku}`, jpeg))
  return [
    { name: 'list, 5 images', requests: soap(call('product_media.list', 'bench')), load: READ },
    ...lists(sessionId, 'bench').map((dialect) => ({ ...dialect, load: READ })),
    { name: 'REST GET, 5 images', requests: [REST_GET], load: READ },
    { name: 'info', requests: soap(call('product_media.info', 'bench', files[0] ?? '')), load: READ },
    { name: 'fault 101', requests: soap(call('product_media.list', 'no such product')), load: READ },
    { name: 'login', requests: soap(loginRequest(USER.username, USER.apiKey)), load: READ },
    ...(await imageCases(url, sessionId, large)),
    { name: 'create, 50 KB', requests: soap(...creates('small', small)), load: WRITE },
    { name: 'create, 500 KB', requests: soap(...creates('large', large)), load: WRITE },
  ]
}

/**
 * Returns a case for a stored variant and one for an original with the same bytes, so that the size makes no
 * difference.
 */
async function imageCases(url: string, sessionId: string, jpeg: Buffer): Promise<readonly Case[]> {
  const upload = async (name: string, bytes: Buffer) =>
    `/media/catalog/product${returned(await post(url, createRequest(sessionId, UPLOAD_SKUS[0] ?? '', name, bytes)))}`
  const variant = get((await upload('to-resize', jpeg)).replace('/product/', `/product/cache/${PRESET}/`))
  const bytes = await answerOf(url, variant)
  const original = get(await upload('resized', bytes))
  const size = `${Math.round(bytes.length / 1000)} KB`
  return [
    { name: `image, ${size}`, requests: [original], load: READ },
    { name: `variant, ${size}`, requests: [variant], load: READ },
  ]
}

function get(path: string): BenchRequest {
  return { method: 'GET', path, headers: {} }
}

/** A request of a guest, as the pages of a shop make it. */
const REST_GET: BenchRequest = {
  method: 'GET',
  path: `/api/rest/products/${BENCH_PRODUCT}/images`,
  headers: { accept: 'application/json' },
}

function soap(...bodies: readonly string[]): readonly BenchRequest[] {
  const headers = { 'content-type': 'text/xml; charset=utf-8' }
  return bodies.map((body) => ({ method: 'POST', path: '/api/soap/', headers, body }))
}

function createRequest(sessionId: string, sku: string, name: string, jpeg: Buffer, exclude = '1'): string {
  const file = map('value', {
    name: text('value', name),
    mime: text('value', 'image/jpeg'),
    content: text('value', jpeg.toString('base64')),
  })
  const data = map('item', { file, label: text('value', name), exclude: text('value', exclude) })
  return callRequest(sessionId, 'product_media.create', [text('item', sku), data])
}

/** Makes a JPEG of about this size. Like a photograph, it is partly smooth and partly noisy. */
async function noisyJpeg(bytes: number): Promise<Buffer> {
  const width = Math.round(Math.sqrt(bytes * 6))
  const height = Math.round((width * 3) / 4)
  const noise = sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } }).blur(1.2)
  let best = Buffer.alloc(0)
  for (let quality = 95; quality >= 40; quality -= 5) {
    best = await noise.clone().jpeg({ quality }).toBuffer()
    if (best.length <= bytes) break
  }
  return best
}
