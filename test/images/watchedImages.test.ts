import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { MemoryImages } from '../../src/images/memoryImages'
import { WatchedImages } from '../../src/images/watchedImages'

function watched(images: MemoryImages) {
  const told: [operation: string, hasFailed: boolean][] = []
  return {
    told,
    images: new WatchedImages(images, (name, _seconds, failure) => told.push([name, failure !== null])),
  }
}

it('an image store that is watched is the one within, and each operation is told', async () => {
  const { told, images } = watched(new MemoryImages())
  await images.write('/a/b/ab.gif', Buffer.from('bytes'))
  const opened = await images.open('/a/b/ab.gif')
  expect(await buffer(opened?.read() ?? Readable.from([]))).toEqual(Buffer.from('bytes'))
  for await (const { key } of images.list()) expect(key).toBe('/a/b/ab.gif')
  await images.delete('/a/b/ab.gif')
  expect(await images.open('/a/b/ab.gif')).toBeNull()
  await images.check()
  expect(told).toEqual([
    ['write', false],
    ['open', false],
    ['delete', false],
    ['open', false],
    ['check', false],
  ])
})

it('a failure of an image store is told, and thrown on', async () => {
  class FullDisk extends MemoryImages {
    override write(): Promise<void> {
      return Promise.reject(new Error('no space'))
    }
  }
  const { told, images } = watched(new FullDisk())
  await expect(images.write('/a/b/ab.gif', Buffer.from('bytes'))).rejects.toThrow('no space')
  expect(told).toEqual([['write', true]])
})
