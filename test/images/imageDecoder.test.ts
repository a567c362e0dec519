import { ImageDecoder, UndecodableImage } from '../../src/images/decoding/imageDecoder'
import { animatedGif, picture, pngWith } from '../support/pictures'

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
    const first = animatedGif(1)
    first[first.length - 5] = 99
    await expect(decoder.measure(first, '')).rejects.toThrow(UndecodableImage)
  })

  it('decodes nothing once it is closed', async () => {
    const decoder = new ImageDecoder(ONE_AT_A_TIME)
    decoder.close()
    await expect(decoder.measure(pngWith([]), '')).rejects.toThrow('no image is decoded any more')
  })
})
