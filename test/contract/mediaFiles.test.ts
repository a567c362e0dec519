import { storedName } from '../../src/catalog/fileName'
import type { Galleries, MediaFile, MediaFiles, WrittenFile } from '../../src/catalog/ports'
import { PostgresGalleries } from '../../src/store/galleries/galleries'
import { PostgresMediaFiles } from '../../src/store/galleries/mediaFiles'
import { newProduct, seedCatalog, writtenFile } from '../support/catalog'
import { describeOnEachDatabase } from '../support/databases'

describeOnEachDatabase('media files', (opened) => {
  let files: MediaFiles
  let galleries: Galleries
  let product: number

  beforeAll(async () => {
    await seedCatalog(opened().database)
    files = new PostgresMediaFiles(opened().database)
    galleries = new PostgresGalleries(opened().database)
    product = await newProduct(opened().database)
  })

  test('are found by exactly their path', async () => {
    const written = writtenFile()
    const path = await claim('found', written)
    expect(await files.find(path)).toEqual(recordOf(written))
    for (const other of ['', '/', path.toUpperCase(), `${path} `, path.slice(1), `${path}\0`, '/f/o/%']) {
      expect(await files.find(other)).toBeNull()
    }
  })

  test('are there as soon as their change is committed, and not before', async () => {
    const path = '/e/a/early.gif'
    const before = files.find(path)
    expect(await before).toBeNull()
    expect(await claim('early', writtenFile())).toBe(path)
    expect(await files.find(path)).not.toBeNull()
  })

  test('of a refused change are not there', async () => {
    const failing = galleries.change(product, async (gallery) => {
      await gallery.claim(name('refused'), writtenFile())
      throw new Error('refused')
    })
    await expect(failing).rejects.toThrow('refused')
    expect(await files.find('/r/e/refused.gif')).toBeNull()
  })

  test('that are replaced keep their path, and count as changed by a second or more', async () => {
    const path = await claim('replaced', writtenFile())
    const before = await found(path)
    const replacement: WrittenFile = { ...writtenFile(), format: 'png', width: 3, height: 2 }
    await galleries.change(product, (gallery) => gallery.replaceFile(path, replacement))
    const after = await found(path)
    expect(after).toEqual(recordOf(replacement))
    // Last-Modified has whole seconds, and a client must see every change by it.
    expect(after.modified.getTime() - before.modified.getTime()).toBeGreaterThanOrEqual(1000)
  })

  test('outlive their image', async () => {
    const path = await claim('outliving', writtenFile())
    await galleries.change(product, async (gallery) => gallery.deleteImage(await gallery.addImage(path)))
    expect(await files.find(path)).not.toBeNull()
  })

  async function claim(base: string, file: WrittenFile): Promise<string> {
    const path = await galleries.change(product, (gallery) => gallery.claim(name(base), file))
    if (path === null) throw new Error(`no path is free for ${base}`)
    return path
  }

  async function found(path: string): Promise<MediaFile> {
    const file = await files.find(path)
    if (!file) throw new Error(`there is no file ${path}`)
    return file
  }
})

function recordOf({ storageKey, format, sha256 }: WrittenFile) {
  return { storageKey, format, sha256, modified: expect.any(Date) }
}

function name(base: string) {
  const stored = storedName(base, 'gif')
  if (!stored) throw new Error(`${base} is no name`)
  return stored
}
