import { createHash, randomBytes } from 'node:crypto'
import { storedName } from '../../src/catalog/fileName'
import type { ImageStore, StoredFile, WrittenFile } from '../../src/catalog/ports'
import { Garbage } from '../../src/catalog/upkeep/garbage'
import { type Finding, StoreCheck } from '../../src/catalog/upkeep/storeCheck'
import { MemoryImages } from '../../src/images/memoryImages'
import { othersAtWork } from '../../src/store/database/othersAtWork'
import { PostgresGalleries } from '../../src/store/galleries/galleries'
import { PostgresStoredRows } from '../../src/store/galleries/storedRows'
import { PostgresVariants } from '../../src/store/galleries/variants'
import { newProduct, seedCatalog, writtenFile } from '../support/catalog'
import { describeOnEachDatabase, type OpenDatabase, sql } from '../support/databases'

const HOUR_MS = 3_600_000
const RECIPE = '1 60x60 inside transparent shrink q80'

describeOnEachDatabase('the check of a store', (opened) => {
  let shop: Shop

  beforeAll(() => seedCatalog(opened().database))

  beforeEach(async () => {
    await opened().database.query(
      sql('TRUNCATE media_file, media_file_name, media_variant, media_released CASCADE'),
    )
    shop = await Shop.open(opened())
  })

  test('finds nothing in an empty one, nor where every row has its bytes', async () => {
    expect(await shop.findings()).toEqual([])
    await shop.addVariant(await shop.addImage())
    await shop.addImage()
    expect(await shop.findings()).toEqual([])
    expect(shop.checked).toBe(3)
  })

  test('finds a row without bytes', async () => {
    const { path, storageKey } = await shop.addImage()
    await shop.addImage()
    await shop.images.delete(storageKey)
    expect(await shop.findings()).toEqual([
      { kind: 'row_without_file', key: storageKey, path, isVariant: false },
    ])
  })

  test('finds bytes of another length, and others of the same length', async () => {
    const cut = await shop.addImage()
    const changed = await shop.addImage()
    await shop.images.write(cut.storageKey, cut.bytes.subarray(1))
    await shop.images.write(changed.storageKey, randomBytes(changed.bytes.length))
    expect(await shop.findings()).toEqual(
      expect.arrayContaining([
        { kind: 'wrong_size', key: cut.storageKey, path: cut.path, isVariant: false },
        { kind: 'wrong_hash', key: changed.storageKey, path: changed.path, isVariant: false },
      ]),
    )
  })

  test('finds variants without bytes, with the path of their image', async () => {
    const image = await shop.addImage()
    const key = await shop.addVariant(image)
    await shop.images.delete(key)
    expect(await shop.findings()).toEqual([
      { kind: 'row_without_file', key, path: image.path, isVariant: true },
    ])
  })

  test('leaves outdated variants to whoever drops them, with bytes or without', async () => {
    const image = await shop.addImage()
    const key = await shop.addVariant(image)
    await shop.variants.outdateOne(key)
    expect(await shop.findings()).toEqual([])
    await shop.images.delete(key)
    expect(await shop.findings()).toEqual([])
  })

  test('notes the MD5 of a file that has none, or that of bytes of before, when it is told to', async () => {
    const [image, replaced, known] = [await shop.addImage(), await shop.addImage(), await shop.addImage()]
    const forget = sql('UPDATE media_file SET md5 = NULL, md5_key = NULL WHERE path = $1')
    await opened().database.query(forget, [image.path])
    // A server of the version before replaces bytes so.
    const replace = sql("UPDATE media_file SET md5_key = 'another' WHERE path = $1")
    await opened().database.query(replace, [replaced.path])
    let noted = 0
    const onMd5 = () => void noted++
    expect(await shop.findings()).toEqual([])
    expect(await shop.findings({ onMd5 })).toEqual([])
    expect([noted, await shop.findings({ onMd5 }), noted]).toEqual([2, [], 2])
    const rows = await opened().database.query<{ path: string; md5: string }>(
      sql("SELECT path, encode(md5, 'hex') AS md5 FROM media_file WHERE md5_key = storage_key"),
    )
    expect(rows).toHaveLength(3)
    const md5Of = ({ bytes }: Stored) => createHash('md5').update(bytes).digest('hex')
    for (const file of [image, replaced]) expect(rows).toContainEqual({ path: file.path, md5: md5Of(file) })
    expect(rows).toContainEqual({ path: known.path, md5: known.md5.toString('hex') })
  })

  test('finds bytes without a row, such as those of a replaced image', async () => {
    const image = await shop.addImage()
    await shop.replace(image)
    expect(await shop.findings()).toEqual([{ kind: 'file_without_row', key: image.storageKey }])
  })

  test('passes over bytes without a row that are younger than the grace period', async () => {
    await shop.replace(await shop.addImage())
    expect(await shop.findings({ graceMs: HOUR_MS })).toEqual([])
  })

  test('does not take an upload under way for bytes without a row', async () => {
    const file = await shop.write()
    const settle = async () => void (await shop.claim(file))
    expect(await shop.findings({ settle })).toEqual([])
  })

  test('does not take an image that is replaced meanwhile for a row without bytes', async () => {
    const image = await shop.addImage()
    const open = shop.images.open.bind(shop.images)
    shop.images.open = async (key) => {
      shop.images.open = open
      await shop.replace(image)
      await shop.images.delete(image.storageKey)
      return open(key)
    }
    expect(await shop.findings()).toEqual([])
  })

  test('goes on after a file that cannot be read', async () => {
    const bad = await shop.addImage()
    const gone = await shop.addImage()
    await shop.images.delete(gone.storageKey)
    const open = shop.images.open.bind(shop.images)
    shop.images.open = async (key) => {
      if (key === bad.storageKey) throw new Error('EIO: i/o error, read')
      return open(key)
    }
    const kinds = (await shop.findings()).map(({ kind, key }) => [key, kind])
    expect(Object.fromEntries(kinds)).toEqual({
      [bad.storageKey]: 'unreadable_file',
      [gone.storageKey]: 'row_without_file',
    })
  })

  test('goes through more rows and files than one page holds', async () => {
    for (let index = 0; index < 1100; index++) await shop.write()
    await shop.database.query(
      sql(`INSERT INTO media_file (path, storage_key, format, width, height, size, sha256)
           SELECT '/m/a/many_' || n || '.gif', '/m/a/many~' || n || '.gif', 'gif', 1, 1, 1, decode(repeat('00', 32), 'hex')
             FROM generate_series(1, 2300) n`),
    )
    const kinds = (await shop.findings()).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'row_without_file')).toHaveLength(2300)
    expect(kinds.filter((kind) => kind === 'file_without_row')).toHaveLength(1100)
  })

  describe('garbage', () => {
    test('is what no row points to, once it is old enough', async () => {
      const image = await shop.addImage()
      const kept = [await shop.replace(image), await shop.addVariant(await shop.addImage())]
      const outdated = await shop.addVariant(await shop.addImage())
      await shop.variants.outdateOne(outdated)
      expect(await shop.garbage(new Date(Date.now() + HOUR_MS))).toEqual([image.storageKey])
      expect(await shop.garbage(new Date(Date.now() - HOUR_MS))).toEqual([])
      for (const key of [...kept, outdated]) expect(await shop.images.open(key)).not.toBeNull()
    })

    test('counts from when the image was given other bytes, however old its own are', async () => {
      const image = await shop.addImage()
      await shop.replace(image)
      shop.writtenAgo(image, 1000 * HOUR_MS)
      const dayAgo = new Date(Date.now() - 24 * HOUR_MS)
      expect(await shop.garbage(dayAgo)).toEqual([])
      expect(await shop.findings({ graceMs: 24 * HOUR_MS })).toEqual([])
      expect(await shop.findings()).toEqual([{ kind: 'file_without_row', key: image.storageKey }])

      await shop.releasedAgo(image, 25 * HOUR_MS)
      expect(await shop.garbage(dayAgo)).toEqual([image.storageKey])
      expect(await shop.findings({ graceMs: 24 * HOUR_MS })).toHaveLength(1)
    })

    test('counts from when it was written, if that is later, or where no release is known', async () => {
      const [late, unknown] = [await shop.addImage(), await shop.write()]
      await shop.replace(late)
      await shop.releasedAgo(late, 25 * HOUR_MS)
      const dayAgo = new Date(Date.now() - 24 * HOUR_MS)
      expect(await shop.garbage(dayAgo)).toEqual([])
      shop.writtenAgo(late, 25 * HOUR_MS)
      shop.writtenAgo(unknown, 25 * HOUR_MS)
      expect([...(await shop.garbage(dayAgo))].sort()).toEqual([late.storageKey, unknown.storageKey].sort())
    })

    test('is forgotten with its release when it is deleted', async () => {
      const image = await shop.addImage()
      await shop.replace(image)
      expect(await shop.releases()).toEqual([image.storageKey])
      await shop.deleteGarbage(new Date(Date.now() + HOUR_MS))
      expect(await shop.releases()).toEqual([])
      expect(await shop.images.open(image.storageKey)).toBeNull()
      expect(await shop.findings()).toEqual([])
    })

    test('is no image whose replacement was undone', async () => {
      const image = await shop.addImage()
      await expect(shop.replace(image, new Error('undone'))).rejects.toThrow('undone')
      expect(await shop.releases()).toEqual([])
      expect(await shop.garbage(new Date(Date.now() + HOUR_MS))).not.toContain(image.storageKey)
    })

    test('is no file that Keepsake would not have written', async () => {
      await shop.images.write('/notes.txt', Buffer.from('mine'))
      expect(await shop.findings()).toEqual([{ kind: 'file_without_row', key: '/notes.txt' }])
      expect(await shop.garbage(new Date(Date.now() + HOUR_MS))).toEqual([])
    })
  })

  test('knows whether another process is at work', async () => {
    expect(await othersAtWork(opened().database)).toBe(false)
  })
})

interface Stored extends WrittenFile {
  readonly path: string
  readonly bytes: Buffer
}

/** A store and its rows, with images of random bytes. */
class Shop {
  readonly images: ImageStore = new MemoryImages()
  readonly variants
  readonly #galleries
  checked = 0

  private constructor(
    readonly database: OpenDatabase['database'],
    private readonly product: number,
  ) {
    this.variants = new PostgresVariants(database)
    this.#galleries = new PostgresGalleries(database)
  }

  static async open({ database }: OpenDatabase): Promise<Shop> {
    return new Shop(database, await newProduct(database))
  }

  async findings({
    graceMs = 0,
    settle = async () => {},
    onMd5,
  }: {
    graceMs?: number
    settle?: () => Promise<void>
    onMd5?: () => void
  } = {}): Promise<readonly Finding[]> {
    const rows = new PostgresStoredRows(this.database)
    const check = new StoreCheck({ images: this.images, rows, now: () => new Date(), settle })
    const onRow = () => {
      this.checked++
    }
    return collected(check.findings({ graceMs, onRow, ...(onMd5 && { onMd5 }) }))
  }

  async garbage(before: Date): Promise<readonly string[]> {
    const files: readonly StoredFile[] = await collected(this.#garbage().before(before))
    return files.map(({ key }) => key)
  }

  async deleteGarbage(before: Date): Promise<void> {
    const garbage = this.#garbage()
    for await (const file of garbage.before(before)) await garbage.delete(file)
  }

  #garbage(): Garbage {
    return new Garbage({ images: this.images, rows: new PostgresStoredRows(this.database) })
  }

  /** Makes the store tell that the file was written then. */
  writtenAgo({ storageKey }: WrittenFile, ms: number): void {
    const list = this.images.list.bind(this.images)
    this.images.list = async function* () {
      for await (const file of list())
        yield file.key === storageKey ? { ...file, modified: new Date(Date.now() - ms) } : file
    }
  }

  async releasedAgo({ storageKey }: WrittenFile, ms: number): Promise<void> {
    await this.database.query(sql('UPDATE media_released SET released_at = $2 WHERE storage_key = $1'), [
      storageKey,
      new Date(Date.now() - ms),
    ])
  }

  async releases(): Promise<readonly string[]> {
    const rows = await this.database.query<{ key: string }>(
      sql('SELECT storage_key AS key FROM media_released'),
    )
    return rows.map(({ key }) => key)
  }

  async write(): Promise<WrittenFile & { readonly bytes: Buffer }> {
    const bytes = randomBytes(100)
    const file = { ...writtenFile(), size: bytes.length, sha256: sha256(bytes), bytes }
    await this.images.write(file.storageKey, bytes)
    return file
  }

  async claim(file: WrittenFile): Promise<string> {
    const name = storedName('checked', 'gif')
    const path = name && (await this.#galleries.change(this.product, (gallery) => gallery.claim(name, file)))
    return String(path)
  }

  async addImage(): Promise<Stored> {
    const file = await this.write()
    return { ...file, path: await this.claim(file) }
  }

  /** Answers the key of the new bytes, unless the change fails at last. */
  async replace({ path }: Stored, failure?: Error): Promise<string> {
    const file = await this.write()
    await this.#galleries.change(this.product, async (gallery) => {
      await gallery.replaceFile(path, file)
      if (failure) throw failure
    })
    return file.storageKey
  }

  async addVariant({ storageKey: originalKey }: Stored): Promise<string> {
    const { storageKey, size, sha256 } = await this.write()
    await this.variants.add({ storageKey, originalKey, recipe: RECIPE, format: 'gif', size, sha256 })
    return storageKey
  }
}

async function collected<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
