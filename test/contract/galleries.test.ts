import { type StoredName, storedName } from '../../src/catalog/fileName'
import {
  findImage,
  type Gallery,
  type GalleryImage,
  type ImageChanges,
  typesOf,
  withChanges,
  withImage,
  withoutTypes,
  withTypes,
} from '../../src/catalog/gallery'
import type { Galleries, OpenGallery } from '../../src/catalog/ports'
import { PostgresGalleries } from '../../src/store/galleries/galleries'
import { PostgresStoredGalleries } from '../../src/store/galleries/storedGalleries'
import { productsOf } from '../../src/store/shop/catalogRows'
import { newProduct, seedCatalog, writtenFile } from '../support/catalog'
import { describeOnEachDatabase, sql } from '../support/databases'
import { BUILT_IN } from '../support/mediaAttributes'

describeOnEachDatabase('galleries', (opened) => {
  let galleries: Galleries

  beforeAll(async () => {
    await seedCatalog(opened().database)
    galleries = new PostgresGalleries(opened().database)
  })

  describe('a product', () => {
    test('is found by its id', async () => {
      expect(await galleries.product({ id: 7 })).toEqual({ id: 7, hasGallery: true })
    })

    test.each(['Camera', 'camera', 'CAMERA', 'Camera ', 'càmera  '])(
      'is found by its SKU as MySQL compares it: %j',
      async (sku) => {
        expect(await galleries.product({ sku })).toEqual({ id: 7, hasGallery: true })
      },
    )

    test.each(['Ölkanne', 'ölkanne', 'ÖLKANNE', 'OLKANNE', 'ōlkanñe'])(
      'is found so beyond ASCII, whatever the locale: %s',
      async (sku) => {
        expect(await galleries.product({ sku })).toEqual({ id: 8, hasGallery: true })
      },
    )

    test('without an SKU, or with one that is another’s already, is found by its id alone', async () => {
      const { database } = opened()
      await database.query(
        sql(`
          INSERT INTO catalog_product_entity (entity_id, sku, attribute_set_id)
          VALUES (70, NULL, 4), (71, '', 4), (72, 'Camera', 4)`),
      )
      for (const id of [70, 71, 72]) {
        expect(await galleries.product({ id })).toEqual({ id, hasGallery: true })
        expect(await galleries.view({ id }, 0)).toMatchObject({ product: { id } })
      }
      expect(await galleries.product({ sku: 'Camera' })).toEqual({ id: 7, hasGallery: true })
      const listed = await productsOf(database, 69, 3)
      expect(listed.map(({ id, sku }) => [id, sku])).toEqual([
        [70, null],
        [71, ''],
        [72, 'Camera'],
      ])
      expect(await new PostgresStoredGalleries(database).find(70)).toMatchObject({
        product: { id: 70, sku: null },
      })
    })

    test('tells whether its attribute set has a gallery', async () => {
      expect(await galleries.product({ sku: 'Voucher' })).toEqual({ id: 9, hasGallery: false })
    })

    test.each([
      { id: 0 },
      { id: -7 },
      { id: 999_999 },
      { id: 2 ** 31 },
      { id: 2 ** 53 },
      { sku: '' },
      { sku: 'Camer' },
      { sku: ' Camera' },
      { sku: 'Camera\t' },
      { sku: ' ' },
      { sku: '7' },
      { sku: '%' },
      { sku: 'Camera\0' },
    ])('is not found by another name: %j', async (reference) => {
      expect(await galleries.product(reference)).toBeNull()
      expect(await galleries.view(reference, 0)).toBeNull()
    })
  })

  test('an attribute set has media attributes or not, whatever number it is asked for by', async () => {
    expect(await galleries.mediaAttributes(9)).toEqual(BUILT_IN)
    for (const id of [0, 5, -4, 2 ** 31, 2 ** 53]) expect(await galleries.mediaAttributes(id)).toEqual([])
  })

  test('a product is offered in the store views of its websites, and in no other', async () => {
    for (const storeId of [1, 2, 3]) expect(await galleries.isOffered(7, storeId)).toBe(true)
    for (const storeId of [0, 4, 77, -1, 2 ** 31]) expect(await galleries.isOffered(7, storeId)).toBe(false)
    expect(await galleries.isOffered(8, 4)).toBe(true)
    for (const id of [0, 4711, -7, 2 ** 31]) expect(await galleries.isOffered(id, 1)).toBe(false)
  })

  describe('a view', () => {
    test('of a product without images is empty, and tells the product', async () => {
      const id = await product()
      const gallery = { mediaAttributes: BUILT_IN, images: [], types: new Map() }
      const empty = { product: { id, hasGallery: true }, gallery }
      expect(await galleries.view({ id }, 0)).toEqual(empty)
      expect(await galleries.view({ id }, 2)).toEqual(empty)
    })

    test('is the same by id and by SKU', async () => {
      await addImage(7, 0, { label: 'front', types: ['image'] })
      expect(await galleries.view({ sku: 'camera' }, 2)).toEqual(await galleries.view({ id: 7 }, 2))
    })

    test('of any store view shows what the default scope has, until that store view has its own', async () => {
      const id = await product()
      const file = await addImage(id, 0, { label: 'front', position: 3, types: ['image'] })
      for (const store of [0, 1, 2, 4]) {
        expect(await shown(id, store)).toEqual([
          { file, label: 'front', position: 3, exclude: 1, types: ['image'] },
        ])
      }
    })

    test('of a store view shows its own values, which no other scope sees', async () => {
      const id = await product()
      const file = await addImage(id, 0, { label: 'front' })
      await changeImage(id, 2, file, { label: 'vorne', position: 9 })
      expect(await shown(id, 2)).toMatchObject([{ file, label: 'vorne', position: 9 }])
      for (const store of [0, 1, 3])
        expect(await shown(id, store)).toMatchObject([{ label: 'front', position: 1 }])
    })

    test('falls back to the default scope for each field that the store view lacks', async () => {
      const id = await product()
      const file = await addImage(id, 0, { label: 'front', position: 3 })
      const [image] = (await viewOf(id, 0)).images
      await opened().database.query(insertValue, [image?.id, 2, null, 8, 0])
      expect(await shown(id, 2)).toEqual([{ file, label: 'front', position: 8, exclude: 0, types: [] }])
    })

    test('falls back to the default scope for each type that the store view lacks', async () => {
      const id = await product()
      const first = await addImage(id, 0, {})
      const second = await addImage(id, 0, {})
      await changeImage(id, 2, second, { types: ['thumbnail'] })
      await changeImage(id, 0, first, { types: ['image', 'thumbnail'] })
      expect(await shown(id, 2)).toMatchObject([{ types: ['image'] }, { types: ['thumbnail'] }])
    })

    test('has null for every field of an image that neither scope has values for', async () => {
      const id = await product()
      const file = await addImage(id, 2, { label: 'vorne', types: ['image'] })
      const unset = [{ file, label: null, position: null, exclude: null, types: [] }]
      expect(await shown(id, 0)).toEqual(unset)
      expect(await shown(id, 3)).toEqual(unset)
      expect(await shown(id, 2)).toMatchObject([{ label: 'vorne', types: ['image'] }])
    })

    test('is ordered by position as that store view has it, the unset first, ties by insertion', async () => {
      const id = await product()
      const late = await addImage(id, 0, { position: 5 })
      const tied = await addImage(id, 0, { position: 5 })
      const early = await addImage(id, 0, { position: 0 })
      const unset = await addImage(id, 2, { position: 4 })
      await changeImage(id, 2, tied, { position: 1 })
      expect(await filesIn(id, 0)).toEqual([unset, early, late, tied])
      expect(await filesIn(id, 2)).toEqual([early, tied, unset, late])
    })

    test('keeps every position and label that a client may give', async () => {
      const id = await product()
      const label = 'ä€🙂 <&> "\t\n'
      await addImage(id, 0, { label, position: 4294967295, exclude: 65535 })
      expect(await shown(id, 0)).toMatchObject([{ label, position: 4294967295, exclude: 65535 }])
    })
  })

  describe('writing a gallery to a store view', () => {
    test('pins it there: what changes later in the default scope no longer shows', async () => {
      const id = await product()
      const first = await addImage(id, 0, { label: 'one', types: ['image'] })
      const second = await addImage(id, 0, { label: 'two' })
      await pin(id, 2)
      const pinned = await shown(id, 2)
      await changeImage(id, 0, first, { label: 'changed', position: 7, exclude: 0 })
      await changeImage(id, 0, second, { types: ['image'] })
      expect(await shown(id, 2)).toEqual(pinned)
      expect(await shown(id, 1)).toMatchObject([
        { label: 'two', types: ['image'] },
        { label: 'changed', position: 7 },
      ])
    })

    test('pins what has no value as 0 and 0, and leaves the label open', async () => {
      const id = await product()
      const file = await addImage(id, 1, { label: 'only here' })
      await pin(id, 2)
      await changeImage(id, 0, file, { label: 'changed', position: 7, exclude: 1 })
      expect(await shown(id, 2)).toEqual([{ file, label: 'changed', position: 0, exclude: 0, types: [] }])
    })

    test('pins a type as none, so that the image of the default scope does not show', async () => {
      const id = await product()
      const file = await addImage(id, 0, { types: ['image', 'thumbnail'] })
      await galleries.change(id, async (gallery) => {
        const before = await gallery.view(2)
        await gallery.write(2, withoutTypes(before, onlyImage(before).id))
      })
      await changeImage(id, 0, file, { types: ['image', 'small_image', 'thumbnail'] })
      expect(await shown(id, 2)).toMatchObject([{ types: ['small_image'] }])
    })

    test('of a website that the product is not in is as good as any', async () => {
      const id = await product()
      const file = await addImage(id, 0, { label: 'front' })
      await changeImage(id, 4, file, { label: 'elsewhere' })
      expect(await shown(id, 4)).toMatchObject([{ label: 'elsewhere' }])
    })
  })

  describe('claiming a name', () => {
    test('gives the name, then the name with _1, _2…', async () => {
      const base = uniqueBase()
      expect(await claimed(base, 3)).toEqual([`${base}.gif`, `${base}_1.gif`, `${base}_2.gif`])
    })

    test('counts each name for itself: a second dup_1 is dup_1_1', async () => {
      const base = uniqueBase()
      expect(await claimed(base, 2)).toEqual([`${base}.gif`, `${base}_1.gif`])
      expect(await claimed(`${base}_1`, 1)).toEqual([`${base}_1_1.gif`])
      expect(await claimed(base, 1)).toEqual([`${base}_2.gif`])
    })

    test('passes over a suffix that another name has taken', async () => {
      const base = uniqueBase()
      expect(await claimed(`${base}_1`, 1)).toEqual([`${base}_1.gif`])
      expect(await claimed(base, 2)).toEqual([`${base}.gif`, `${base}_2.gif`])
    })

    test('counts names of another case or extension apart', async () => {
      const base = uniqueBase()
      expect(await claimed(base, 1)).toEqual([`${base}.gif`])
      expect(await claimed(base, 1, 'png')).toEqual([`${base}.png`])
      expect(await claimed(base.toUpperCase(), 1)).toEqual([`${base.toUpperCase()}.gif`])
    })

    test('gives other products other paths', async () => {
      const base = uniqueBase()
      const paths = [await claimIn(await product(), base), await claimIn(await product(), base)]
      expect(paths.map(fileName)).toEqual([`${base}.gif`, `${base}_1.gif`])
    })

    test('at the same time for many products gives each its own path, and leaves no gap', async () => {
      const base = uniqueBase()
      const products = await Promise.all(Array.from({ length: 8 }, () => product()))
      const paths = await Promise.all(products.map((id) => claimIn(id, base)))
      expect(paths.map(fileName).sort()).toEqual([
        `${base}.gif`,
        ...Array.from({ length: 7 }, (_, index) => `${base}_${index + 1}.gif`),
      ])
    })

    test('is undone with its transaction: the name is free again', async () => {
      const id = await product()
      const base = uniqueBase()
      const failing = galleries.change(id, async (gallery) => {
        await gallery.claim(named(base), writtenFile())
        throw new Error('refused')
      })
      await expect(failing).rejects.toThrow('refused')
      expect(await claimed(base, 1)).toEqual([`${base}.gif`])
    })

    test('answers null when every free path is longer than a file name may be', async () => {
      const longest = uniqueBase().padEnd(255 - '.gif'.length, 'x')
      expect(fileName(await claimIn(await product(), longest))).toBe(`${longest}.gif`)
      expect(await claimIn(await product(), longest)).toBeNull()
    })
  })

  describe('a change', () => {
    test('answers what its work answers', async () => {
      expect(await galleries.change(await product(), async () => 'answer')).toBe('answer')
    })

    test('undoes everything that its work did when that throws', async () => {
      const id = await product()
      const file = await addImage(id, 0, { label: 'front', types: ['image'] })
      const before = [await shown(id, 0), await shown(id, 2)]
      const failing = galleries.change(id, async (gallery) => {
        const view = await gallery.view(0)
        const image = onlyImage(view)
        await gallery.replaceFile(file, writtenFile())
        await gallery.write(2, withChanges(view, image.id, { label: 'lost', position: 5, exclude: 0 }))
        await gallery.addImage((await gallery.claim(named(uniqueBase()), writtenFile())) ?? '')
        await gallery.deleteImage(image.id)
        throw new Error('refused')
      })
      await expect(failing).rejects.toThrow('refused')
      expect([await shown(id, 0), await shown(id, 2)]).toEqual(before)
    })

    test('undoes everything when the database refuses a part of it', async () => {
      const id = await product()
      await addImage(id, 0, { label: 'front' })
      const failing = galleries.change(id, async (gallery) => {
        const view = await gallery.view(0)
        await gallery.write(
          0,
          withChanges(view, onlyImage(view).id, { label: 'lost', position: 5, exclude: 0 }),
        )
        await gallery.addImage('/n/o/nosuch.gif')
      })
      await expect(failing).rejects.toThrow()
      expect(await shown(id, 0)).toMatchObject([{ label: 'front', position: 1 }])
    })

    test('waits for other changes of the same product: none is lost', async () => {
      const id = await product()
      await Promise.all(Array.from({ length: 8 }, () => addImage(id, 0, {})))
      const positions = (await viewOf(id, 0)).images.map(({ position }) => position)
      expect(positions).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    })

    test('sees its own writes', async () => {
      const id = await product()
      const seen = await galleries.change(id, async (gallery) => {
        await add(gallery, 0, { label: 'front' })
        return gallery.view(0)
      })
      expect(seen.images).toMatchObject([{ label: 'front', position: 1, exclude: 1 }])
    })
  })

  describe('an image is used beyond a scope', () => {
    test('when the default scope shows it', async () => {
      const id = await product()
      await addImage(id, 0, { types: ['thumbnail'] })
      expect(await usedBeyond(id, 2)).toBe(true)
    })

    test('when another store view of the product’s websites shows it', async () => {
      const id = await product([1, 2])
      await addImage(id, 4, { types: ['image'] })
      expect(await usedBeyond(id, 0)).toBe(true)
    })

    test('but not when only that scope shows it', async () => {
      const id = await product()
      await addImage(id, 2, { types: ['image'] })
      expect(await usedBeyond(id, 2)).toBe(false)
    })

    test('nor when only a store view of another website shows it', async () => {
      const id = await product([1])
      await addImage(id, 4, { types: ['image'] })
      expect(await usedBeyond(id, 0)).toBe(false)
    })

    test('nor when it merely has values there', async () => {
      const id = await product()
      await addImage(id, 0, { label: 'front' })
      await pin(id, 2)
      expect(await usedBeyond(id, 0)).toBe(false)
    })
  })

  describe('a deleted image', () => {
    test('is gone from every scope, and so are its types', async () => {
      const id = await product()
      const file = await addImage(id, 0, { types: ['image'] })
      await changeImage(id, 4, file, { types: ['image', 'thumbnail'] })
      const other = await addImage(id, 0, {})
      await galleries.change(id, async (gallery) => {
        await gallery.deleteImage(findImage(await gallery.view(0), file)?.id ?? 0)
      })
      expect(await shown(id, 0)).toMatchObject([{ file: other, types: [] }])
      expect(await shown(id, 4)).toMatchObject([{ file: other, types: [] }])
    })

    test('leaves its name taken', async () => {
      const id = await product()
      const base = uniqueBase()
      const path = await addImage(id, 0, {}, base)
      await galleries.change(id, async (gallery) => gallery.deleteImage(onlyImage(await gallery.view(0)).id))
      expect(fileName(path)).toBe(`${base}.gif`)
      expect(await claimed(base, 1)).toEqual([`${base}_1.gif`])
    })
  })

  function product(websites: readonly number[] = [1]): Promise<number> {
    return newProduct(opened().database, websites)
  }

  /** Adds an image as a create does, and answers its path. */
  async function addImage(
    productId: number,
    storeId: number,
    given: Given,
    base: string = uniqueBase(),
  ): Promise<string> {
    return galleries.change(productId, (gallery) => add(gallery, storeId, given, base))
  }

  /** Changes an image as an update does. */
  async function changeImage(productId: number, storeId: number, file: string, given: Given): Promise<void> {
    await galleries.change(productId, async (gallery) => {
      const before = await gallery.view(storeId)
      const id = findImage(before, file)?.id ?? 0
      await gallery.write(
        storeId,
        withTypes(withChanges(before, id, changesOf(given)), id, given.types ?? []),
      )
    })
  }

  async function pin(productId: number, storeId: number): Promise<void> {
    await galleries.change(productId, async (gallery) => gallery.write(storeId, await gallery.view(storeId)))
  }

  async function usedBeyond(productId: number, storeId: number): Promise<boolean> {
    return galleries.change(productId, async (gallery) =>
      gallery.isUsedBeyond(storeId, onlyImage(await gallery.view(0)).id),
    )
  }

  /** The file names that so many claims of a name give, one after the other. */
  async function claimed(
    base: string,
    times: number,
    extension?: string,
  ): Promise<readonly (string | null)[]> {
    const id = await product()
    const paths: (string | null)[] = []
    for (let time = 0; time < times; time++) paths.push(await claimIn(id, base, extension))
    return paths.map(fileName)
  }

  async function claimIn(productId: number, base: string, extension?: string): Promise<string | null> {
    return galleries.change(productId, (gallery) => gallery.claim(named(base, extension), writtenFile()))
  }

  async function viewOf(id: number, storeId: number): Promise<Gallery> {
    const found = await galleries.view({ id }, storeId)
    if (!found) throw new Error(`there is no product ${id}`)
    return found.gallery
  }

  async function shown(productId: number, storeId: number) {
    const gallery = await viewOf(productId, storeId)
    return gallery.images.map(({ id, ...image }) => ({ ...image, types: typesOf(gallery, id) }))
  }

  async function filesIn(productId: number, storeId: number): Promise<readonly (string | null)[]> {
    return (await viewOf(productId, storeId)).images.map(({ file }) => file)
  }
})

const insertValue = sql(`
  INSERT INTO catalog_product_entity_media_gallery_value (value_id, store_id, label, position, disabled)
  VALUES ($1, $2, $3, $4, $5)`)

/** What a test gives an image; the rest is as for a create or update that leaves it out. */
interface Given {
  readonly label?: string
  readonly position?: number
  readonly exclude?: number
  readonly types?: readonly string[]
}

function changesOf({ label, position, exclude }: Given): ImageChanges {
  return { label: label ?? null, position: position ?? null, exclude: exclude ?? null }
}

async function add(
  gallery: OpenGallery,
  storeId: number,
  given: Given,
  base: string = uniqueBase(),
): Promise<string> {
  const path = await gallery.claim(named(base), writtenFile())
  if (path === null) throw new Error(`no path is free for ${base}`)
  const before = await gallery.view(storeId)
  const id = await gallery.addImage(path)
  await gallery.write(
    storeId,
    withTypes(withImage(before, id, path, changesOf(given)), id, given.types ?? []),
  )
  return path
}

let names = 0

/** A name that no other test has taken. */
function uniqueBase(): string {
  names += 1
  return `name${names}`
}

function named(base: string, extension = 'gif'): StoredName {
  const name = storedName(base, extension)
  if (!name) throw new Error(`${base} is no name`)
  return name
}

function fileName(path: string | null): string | null {
  return path?.split('/').at(-1) ?? null
}

function onlyImage({ images }: Gallery): GalleryImage {
  const [image] = images
  if (!image || images.length > 1) throw new Error(`expected one image, not ${images.length}`)
  return image
}
