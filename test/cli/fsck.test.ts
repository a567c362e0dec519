import { readdir, rm, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { keepsake } from '../support/cli'
import { send } from '../support/http'
import { picture } from '../support/pictures'
import { type ShopOnDisk, shopOnDisk } from '../support/shopOnDisk'
import type { SoapClient } from '../support/soap'

const YESTERDAY = new Date(Date.now() - 25 * 3_600_000)

let shop: ShopOnDisk
/** The storage key of the first image. */
let original: string

beforeAll(async () => {
  shop = await shopOnDisk()
  await shop.whileServing(async (client) => {
    for (const name of ['one', 'two']) expect(await create(client, name)).toBe(fileOf(name))
  })
  original = String((await keysOf('one'))[0])
  expect((await keepsake(['cache', 'warm'], shop.environment)).code).toBe(0)
})

afterAll(() => shop.remove())

const fileOf = (name: string) => `/${name[0]}/${name[1]}/${name}.jpg`

const contentOf = async (shade: number) => (await picture('jpeg', shade)).toString('base64')

const create = async (client: SoapClient, name: string) =>
  client.call('product_media.create', 'Sku', {
    file: { name, mime: 'image/jpeg', content: await contentOf(1) },
  })

const fsck = (...args: readonly string[]) => keepsake(['fsck', ...args], shop.environment)
const gc = (...args: readonly string[]) => keepsake(['gc', ...args], shop.environment)

/** Makes the database tell that these bytes were replaced then. */
async function released(key: string, time: Date): Promise<void> {
  await shop.query('UPDATE media_released SET released_at = $2 WHERE storage_key = $1', [key, time])
}

const printed = (code: number, ...lines: readonly string[]) => ({
  code,
  stdout: `${lines.join('\n')}\n`,
  stderr: '',
})

const CLEAN = printed(0, 'Checked 4 rows and their files: nothing is wrong.')

/** The storage keys of the images of that name, and of their variants. */
const keysOf = async (name: string) =>
  (await readdir(path.join(shop.images, name[0] ?? '', name[1] ?? '')))
    .filter((file) => file.startsWith(`${name}~`))
    .map((file) => `/${name[0]}/${name[1]}/${file}`)

describe('fsck and gc', () => {
  let added: string

  it('find nothing in a store at rest', async () => {
    expect(await fsck()).toEqual(CLEAN)
    expect(await fsck('--json')).toEqual(
      printed(0, '{"summary":{"rows":4,"found":0,"repaired":0,"md5Noted":0,"missingSinceImport":0}}'),
    )
    expect(await gc('--grace', '0')).toEqual(printed(0, 'Found 0 files of 0 bytes; --delete deletes them.'))
  })

  it('refuse to run beside a server on the embedded database', async () => {
    await shop.whileServing(async () => {
      for (const refused of [await fsck(), await gc()]) {
        expect(refused.code).toBe(1)
        expect(refused.stderr).toMatch(/ is in use by process /)
      }
    })
  })

  it('refuse a grace period that is none', async () => {
    for (const grace of ['-1', '1.5', 'long', '']) {
      expect((await fsck(`--grace=${grace}`)).code).toBe(1)
      expect((await gc(`--grace=${grace}`)).code).toBe(1)
    }
  })

  it('fsck tells a variant without bytes, drops it when it may, and the server makes it again', async () => {
    const variant = (await keysOf('one')).find((key) => key !== original) ?? ''
    await rm(path.join(shop.images, variant))

    const line = `row_without_file ${variant} of a variant of /o/n/one.jpg`
    expect(await fsck()).toEqual(
      printed(1, line, 'Checked 4 rows and their files: 1 findings, 0 of them repaired.'),
    )
    expect(await fsck('--repair')).toEqual(
      printed(0, `${line}, repaired`, 'Checked 4 rows and their files: 1 findings, 1 of them repaired.'),
    )
    expect((await fsck()).stdout).toBe('Checked 3 rows and their files: nothing is wrong.\n')
    await shop.whileServing(async (_client, url) => {
      const answer = await send(url, { path: '/media/catalog/product/cache/small/o/n/one.jpg' })
      expect(answer.status).toBe(200)
    })
    expect(await fsck()).toEqual(CLEAN)
  })

  it('fsck drops a variant with other bytes in the same way', async () => {
    const variant = (await keysOf('one')).find((key) => key !== original) ?? ''
    await writeFile(path.join(shop.images, variant), 'spoilt')
    expect((await fsck('--repair')).stdout).toContain(
      `wrong_size ${variant} of a variant of /o/n/one.jpg, repaired\n`,
    )
    expect(await keysOf('one')).toEqual([original])
    expect((await keepsake(['cache', 'warm'], shop.environment)).code).toBe(0)
    expect(await fsck()).toEqual(CLEAN)
  })

  it('gc deletes the bytes of a replaced image when the grace period since then is over, and only when told to', async () => {
    const content = await contentOf(2)
    await shop.whileServing(async (client) => {
      const file = { mime: 'image/jpeg', content }
      expect(await client.call('product_media.update', 'Sku', '/o/n/one.jpg', { file })).toBe(true)
    })
    expect((await keepsake(['cache', 'warm'], shop.environment)).code).toBe(0)
    expect(await fsck()).toEqual(
      printed(
        1,
        `file_without_row ${original}`,
        'Checked 4 rows and their files: 1 findings, 0 of them repaired.',
      ),
    )
    expect(await fsck('--grace', '24')).toEqual(CLEAN)
    expect((await gc('--delete')).stdout).toBe('Deleted 0 files of 0 bytes.\n')

    await utimes(path.join(shop.images, original), YESTERDAY, YESTERDAY)
    expect((await gc('--delete')).stdout).toBe('Deleted 0 files of 0 bytes.\n')
    expect(await fsck('--grace', '24')).toEqual(CLEAN)
    await released(original, YESTERDAY)
    const found = await gc()
    expect(found.stdout).toMatch(
      new RegExp(`^${original}\nFound 1 files of \\d+ bytes; --delete deletes them\\.\n$`),
    )
    expect(await keysOf('one')).toContain(original)
    expect((await gc('--delete')).code).toBe(0)
    expect(await keysOf('one')).not.toContain(original)
    expect(await fsck()).toEqual(CLEAN)
    await shop.whileServing(async (client, url) => {
      const { body } = await send(url, { path: '/media/catalog/product/o/n/one.jpg' })
      expect(body.toString('base64')).toBe(content)
      expect(await client.call('product_media.list', 'Sku')).toHaveLength(2)
    })
  })

  it('gc deletes what writes have left that broke off, and fsck tells it', async () => {
    const leftOver = `${original}.tmp`
    await writeFile(path.join(shop.images, leftOver), 'half')
    expect(await fsck()).toEqual(CLEAN)
    await utimes(path.join(shop.images, leftOver), YESTERDAY, YESTERDAY)
    expect((await fsck()).stdout).toContain(`left_over_temporary_file ${leftOver}\n`)
    expect(await gc('--delete', '--json')).toEqual(
      printed(
        0,
        JSON.stringify({ key: leftOver, size: 4 }),
        '{"summary":{"files":1,"bytes":4,"isDeleted":true}}',
      ),
    )
    expect(await fsck()).toEqual(CLEAN)
  })

  it('keep the name and the file of a removed image', async () => {
    await shop.whileServing(async (client) => {
      expect(await client.call('product_media.remove', 'Sku', '/t/w/two.jpg')).toBe(true)
    })
    expect((await gc('--delete', '--grace', '0')).stdout).toBe('Deleted 0 files of 0 bytes.\n')
    expect(await fsck()).toEqual(CLEAN)
    const before = await keysOf('two')
    await shop.whileServing(async (client, url) => {
      expect(await create(client, 'two')).toBe('/t/w/two_1.jpg')
      expect((await send(url, { path: '/media/catalog/product/t/w/two.jpg' })).status).toBe(200)
    })
    added = String((await keysOf('two')).find((key) => !before.includes(key)))
  })

  it('fsck reports an image that has lost its bytes, and never deletes its row', async () => {
    await rm(path.join(shop.images, added))
    const line = `row_without_file ${added} of /t/w/two_1.jpg`
    for (const flags of [[], ['--repair'], []]) {
      expect(await fsck(...flags)).toEqual(
        printed(1, line, 'Checked 5 rows and their files: 1 findings, 0 of them repaired.'),
      )
    }
    await shop.whileServing(async (client) =>
      expect(await client.call('product_media.list', 'Sku')).toMatchObject([{}, { file: '/t/w/two_1.jpg' }]),
    )
  })
})
