import { readdir, utimes } from 'node:fs/promises'
import path from 'node:path'
import { keepsake } from '../support/cli'
import { send } from '../support/http'
import { picture } from '../support/pictures'
import { type ShopOnDisk, shopOnDisk } from '../support/shopOnDisk'
import type { SoapClient } from '../support/soap'

/** `keepsake gc --removed`: docs/guides/upkeep.md. */

const DAY_MS = 86_400_000

let shop: ShopOnDisk

beforeAll(async () => {
  shop = await shopOnDisk()
  await shop.whileServing(async (client) => {
    for (const name of ['kept', 'gone', 'late']) await create(client, name)
  })
  expect((await keepsake(['cache', 'warm'], shop.environment)).code).toBe(0)
  await shop.whileServing(async (client) => {
    for (const name of ['gone', 'late']) await client.call('product_media.remove', 'Sku', fileOf(name))
  })
  await writtenAgo(40)
})

afterAll(() => shop.remove())

const fileOf = (name: string) => `/${name[0]}/${name[1]}/${name}.jpg`
const create = async (client: SoapClient, name: string) => {
  const content = (await picture('jpeg', name.length + name.charCodeAt(0))).toString('base64')
  return client.call('product_media.create', 'Sku', { file: { name, mime: 'image/jpeg', content } })
}
const gc = (...args: readonly string[]) => keepsake(['gc', ...args], shop.environment)

const ago = (days: number) => new Date(Date.now() - days * DAY_MS)

/** Makes the store tell that all of its files were written so many days ago. */
async function writtenAgo(days: number): Promise<void> {
  const entries = await readdir(shop.images, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((each) => each.isFile()))
    await utimes(path.join(entry.parentPath, entry.name), ago(days), ago(days))
}

/** The files of that name in the image store: the image and its variants. */
async function storedOf(name: string): Promise<number> {
  const all = await readdir(shop.images, { recursive: true })
  return all.filter((file) => path.basename(file).startsWith(`${name}~`)).length
}

test('refuses what is no whole number of days', async () => {
  for (const days of ['0', '-1', '1.5', 'long', '']) expect((await gc(`--removed=${days}`)).code).toBe(1)
})

test('takes no image that was removed later, or is in a gallery', async () => {
  expect((await gc('--removed', '30')).stdout).toBe('Found 0 files of 0 bytes; --delete deletes them.\n')
  expect((await gc('--removed', '30', '--delete')).stdout).toBe('Deleted 0 files of 0 bytes.\n')
})

test('lists first, and changes nothing by that', async () => {
  await shop.query("UPDATE media_file SET removed_at = $1 WHERE path = '/g/o/gone.jpg'", [ago(31)])
  expect((await gc('--removed', '30')).stdout).toMatch(/^\/g\/o\/gone~\S+\nFound 1 files of \d+ bytes;/)
  expect(await storedOf('gone')).toBe(2)
})

test('deletes the bytes of the image and of its variants, and the URL is 404', async () => {
  expect((await gc('--removed', '30', '--delete')).stdout).toBe(
    'Gave up the files of 1 removed images, which go when their grace period is over. Deleted 0 files of 0 bytes.\n',
  )
  expect((await gc('--delete', '--grace', '0')).stdout).toMatch(/Deleted 1 files of \d+ bytes\.\n$/)
  expect([await storedOf('gone'), await storedOf('late'), await storedOf('kept')]).toEqual([0, 2, 2])
  await shop.whileServing(async (_client, url) => {
    const statusOf = async (file: string) =>
      (await send(url, { path: `/media/catalog/product${file}` })).status
    expect([await statusOf('/g/o/gone.jpg'), await statusOf('/cache/small/g/o/gone.jpg')]).toEqual([404, 404])
    expect([await statusOf('/l/a/late.jpg'), await statusOf('/k/e/kept.jpg')]).toEqual([200, 200])
  })
})

test('leaves nothing for fsck to find, and no image for a backup to miss', async () => {
  expect(await keepsake(['fsck'], shop.environment)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('nothing is wrong'),
  })
  const saved = path.join(shop.directory, 'saved')
  const made = await keepsake(['backup', saved], shop.environment)
  expect(made.code).toBe(0)
  const elsewhere = { ...shop.environment, KEEPSAKE_DATA_DIR: path.join(shop.directory, 'restored') }
  const restored = await keepsake(['restore', saved, '--secret-key-file', `${saved}.secret.key`], elsewhere)
  expect(restored.code).toBe(0)
  expect((await keepsake(['fsck'], elsewhere)).code).toBe(0)
})

test('keeps the name taken', async () => {
  await shop.whileServing(async (client) => {
    expect(await create(client, 'gone')).toBe('/g/o/gone_1.jpg')
  })
})

test('counts from the audit, and else from when it first meets a file', async () => {
  await shop.query("UPDATE media_file SET removed_at = NULL WHERE path = '/l/a/late.jpg'")
  await shop.query(
    "UPDATE media_audit SET changed_at = $1 WHERE path = '/l/a/late.jpg' AND action = 'remove'",
    [ago(50)],
  )
  expect((await gc('--removed', '30')).stdout).toContain('/l/a/late~')
  await shop.query("DELETE FROM media_audit WHERE path = '/l/a/late.jpg'")
  expect((await gc('--removed', '30')).stdout).toContain('Found 0 files')
  expect((await gc('--removed', '30', '--delete')).stdout).toBe('Deleted 0 files of 0 bytes.\n')
  const [row] = await shop.query("SELECT removed_at AS at FROM media_file WHERE path = '/l/a/late.jpg'")
  expect(row).toEqual({ at: expect.any(Date) })
})
