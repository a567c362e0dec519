import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { storageKey } from '../../src/catalog/fileName'
import type { ImageStore } from '../../src/catalog/ports'
import { DiskImages } from '../../src/images/diskImages'
import { MemoryImages } from '../../src/images/memoryImages'
import { S3Images } from '../../src/images/s3/s3Images'
import { bucketAt, startS3 } from '../support/s3'
import { temporaryDirectory } from '../support/server'

const KEY = '/i/m/image~1a2b.jpg'
const OTHER_KEY = '/o/_/o~3c4d.png'
const BYTES = Buffer.from([0x00, 0xff, 0x0d, 0x0a, 0x80, 0x00, 0x1a])

/** Megabytes that the store of the tests takes at once; a real one takes 5 GB. */
const LARGEST_IN_S3 = 10

interface OpenStore {
  readonly images: ImageStore
  close(): Promise<void>
}

describe.each<{ name: string; open: () => Promise<OpenStore>; largest?: number; listsPages?: true }>([
  { name: 'on disk', open: openDisk },
  { name: 'in memory', open: openMemory },
  { name: 'in an S3 bucket', open: () => openS3(''), largest: LARGEST_IN_S3, listsPages: true },
  {
    name: 'below a prefix of an S3 bucket',
    open: () => openS3('shop/images'),
    largest: LARGEST_IN_S3,
    listsPages: true,
  },
])('images $name', ({ open, largest = 24, listsPages = false }) => {
  let store: OpenStore
  let images: ImageStore

  beforeEach(async () => {
    store = await open()
    images = store.images
    await images.check()
  })

  afterEach(() => store.close())

  test('are read as they were written', async () => {
    await images.write(KEY, BYTES)
    expect(await readAll(images, KEY)).toEqual(BYTES)
  })

  test('are kept as they were when written, whatever becomes of the buffer', async () => {
    const bytes = Buffer.from(BYTES)
    await images.write(KEY, bytes)
    bytes.fill(1)
    expect(await readAll(images, KEY)).toEqual(BYTES)
  })

  test('tell their size before they are read', async () => {
    await images.write(KEY, BYTES)
    expect(await images.open(KEY)).toMatchObject({ size: BYTES.length })
  })

  test('are read any number of times', async () => {
    await images.write(KEY, BYTES)
    const opened = await images.open(KEY)
    expect(opened && (await buffer(opened.read()))).toEqual(BYTES)
    expect(opened && (await buffer(opened.read()))).toEqual(BYTES)
  })

  test.each([
    { start: 0, end: 0 },
    { start: 0, end: 6 },
    { start: 2, end: 4 },
    { start: 6, end: 6 },
  ])('are read in part, both ends included: %j', async ({ start, end }) => {
    await images.write(KEY, BYTES)
    const opened = await images.open(KEY)
    expect(opened && (await buffer(opened.read({ start, end })))).toEqual(BYTES.subarray(start, end + 1))
  })

  test('of many megabytes come back whole', async () => {
    const large = megabytes(9)
    await images.write(KEY, large)
    expect((await readAll(images, KEY))?.equals(large)).toBe(true)
  })

  test('that were never written are null', async () => {
    await images.write(KEY, BYTES)
    expect(await images.open(OTHER_KEY)).toBeNull()
    expect(await images.open('/i/m/image~1a2b.png')).toBeNull()
    expect(await images.open('/i/m/Image~1a2b.jpg')).toBeNull()
  })

  test('are gone once deleted, and only they', async () => {
    await images.write(KEY, BYTES)
    await images.write(OTHER_KEY, BYTES)
    await images.delete(KEY)
    expect(await images.open(KEY)).toBeNull()
    expect(await readAll(images, OTHER_KEY)).toEqual(BYTES)
  })

  test('can be deleted again, or without ever having been written', async () => {
    await images.write(KEY, BYTES)
    await images.delete(KEY)
    await images.delete(KEY)
    await images.delete(OTHER_KEY)
    expect(await listed(images)).toEqual([])
  })

  test('are listed with key, size and the time when they were written', async () => {
    await images.write(KEY, BYTES)
    await images.write(OTHER_KEY, BYTES.subarray(1))
    expect((await listed(images)).map(({ key, size }) => ({ key, size }))).toEqual([
      { key: KEY, size: BYTES.length },
      { key: OTHER_KEY, size: BYTES.length - 1 },
    ])
    for (const { modified } of await listed(images)) expect(modified.getTime()).toBeGreaterThan(0)
  })

  test('are listed on, when some are deleted meanwhile', async () => {
    for (const mark of ['a', 'b', 'c']) await images.write(`/i/m/image~${mark}.jpg`, BYTES)
    const keys: string[] = []
    for await (const { key } of images.list()) {
      keys.push(key)
      for (const mark of ['a', 'b', 'c']) await images.delete(`/i/m/image~${mark}.jpg`)
    }
    // A page of a bucket's list was read before, and still names what is gone.
    expect(keys).toHaveLength(listsPages ? 3 : 1)
    expect(new Set(keys).size).toBe(keys.length)
    expect(await listed(images)).toEqual([])
  })

  test('are not there for a reader until they are there whole', async () => {
    const large = megabytes(largest)
    const writing = images.write(KEY, large)
    let isWritten = false
    const written = writing.finally(() => {
      isWritten = true
    })
    while (!isWritten) {
      const { size } = (await images.open(KEY)) ?? { size: large.length }
      expect(size).toBe(large.length)
      for (const { key, size } of await listed(images))
        expect({ key, size }).toEqual({ key: KEY, size: large.length })
    }
    await written
    expect((await readAll(images, KEY))?.equals(large)).toBe(true)
  })

  test('of many writers are each whole', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `/i/m/image_${index}~${index}.jpg`)
    await Promise.all(keys.map((key, index) => images.write(key, Buffer.alloc(100_000, index))))
    for (const [index, key] of keys.entries()) {
      expect((await readAll(images, key))?.equals(Buffer.alloc(100_000, index))).toBe(true)
    }
  })
})

const EVIL_KEYS = [
  '',
  '/',
  'image~1.jpg',
  '../image~1.jpg',
  '/../../image~1.jpg',
  '/i/../../image~1.jpg',
  '/i/m/../../../image~1.jpg',
  '/i/m/..',
  '/./m/image~1.jpg',
  '//m/image~1.jpg',
  '/i/m/deeper/image~1.jpg',
  '/i/m/image~1.jpg/',
  '/i/m/image~1/../../../../image.jpg',
  '/i/m/image~1\0.jpg',
  '/i/m/image\0~1.jpg',
  '/i/m/image~1.jpg\n',
  '/i/m/image.jpg',
  '\\i\\m\\image~1.jpg',
  '/i/m/..\\..\\image~1.jpg',
  'C:\\image~1.jpg',
  '/etc/passwd',
  '/ä/m/image~1.jpg',
  '/i/m/%2e%2e~1.jpg',
  '/i/m/../../../image~1.jpg.tmp',
  '.tmp',
]

describe('images in an S3 bucket', () => {
  test.each(EVIL_KEYS)('refuse a key that is none: %j', async (key) => {
    const images = new S3Images(bucketAt('http://127.0.0.1:8299', 'never-asked'), 'shop')
    await expect(images.write(key, BYTES)).rejects.toThrow('not a storage key')
    await expect(images.open(key)).rejects.toThrow('not a storage key')
    await expect(images.delete(key)).rejects.toThrow('not a storage key')
  })
})

describe('images on disk', () => {
  let root: string
  let outside: string
  let images: DiskImages
  let remove: () => Promise<void>

  beforeEach(async () => {
    const temporary = await temporaryDirectory()
    remove = temporary.remove
    outside = temporary.directory
    root = path.join(outside, 'images')
    images = new DiskImages(root)
    await images.check()
  })

  afterEach(() => remove())

  test.each(EVIL_KEYS)('refuse a key that is none: %j', async (key) => {
    await expect(images.write(key, BYTES)).rejects.toThrow('not a storage key')
    await expect(images.open(key)).rejects.toThrow('not a storage key')
    await expect(images.delete(key)).rejects.toThrow('not a storage key')
    expect(await filesBelow(outside)).toEqual([])
  })

  test('lie under their keys, in a directory that others cannot look into', async () => {
    await images.write(KEY, BYTES)
    expect(await filesBelow(outside)).toEqual([`images${KEY}`])
  })

  test('outlive the store: a new one on the same directory has them', async () => {
    await images.write(KEY, BYTES)
    expect(await readAll(new DiskImages(root), KEY)).toEqual(BYTES)
  })

  test('leave no unfinished file behind, written or refused', async () => {
    await images.write(OTHER_KEY, BYTES)
    // A directory in the place of the file: it can be written, but not take its name.
    await mkdir(path.join(root, KEY), { recursive: true })
    await expect(images.write(KEY, BYTES)).rejects.toThrow()
    expect(await filesBelow(root)).toEqual([OTHER_KEY.slice(1)])
  })

  test('tell what writes have left that broke off, which is no image, and can be deleted', async () => {
    await images.write(KEY, BYTES)
    await writeFile(path.join(root, `${KEY}.tmp`), 'half')
    const unfinished: string[] = []
    for await (const { key } of images.unfinished()) unfinished.push(key)
    expect(unfinished).toEqual([`${KEY}.tmp`])
    expect((await listed(images)).map(({ key }) => key)).toEqual([KEY])
    await images.delete(`${KEY}.tmp`)
    expect(await filesBelow(root)).toEqual([KEY.slice(1)])
  })

  test('take every name that the catalog may give a file', async () => {
    const longest = storageKey(`/x/x/${'x'.repeat(255 - '.jpg'.length)}.jpg`, '0123456789abcdef')
    await images.write(longest, BYTES)
    expect(await readAll(images, longest)).toEqual(BYTES)
  })

  test('make their directory when it is missing, and say when they cannot', async () => {
    await new DiskImages(path.join(outside, 'new', 'images')).check()
    expect(await readdir(path.join(outside, 'new'))).toEqual(['images'])
    await images.write(KEY, BYTES)
    await expect(new DiskImages(path.join(root, KEY)).check()).rejects.toThrow()
  })
})

async function openDisk(): Promise<OpenStore> {
  const { directory, remove } = await temporaryDirectory()
  return { images: new DiskImages(path.join(directory, 'images')), close: remove }
}

async function openMemory(): Promise<OpenStore> {
  return { images: new MemoryImages(), close: async () => {} }
}

async function openS3(prefix: string): Promise<OpenStore> {
  const s3 = await startS3()
  return { images: new S3Images(bucketAt(s3.url, s3.bucketName), prefix), close: () => s3.stop() }
}

async function readAll(images: ImageStore, key: string): Promise<Buffer | null> {
  const opened = await images.open(key)
  return opened && buffer(opened.read())
}

async function listed(images: ImageStore) {
  const found: { key: string; size: number; modified: Date }[] = []
  for await (const { key, size, modified } of images.list()) found.push({ key, size, modified })
  return found.sort((one, other) => (one.key < other.key ? -1 : 1))
}

/** Every file, by its path from the directory. */
async function filesBelow(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map(({ parentPath, name }) => path.relative(directory, path.join(parentPath, name))).sort()
}

/** Bytes of which no two stretches are alike. */
function megabytes(count: number): Buffer {
  const bytes = Buffer.alloc(count * 1024 * 1024)
  for (let offset = 0; offset < bytes.length; offset += 4) bytes.writeUInt32LE(offset, offset)
  return bytes
}
