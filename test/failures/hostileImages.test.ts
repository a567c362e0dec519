import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { childrenOf } from '../hostile/support/watchedServer'
import { send } from '../support/http'
import { compressedUnicode, pngWith } from '../support/pictures'
import { temporaryDirectory } from '../support/server'
import { eventually, type FailingShop, failingShop, newImage } from './support/failingShop'

const MB = 1024 * 1024

/** A preset that takes seconds of a processor, and whose encoder cannot be told to stop. */
const PRESETS = JSON.stringify({
  slow: { width: 4096, height: 4096, fit: 'fill', enlarge: true, formats: ['avif'] },
})

let shop: FailingShop
let remove: () => Promise<void>
let presets: string

beforeAll(async () => {
  const temporary = await temporaryDirectory()
  remove = temporary.remove
  presets = path.join(temporary.directory, 'presets.json')
  await writeFile(presets, PRESETS)
})

afterAll(() => remove())

const started = (timeoutSeconds: string) =>
  failingShop({
    KEEPSAKE_DECODE_TIMEOUT: timeoutSeconds,
    KEEPSAKE_DECODE_CONCURRENCY: '1',
    KEEPSAKE_IMAGE_PRESETS: presets,
  })

/** Stores an image, and answers where its slow variant is. */
async function slowVariant(): Promise<string> {
  const noise = sharp(randomBytes(512 * 512 * 3), { raw: { width: 512, height: 512, channels: 3 } })
  const content = (await noise.png().toBuffer()).toString('base64')
  const file = await shop.client.call('product_media.create', 'Sku', { file: { mime: 'image/png', content } })
  return `/media/catalog/product/cache/slow${file}`
}

const isAlive = (pid: number) => {
  try {
    // One that has ended, and whose parent has not taken notice yet, is a zombie.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'))
  } catch {
    return false
  }
}

describe('with a short time for each image', () => {
  beforeAll(async () => {
    shop = await started('1')
  })

  it('an image of forty packed texts of 50 MB is refused before anything unpacks them', async () => {
    const bomb = pngWith(Array(40).fill(compressedUnicode(deflateSync(Buffer.alloc(50 * MB)))))
    const file = { mime: 'image/png', content: bomb.toString('base64') }
    expect(await shop.client.fault('product_media.create', 'Sku', { file })).toEqual({
      code: '104',
      message: 'Invalid image.',
    })
  })

  it('a variant that takes longer is given up with its decoder, and the next image has the place', async () => {
    const variant = await slowVariant()
    const [decoder = 0] = childrenOf(shop.server.pid)
    expect((await send(shop.server.url, { path: variant })).status).toBe(500)
    await eventually(() => !isAlive(decoder))
    expect(await shop.client.call('product_media.create', 'Sku', await newImage(1))).toMatch(/^\//)
  })

  it('a decoder that is killed is replaced, and the image that comes next is stored', async () => {
    await shop.client.call('product_media.create', 'Sku', await newImage(2))
    const [decoder = 0] = childrenOf(shop.server.pid)
    process.kill(decoder, 'SIGKILL')
    expect(await shop.client.call('product_media.create', 'Sku', await newImage(3))).toMatch(/^\//)
    expect(childrenOf(shop.server.pid)).not.toContain(decoder)
  })

  it('the log has told why each was refused', async () => {
    const { stderr } = await shop.stop()
    expect(stderr).toContain('"image":"it has over 131072 bytes of compressed text"')
    expect(stderr).toContain('it takes longer than 1 s to decode')
  })
})

describe('a server that ends while a variant is made', () => {
  let decoder: number

  beforeEach(async () => {
    shop = await started('600')
    const variant = await slowVariant()
    decoder = childrenOf(shop.server.pid)[0] ?? 0
    expect(isAlive(decoder)).toBe(true)
    void send(shop.server.url, { path: variant }).catch(() => {})
    await eventually(() => workedTicks(decoder) > STARTED_TICKS)
  })

  it('by SIGTERM ends its decoder', async () => {
    expect((await shop.stop()).code).toBe(0)
    await eventually(() => !isAlive(decoder))
  })

  it('by SIGKILL leaves no decoder', async () => {
    await shop.server.stop('SIGKILL')
    await eventually(() => !isAlive(decoder))
    await shop.stop()
  })
})

/** More than a decoder has worked when it has only started and measured a small image, in hundredths of a second. */
const STARTED_TICKS = 120

/** How long a process has worked (proc(5), the fields utime and stime). */
function workedTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')
  return Number(fields[11]) + Number(fields[12])
}
