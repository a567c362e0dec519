import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { send } from '../support/http'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer, temporaryDirectory } from '../support/server'
import { login } from '../support/soap'
import { describeWithBrowser, launchBrowser, openPage } from './support/browser'

const SIZE = 64
/** Of 255: what rounding, and a JPEG made anew, may change of a patch of one colour. */
const TOLERANCE = 6

/** The shares of cyan, magenta, yellow and black of the patches, as JPEGs hold them. */
const INKS = [
  [0, 0, 0, 0],
  [255, 0, 0, 0],
  [0, 255, 0, 0],
  [0, 0, 255, 0],
  [0, 0, 0, 255],
  [0, 128, 255, 0],
  [200, 120, 0, 60],
  [60, 60, 60, 100],
] as const

describeWithBrowser('a variant of an image in printing colours', () => {
  let browser: Browser
  let page: Page
  let server: TestServer
  let removePresets: () => Promise<void>

  beforeAll(async () => {
    const { directory, remove } = await temporaryDirectory()
    removePresets = remove
    const presets = path.join(directory, 'presets.json')
    const preset = { width: SIZE, height: SIZE, fit: 'fill', formats: ['png'] }
    await writeFile(presets, JSON.stringify({ same: preset }))
    server = await startTestServer({
      seed: SMALL_SHOP,
      environment: { KEEPSAKE_MEMORY: 'true', KEEPSAKE_IMAGE_PRESETS: presets },
    })
    browser = await launchBrowser()
    page = await openPage(browser, 'about:blank')
  })

  afterAll(async () => {
    await browser.close()
    await server.stop()
    await removePresets()
  })

  test.each(INKS)('looks as the browser shows the original: %i, %i, %i, %i', async (...inks) => {
    const client = await login(server.url)
    const content = (await patchOf(inks)).toString('base64')
    const sent = { name: 'ink', mime: 'image/jpeg', content }
    const file = String(await client.call('product_media.create', 'Sku', { file: sent }))
    const original = await colourOf(page, server.url, file)
    const variant = await colourOf(page, server.url, `/cache/same${file}`)
    for (const [channel, value] of original.entries())
      expect(Math.abs(value - (variant[channel] ?? 0))).toBeLessThanOrEqual(TOLERANCE)
  })
})

/** Returns a JPEG of one colour, without a colour profile. */
async function patchOf(inks: readonly number[]): Promise<Buffer> {
  const pixels = Buffer.alloc(SIZE * SIZE * inks.length, Buffer.from(inks))
  return sharp(pixels, { raw: { width: SIZE, height: SIZE, channels: 4 } })
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .jpeg({ quality: 95 })
    .toBuffer()
}

/** What the browser makes of an image at a URL of any kind: red, green and blue of its middle. */
const IN_BROWSER = `async (url) => {
  const image = new Image()
  image.src = url
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.width
  canvas.height = image.height
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0)
  return [...context.getImageData(image.width / 2, image.height / 2, 1, 1).data].slice(0, 3)
}`

/** Returns red, green and blue of the middle of a served image, as the browser shows it. */
async function colourOf(page: Page, serverUrl: string, served: string): Promise<readonly number[]> {
  const { body, headers } = await send(serverUrl, { path: `/media/catalog/product${served}` })
  const url = `data:${headers['content-type']};base64,${body.toString('base64')}`
  return page.evaluate<readonly number[]>(`(${IN_BROWSER})(${JSON.stringify(url)})`)
}
