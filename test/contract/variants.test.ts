import { randomBytes } from 'node:crypto'
import { storedName } from '../../src/catalog/fileName'
import type { WrittenFile } from '../../src/catalog/ports'
import type { NewVariant, Variants } from '../../src/catalog/variants/ports'
import { PostgresGalleries } from '../../src/store/galleries/galleries'
import { PostgresMediaFiles } from '../../src/store/galleries/mediaFiles'
import { PostgresVariants } from '../../src/store/galleries/variants'
import { newProduct, seedCatalog, writtenFile } from '../support/catalog'
import { describeOnEachDatabase, sql } from '../support/databases'

const RECIPE = '1 60x60 inside transparent shrink q80'

describeOnEachDatabase('variants', (opened) => {
  let variants: Variants
  let galleries: PostgresGalleries
  let product: number

  beforeAll(async () => {
    const { database } = opened()
    await seedCatalog(database)
    variants = new PostgresVariants(database)
    galleries = new PostgresGalleries(database)
    product = await newProduct(database)
  })

  test('are found with their original, by its path and by their recipe alone', async () => {
    const { path, file } = await stored()
    const original = { storageKey: file.storageKey, format: 'gif' }
    expect(await variants.find(path, RECIPE)).toEqual({ original, variants: [] })
    const webp = newVariant(file, { format: 'webp' })
    const gif = newVariant(file, {})
    await variants.add(webp)
    await variants.add(gif)
    const found = await variants.find(path, RECIPE)
    expect(found?.variants).toHaveLength(2)
    expect(found?.variants).toEqual(expect.arrayContaining([recordOf(webp), recordOf(gif)]))
    expect(await variants.find(path, `${RECIPE}0`)).toEqual({ original, variants: [] })
  })

  test.each(['', '/n/o/none.gif', '/n/o/none.gif\0'])('of no file are null: %j', async (path) => {
    expect(await variants.find(path, RECIPE)).toBeNull()
  })

  test('are recorded once for each original, recipe and format', async () => {
    const { path, file } = await stored()
    const first = newVariant(file, {})
    expect(await variants.add(first)).toEqual(recordOf(first))
    expect(await variants.add(newVariant(file, {}))).toBeNull()
    expect((await variants.find(path, RECIPE))?.variants).toEqual([recordOf(first)])
  })

  test('of a replaced original are not recorded', async () => {
    const { path, file } = await stored()
    await replace(path)
    expect(await variants.add(newVariant(file, {}))).toBeNull()
  })

  test('are not recorded while their original is being replaced', async () => {
    const { path, file } = await stored()
    const adding = galleries.change(product, async (gallery) => {
      await gallery.replaceFile(path, writtenFile())
      // Not awaited here: it waits for this very change.
      return { added: variants.add(newVariant(file, {})) }
    })
    expect(await (await adding).added).toBeNull()
  })

  test('are outdated as soon as their original is replaced, and gone once forgotten', async () => {
    const { path, file } = await stored()
    const variant = newVariant(file, {})
    await variants.add(variant)
    const replacement = await replace(path)
    expect(await variants.find(path, RECIPE)).toEqual({
      original: { storageKey: replacement.storageKey, format: 'gif' },
      variants: [],
    })
    expect(await variants.outdated()).toContain(variant.storageKey)
    await variants.forget([variant.storageKey])
    expect(await variants.outdated()).not.toContain(variant.storageKey)
  })

  test('stay when the replacement is undone', async () => {
    const { path, file } = await stored()
    const variant = newVariant(file, {})
    await variants.add(variant)
    const failing = galleries.change(product, async (gallery) => {
      await gallery.replaceFile(path, writtenFile())
      throw new Error('refused')
    })
    await expect(failing).rejects.toThrow('refused')
    expect((await variants.find(path, RECIPE))?.variants).toEqual([recordOf(variant)])
  })

  test('are later than their original, and a replacement is later than they by a second or more', async () => {
    const files = new PostgresMediaFiles(opened().database)
    const { path, file } = await stored()
    const made = await variants.add(newVariant(file, {}))
    await opened().database.query(makeLater, [file.storageKey])
    const before = (await variants.find(path, RECIPE))?.variants[0]?.modified.getTime() ?? 0
    expect(before - (made?.modified.getTime() ?? 0)).toBe(5000)
    const replacement = await replace(path)
    const replaced = (await files.find(path))?.modified.getTime() ?? 0
    expect(replaced - before).toBeGreaterThanOrEqual(1000)
    const remade = await variants.add(newVariant(replacement, {}))
    expect(remade?.modified.getTime()).toBeGreaterThanOrEqual(replaced)
  })

  test('are outdated by their recipes, or one by one, or all', async () => {
    const { path, file } = await stored()
    const recipes = ['a', 'b', 'c', 'd']
    const made = recipes.map((recipe) => newVariant(file, { recipe }))
    for (const variant of made) await variants.add(variant)
    const left = async () => {
      const found = await Promise.all(recipes.map((recipe) => variants.find(path, recipe)))
      return recipes.filter((_, index) => found[index]?.variants.length === 1)
    }
    await variants.outdate(['a', 'none'])
    expect(await left()).toEqual(['b', 'c', 'd'])
    await variants.outdate([])
    expect(await left()).toEqual(['b', 'c', 'd'])
    await variants.outdateOne(made[1]?.storageKey ?? '')
    expect(await left()).toEqual(['c', 'd'])
    await variants.outdate(null)
    expect(await left()).toEqual([])
    expect(await variants.outdated()).toEqual(
      expect.arrayContaining(made.map(({ storageKey }) => storageKey)),
    )
  })

  test('that are current are not forgotten', async () => {
    const { path, file } = await stored()
    const variant = newVariant(file, {})
    await variants.add(variant)
    await variants.forget([variant.storageKey])
    expect((await variants.find(path, RECIPE))?.variants).toEqual([recordOf(variant)])
  })

  test.each([
    ['an unknown format', { format: 'svg' as 'png' }, 'media_variant_format_known'],
    ['no bytes', { size: 0 }, 'media_variant_not_empty'],
    ['a hash that is too short', { sha256: Buffer.alloc(31) }, 'media_variant_sha256_length'],
  ])('with %s are refused', async (_what, wrong, constraint) => {
    const { file } = await stored()
    await expect(variants.add(newVariant(file, wrong))).rejects.toMatchObject({ constraint })
  })

  /** A file that no other test has. */
  async function stored(): Promise<{ path: string; file: WrittenFile }> {
    const file = writtenFile()
    const name = storedName(`variants${randomBytes(6).toString('hex')}`, 'gif')
    const path = name && (await galleries.change(product, (gallery) => gallery.claim(name, file)))
    if (!path) throw new Error('no path is free')
    return { path, file }
  }

  async function replace(path: string): Promise<WrittenFile> {
    const file = writtenFile()
    await galleries.change(product, (gallery) => gallery.replaceFile(path, file))
    return file
  }
})

const makeLater = sql(
  "UPDATE media_variant SET created_at = created_at + interval '5 seconds' WHERE original_key = $1",
)

function newVariant({ storageKey }: WrittenFile, given: Partial<NewVariant>): NewVariant {
  const mark = randomBytes(8).toString('hex')
  return {
    originalKey: storageKey,
    storageKey: `/t/e/test~${mark}.gif`,
    recipe: RECIPE,
    format: 'gif',
    size: 43,
    sha256: randomBytes(32),
    ...given,
  }
}

function recordOf({ storageKey, format, sha256 }: NewVariant) {
  return { storageKey, format, sha256, modified: expect.any(Date) }
}
