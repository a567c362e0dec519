import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { storageKey, storedName } from '../../src/catalog/fileName'
import { MAGENTO_1 } from '../../src/catalog/imageRules'
import type { ImageStore, WrittenFile } from '../../src/catalog/ports'
import type { ImagePreset } from '../../src/catalog/variants/imagePreset'
import { ImageVariants } from '../../src/catalog/variants/imageVariants'
import type { ImageRenderer } from '../../src/catalog/variants/ports'
import { DecodingProbe } from '../../src/images/decoding/decodingProbe'
import { ImageDecoder } from '../../src/images/decoding/imageDecoder'
import { MemoryImages } from '../../src/images/memoryImages'
import type { Database } from '../../src/store/database/database'
import { PostgresGalleries } from '../../src/store/galleries/galleries'
import { PostgresVariants } from '../../src/store/galleries/variants'
import { newProduct, seedCatalog } from '../support/catalog'
import { describeOnEachDatabase, sql } from '../support/databases'
import { picture } from '../support/pictures'

const PRESET: ImagePreset = {
  width: 20,
  height: 20,
  fit: 'inside',
  background: null,
  enlarge: false,
  quality: 80,
  formats: ['webp', 'original'],
}

const decoder = new ImageDecoder({ maxPixels: 1_000_000, concurrency: 2, timeoutSeconds: 20 })
const uniqueMark = () => randomBytes(8).toString('hex')

/** The real renderer, which counts what it begins, and lets a test do something before it goes on. */
class Counting implements ImageRenderer {
  begun = 0

  constructor(private readonly before: () => Promise<unknown> = async () => {}) {}

  async render(...args: Parameters<ImageRenderer['render']>): Promise<Buffer> {
    this.begun++
    await this.before()
    return decoder.render(...args)
  }
}

describeOnEachDatabase('image variants', (opened) => {
  let images: ImageStore
  let galleries: PostgresGalleries
  let product: number

  beforeAll(async () => {
    const { database } = opened()
    await seedCatalog(database)
    images = new MemoryImages()
    galleries = new PostgresGalleries(database)
    product = await newProduct(database)
  })

  test('are made once for fifty that ask at the same time', async () => {
    const path = await newImage(1)
    const renderer = new Counting()
    const variants = process(opened().database, renderer)
    const opening = Array.from({ length: 50 }, () => openOne(variants, path))
    expect(new Set(await Promise.all(opening)).size).toBe(1)
    expect(renderer.begun).toBe(1)
  })

  test('are made once, however often they are asked for later', async () => {
    const path = await newImage(2)
    const renderer = new Counting()
    const first = await openOne(process(opened().database, renderer), path)
    expect(await openOne(process(opened().database, renderer), path)).toBe(first)
    expect(renderer.begun).toBe(1)
  })

  test('are made once by all the processes of one database', async () => {
    const path = await newImage(3)
    const renderer = new Counting(() => pause(100))
    const processes = processesOn([opened().database, opened().elsewhere(), opened().elsewhere()], renderer)
    const opening = Array.from({ length: 30 }, (_, index) =>
      openOne(processes[index % processes.length] as ImageVariants, path),
    )
    expect(new Set(await Promise.all(opening)).size).toBe(1)
    expect(renderer.begun).toBe(1)
  })

  test('are made by another process when the one that makes them is cut off', async () => {
    const path = await newImage(4)
    let goOn = () => {}
    const isLost = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const lost = new Counting(() => isLost)
    const openingByLost = openOne(process(opened().elsewhere(), lost), path)
    while (lost.begun === 0) await pause(5)
    const survivor = new Counting()
    const opening = openOne(process(opened().database, survivor), path)
    await opened().elsewhere().query(endLockHolders)
    const made = await opening
    expect(survivor.begun).toBe(1)
    // What the lost one makes all the same is in nobody's way.
    goOn()
    expect(await openingByLost).toBe(made)
  })

  test('are made again by the next request when making them failed', async () => {
    const path = await newImage(5)
    let fails = true
    const renderer = new Counting(async () => {
      if (fails) throw new Error('out of memory')
    })
    const variants = process(opened().database, renderer)
    const failing = await Promise.allSettled([openOne(variants, path), openOne(variants, path)])
    expect(failing.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(renderer.begun).toBe(1)
    fails = false
    expect(await openOne(variants, path)).not.toBe('')
  })

  test('are of the new bytes when the original is replaced while they are made', async () => {
    const path = await newImage(6)
    const replacement = await written(path, await picture('png', 7))
    const renderer = new Counting(async () => {
      if (renderer.begun === 1)
        await galleries.change(product, (gallery) => gallery.replaceFile(path, replacement))
    })
    const variants = process(opened().database, renderer)
    const before = await storedKeys()
    const made = await variants.open(path, PRESET, (formats) => formats.at(-1) ?? 'webp')
    expect(made?.file.format).toBe('png')
    expect(renderer.begun).toBe(2)
    // The variant of the old bytes has left nothing behind.
    expect(await storedKeys()).toEqual([...before, made?.file.storageKey].sort())
  })

  test('of no image are null, and none is made', async () => {
    const renderer = new Counting()
    expect(await process(opened().database, renderer).open('/n/o/none.jpg', PRESET, () => 'webp')).toBeNull()
    expect(renderer.begun).toBe(0)
  })

  test('by presets that make the same of an image are the same', async () => {
    const path = await newImage(8)
    const renderer = new Counting()
    const variants = process(opened().database, renderer)
    await variants.open(path, PRESET, () => 'webp')
    await variants.open(path, { ...PRESET, formats: ['webp'] }, () => 'webp')
    expect(renderer.begun).toBe(1)
    for (const change of [
      { width: 21 },
      { height: 21 },
      { fit: 'fill' },
      { background: '#ffffff' },
      { enlarge: true },
      { quality: 81 },
    ] as const) {
      await variants.open(path, { ...PRESET, ...change }, () => 'webp')
    }
    expect(renderer.begun).toBe(7)
  })

  test('are completed by what is missing of them', async () => {
    const path = await newImage(9)
    const variants = process(opened().database, new Counting())
    await variants.open(path, PRESET, () => 'webp')
    expect(await variants.complete(path, PRESET)).toEqual({ made: 1, present: 1 })
    expect(await variants.complete(path, PRESET)).toEqual({ made: 0, present: 2 })
    expect(await variants.complete('/n/o/none.jpg', PRESET)).toEqual({ made: 0, present: 0 })
  })

  test('are dropped with their bytes, by some presets or all', async () => {
    const path = await newImage(10)
    const variants = process(opened().database, new Counting())
    await variants.clear(null)
    const before = await storedKeys()
    const other = { ...PRESET, width: 11 }
    await variants.complete(path, PRESET)
    await variants.complete(path, other)
    expect((await storedKeys()).length).toBe(before.length + 4)
    expect(await variants.clear([other])).toBe(2)
    expect(await variants.complete(path, PRESET)).toEqual({ made: 0, present: 2 })
    expect(await variants.clear(null)).toBe(2)
    expect(await storedKeys()).toEqual(before)
    expect(await variants.clear(null)).toBe(0)
  })

  test('that are cleared while they are asked for are answered all the same', async () => {
    const path = await newImage(11)
    const variants = process(opened().database, new Counting())
    const opening = Array.from({ length: 30 }, async (_, index) => {
      if (index % 10 === 0) await variants.clear(null)
      return openOne(variants, path)
    })
    for (const key of await Promise.all(opening)) expect(key).not.toBe('')
  })

  /** What one process has of the application. */
  function process(database: Database, renderer: ImageRenderer): ImageVariants {
    const variants = new PostgresVariants(database)
    return new ImageVariants({ variants, images, renderer, uniqueMark, concurrency: 2 })
  }

  /** A process for each database; those that have the embedded one are a single process. */
  function processesOn(databases: readonly Database[], renderer: ImageRenderer): readonly ImageVariants[] {
    return [...new Set(databases)].map((database) => process(database, renderer))
  }

  async function openOne(variants: ImageVariants, path: string): Promise<string> {
    const variant = await variants.open(path, PRESET, () => 'webp')
    if (!variant) return ''
    expect((await buffer(variant.bytes.read())).subarray(8, 12).toString()).toBe('WEBP')
    return variant.file.storageKey
  }

  async function newImage(shade: number): Promise<string> {
    const name = storedName(`image${randomBytes(6).toString('hex')}`, 'jpg')
    if (!name) throw new Error('no name')
    const file = await written(`${name.stem}.jpg`, await picture('jpeg', shade))
    const path = await galleries.change(product, (gallery) => gallery.claim(name, file))
    if (path === null) throw new Error('no path is free')
    return path
  }

  async function written(path: string, bytes: Buffer): Promise<WrittenFile> {
    const facts = await new DecodingProbe(decoder, MAGENTO_1.formats).probe(bytes, '')
    if (typeof facts === 'string' || 'problem' in facts) throw new Error('no image')
    const file = { ...facts, storageKey: storageKey(path, uniqueMark()) }
    await images.write(file.storageKey, bytes)
    return file
  }

  async function storedKeys(): Promise<readonly string[]> {
    const keys: string[] = []
    for await (const { key } of images.list()) keys.push(key)
    return keys.sort()
  }
})

/** Ends the connections of whoever holds an advisory lock, as the end of their process would. */
const endLockHolders = sql(`
  SELECT pg_terminate_backend(pid) FROM pg_locks
   WHERE locktype = 'advisory' AND granted
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
