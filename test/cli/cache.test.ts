import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Environment, keepsake, serving } from '../support/cli'
import { send } from '../support/http'
import { picture } from '../support/pictures'
import { SMALL_SHOP } from '../support/seed'
import { temporaryDirectory } from '../support/server'
import { login } from '../support/soap'

const PRESETS = {
  thumbnail: { width: 20, formats: ['webp', 'original'] },
  small: { width: 30 },
  'small/again': { width: 30 },
}
const IMAGES = 3

let images: string
let environment: Environment
let removeDirectory: () => Promise<void>
let files: readonly string[]

beforeAll(async () => {
  const { directory, remove } = await temporaryDirectory()
  removeDirectory = remove
  images = path.join(directory, 'data', 'images')
  const presets = path.join(directory, 'presets.json')
  environment = { KEEPSAKE_DATA_DIR: path.join(directory, 'data'), KEEPSAKE_IMAGE_PRESETS: presets }
  await writeFile(presets, JSON.stringify(PRESETS))
  await writeFile(path.join(directory, 'seed.json'), SMALL_SHOP)
  expect((await keepsake(['seed', path.join(directory, 'seed.json')], environment)).code).toBe(0)
  await withServer(async (url) => {
    const client = await login(url)
    const created: string[] = []
    for (let index = 0; index < IMAGES; index++) {
      const content = (await picture('jpeg', index)).toString('base64')
      const file = { name: `image${index}`, mime: 'image/jpeg', content }
      created.push(String(await client.call('product_media.create', 'Sku', { file })))
    }
    files = created
  })
})

afterAll(() => removeDirectory())

const cache = (...args: readonly string[]) => keepsake(['cache', ...args], environment)

const stored = async () =>
  (await readdir(images, { recursive: true })).filter((name) => /~.+\.[a-z]+$/.test(name)).sort()

async function withServer(work: (url: string) => Promise<void>): Promise<void> {
  const server = await serving(environment)
  try {
    await work(server.url)
  } finally {
    await server.stop('SIGTERM')
  }
}

const done = (stdout: string) => ({ code: 0, stdout, stderr: '' })
const refused = (reason: string) => ({ code: 1, stdout: '', stderr: `keepsake: ${reason}\n` })

describe('cache warm', () => {
  it('makes the variants of the presets that it is given', async () => {
    expect(await cache('warm', '--preset', 'small')).toEqual(done('Made 3 variants; 0 were there.\n'))
    expect(await stored()).toHaveLength(IMAGES + 3)
  })

  it('makes what is missing of all presets, and nothing twice', async () => {
    expect(await cache('warm')).toEqual(done('Made 6 variants; 6 were there.\n'))
    expect(await stored()).toHaveLength(IMAGES + 9)
    expect(await cache('warm')).toEqual(done('Made 0 variants; 12 were there.\n'))
  })

  it('makes what the server then serves, as it is', async () => {
    const before = await stored()
    await withServer(async (url) => {
      for (const preset of Object.keys(PRESETS)) {
        const variant = `/media/catalog/product/cache/${preset}${files[0]}`
        expect((await send(url, { path: variant })).status).toBe(200)
      }
    })
    expect(await stored()).toEqual(before)
  })

  it('refuses a preset that is not listed', async () => {
    expect(await cache('warm', '--preset', 'small', '--preset', 'nosuch')).toEqual(
      refused('KEEPSAKE_IMAGE_PRESETS lists no preset nosuch'),
    )
  })

  it('refuses when no preset is listed at all', async () => {
    expect(await keepsake(['cache', 'warm'], { ...environment, KEEPSAKE_IMAGE_PRESETS: '' })).toEqual(
      refused('KEEPSAKE_IMAGE_PRESETS lists no preset to make variants by'),
    )
  })
})

describe('cache clear', () => {
  it('deletes the variants of the presets that it is given', async () => {
    const before = await stored()
    expect(await cache('clear', '--preset', 'thumbnail')).toEqual(done('Deleted 6 variants.\n'))
    expect(await stored()).toHaveLength(before.length - 6)
  })

  it('deletes all, and leaves the images', async () => {
    expect(await cache('clear')).toEqual(done('Deleted 3 variants.\n'))
    expect(await cache('clear')).toEqual(done('Deleted 0 variants.\n'))
    expect(await stored()).toHaveLength(IMAGES)
    await withServer(async (url) => {
      for (const file of files)
        expect((await send(url, { path: `/media/catalog/product${file}` })).status).toBe(200)
    })
  })

  it('refuses a preset that is not listed', async () => {
    expect(await cache('clear', '--preset', 'nosuch')).toEqual(
      refused('KEEPSAKE_IMAGE_PRESETS lists no preset nosuch'),
    )
  })
})

describe('cache warm, with an image whose bytes have been spoilt', () => {
  it('makes all others, and names it', async () => {
    const [first = ''] = await stored()
    await writeFile(path.join(images, first), 'spoilt')
    const { code, stdout, stderr } = await cache('warm', '--preset', 'small')
    expect([code, stdout]).toEqual([1, 'Made 2 variants; 0 were there.\n'])
    expect(stderr).toMatch(/^keepsake: 1 images failed:\n {2}\/i\/m\/image0\.jpg: .+\n$/)
  })
})
