import sharp from 'sharp'
import type { ImagePreset } from '../../src/catalog/variants/imagePreset'
import { ImageDecoder, UndecodableImage } from '../../src/images/decoding/imageDecoder'
import { animatedGif, picture, pngWith } from '../support/pictures'

const SMALL: ImagePreset = {
  width: 32,
  height: 24,
  fit: 'inside',
  background: null,
  enlarge: false,
  quality: 90,
  formats: ['original'],
}

const ONE_AT_A_TIME = { maxPixels: 1_000_000, concurrency: 1, timeoutSeconds: 20 }

describe('a decoder', () => {
  it('takes an image of another client after two of ten that came before it', async () => {
    const decoder = new ImageDecoder(ONE_AT_A_TIME)
    const image = await picture('png')
    const done: string[] = []
    const measured = async (client: string) => {
      await decoder.measure(image, client)
      done.push(client)
    }
    const many = Array.from({ length: 10 }, () => measured('192.0.2.1'))
    await Promise.all([...many, measured('192.0.2.2')])
    expect(done.indexOf('192.0.2.2')).toBe(2)
  })

  it('takes the addresses of one IPv6 network for one client', async () => {
    const decoder = new ImageDecoder(ONE_AT_A_TIME)
    const image = await picture('png')
    const done: string[] = []
    const measured = async (client: string) => {
      await decoder.measure(image, client)
      done.push(client)
    }
    const many = Array.from({ length: 10 }, (_, index) => measured(`2001:db8::${index}`))
    await Promise.all([...many, measured('192.0.2.2')])
    expect(done.indexOf('192.0.2.2')).toBe(2)
  })

  it('decodes the first frame of a GIF, and no other, as Magento’s GD did', async () => {
    const decoder = new ImageDecoder(ONE_AT_A_TIME)
    const spoilt = animatedGif(3)
    // The size of the smallest code, in the data of the last frame.
    spoilt[spoilt.length - 5] = 99
    expect(await decoder.measure(spoilt, '')).toEqual({ width: 1, height: 1 })
  })

  it.each<[what: string, damage: (bytes: Buffer) => Buffer]>([
    ['without its last byte', (bytes) => bytes.subarray(0, -1)],
    ['without its end', (bytes) => bytes.subarray(0, -2)],
    ['of which half is missing', (bytes) => bytes.subarray(0, bytes.length / 2)],
  ])('takes a JPEG %s, and makes variants of it', async (_what, damage) => {
    const decoder = new ImageDecoder(ONE_AT_A_TIME)
    const image = damage(await picture('jpeg'))
    expect(await decoder.measure(image, '')).toEqual({ width: 64, height: 48 })
    const variant = await decoder.render(image, SMALL, 'jpeg', '')
    expect(await decoder.measure(variant, '')).toEqual({ width: 32, height: 24 })
  })

  it('takes a GIF without its end, and one with damaged data', async () => {
    const decoder = new ImageDecoder(ONE_AT_A_TIME)
    const gif = await picture('gif')
    const damaged = Buffer.from(gif)
    // The data of the frame lie behind the header and its colour table.
    damaged.fill(0xff, damaged.length - 600, damaged.length - 500)
    for (const image of [gif.subarray(0, -20), damaged]) {
      expect(await decoder.measure(image, '')).toEqual({ width: 64, height: 48 })
      const variant = await decoder.render(image, SMALL, 'png', '')
      expect(await decoder.measure(variant, '')).toEqual({ width: 32, height: 24 })
    }
  })

  it('refuses a PNG that breaks off, as GD did', async () => {
    const decoder = new ImageDecoder(ONE_AT_A_TIME)
    const image = await picture('png')
    await expect(decoder.measure(image.subarray(0, image.length / 2), '')).rejects.toThrow(UndecodableImage)
  })

  it('shows printing colours without a profile as browsers do', async () => {
    const decoder = new ImageDecoder(ONE_AT_A_TIME)
    const image = withoutProfile(
      await sharp({ create: { width: 32, height: 24, channels: 3, background: '#3070c0' } })
        .toColourspace('cmyk')
        .jpeg({ quality: 100 })
        .toBuffer(),
    )
    const inks = sharp(image).pipelineColourspace('cmyk').toColourspace('cmyk').raw()
    const [cyan = 0, magenta = 0, yellow = 0, black = 0] = await inks.toBuffer()
    const light = [cyan, magenta, yellow].map((ink) => Math.round(((255 - ink) * (255 - black)) / 255))
    const variant = await decoder.render(image, SMALL, 'png', '')
    expect([...(await sharp(variant).removeAlpha().raw().toBuffer()).subarray(0, 3)]).toEqual(light)
  })

  it('decodes nothing once it is closed', async () => {
    const decoder = new ImageDecoder(ONE_AT_A_TIME)
    decoder.close()
    await expect(decoder.measure(pngWith([]), '')).rejects.toThrow('no image is decoded any more')
  })
})

/** The JPEG without its segments of colour profiles (APP2). */
function withoutProfile(jpeg: Buffer): Buffer {
  const kept: Buffer[] = [jpeg.subarray(0, 2)]
  for (let at = 2; at < jpeg.length; ) {
    const marker = jpeg.readUInt16BE(at)
    if (marker === 0xffda) return Buffer.concat([...kept, jpeg.subarray(at)])
    const end = at + 2 + jpeg.readUInt16BE(at + 2)
    if (marker !== 0xffe2) kept.push(jpeg.subarray(at, end))
    at = end
  }
  throw new Error('the JPEG has no scan')
}
