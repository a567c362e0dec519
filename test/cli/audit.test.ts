import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { openStorage } from '../../src/server/storage'
import { readSettings } from '../../src/settings/settings'
import { type Environment, keepsake, serving } from '../support/cli'
import { sql } from '../support/databases'
import { GIF } from '../support/rest'
import { SMALL_SHOP } from '../support/seed'
import { silent, temporaryDirectory } from '../support/server'
import { login } from '../support/soap'

let environment: Environment
let removeDirectory: () => Promise<void>

const FILE = { mime: 'image/gif', content: GIF, name: 'seen' }
/** It would begin a line, clear a terminal, and turn the rest around. */
const ODD_LABEL = 'a\nb\u009b2J\u202ec'

beforeAll(async () => {
  const { directory, remove } = await temporaryDirectory()
  removeDirectory = remove
  environment = { KEEPSAKE_DATA_DIR: path.join(directory, 'data') }
  await writeFile(path.join(directory, 'seed.json'), SMALL_SHOP)
  expect((await keepsake(['seed', path.join(directory, 'seed.json')], environment)).code).toBe(0)
  const server = await serving(environment)
  const client = await login(server.url)
  await client.call('product_media.create', 'Sku', { file: FILE, label: 'One', types: ['image'], exclude: 0 })
  await client.call('product_media.update', 'Sku', '/s/e/seen.gif', { label: ODD_LABEL }, 'german')
  await client.call('product_media.update', 'Sku', '/s/e/seen.gif', { file: FILE, types: [] })
  await client.call('product_media.create', 'Sku', { file: FILE })
  await client.call('product_media.remove', 'Sku', '/s/e/seen_1.gif')
  await server.stop('SIGTERM')
})

afterAll(() => removeDirectory())

const audit = (...args: readonly string[]) => keepsake(['audit', ...args], environment)

/** What a list shows below its header, without the times. */
async function shown(...args: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await audit(...args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const [header = '', ...lines] = stdout.trimEnd().split('\n')
  expect(header).toMatch(/^TIME +USER +FROM +VIA +ACTION +PRODUCT +STORE +IMAGE +CHANGES$/)
  return lines.map((line) => {
    expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z {2}\S/)
    return line.slice(26).replace(/ +/g, ' ')
  })
}

async function actions(...args: readonly string[]): Promise<readonly string[]> {
  return (await shown(...args)).map((line) => line.split(' ')[3] ?? '')
}

describe('keepsake audit', () => {
  it('tells who changed which image when, the latest first', async () => {
    const who = 'apiUser 127.0.0.1 soap_v1'
    expect(await shown()).toEqual([
      `${who} remove Sku admin /s/e/seen_1.gif -`,
      expect.stringMatching(
        /^apiUser 127\.0\.0\.1 soap_v1 create Sku admin \/s\/e\/seen_1\.gif label="" position=2 /,
      ),
      expect.stringMatching(
        /^apiUser \S+ \S+ update Sku admin \/s\/e\/seen\.gif types=none file=[0-9a-f]{12} replacing \/s\/e\/seen~\w+\.gif$/,
      ),
      `${who} update Sku german /s/e/seen.gif label="a\\nb\\u{9b}2J\\u{202e}c"`,
      expect.stringMatching(
        /^apiUser \S+ \S+ create Sku admin \/s\/e\/seen\.gif label="One" position=1 exclude=0 types=image file=[0-9a-f]{12}$/,
      ),
    ])
    expect(await shown('list')).toEqual(await shown())
  })

  it('finds changes by SKU and user, in any case', async () => {
    expect(await actions('--product', 'SKU')).toHaveLength(5)
    expect(await actions('--product', 'nosuch')).toEqual([])
    expect(await actions('--user', 'apiuser', '--product=sku')).toHaveLength(5)
    expect(await actions('--user', 'nobody')).toEqual([])
  })

  it('finds changes by their time', async () => {
    expect(await actions('--since', '1d')).toHaveLength(5)
    expect(await actions('--until', '1d')).toEqual([])
    expect(await actions('--since', '2020-01-01', '--until', '2020-12-31T23:59:59Z')).toEqual([])
    const [first = ''] = (await audit('--json', '--limit', '1')).stdout.split('\n')
    const { time } = JSON.parse(first)
    expect(await actions('--since', time)).toContain('remove')
    expect(await actions('--until', time)).not.toContain('remove')
  })

  it.each(['yesterday', '2026-02-30', '2026-13-01', '7', '7w', '', '2026-01-01T25:00'])(
    'refuses a time that is none: %j',
    async (when) => {
      const { code, stdout, stderr } = await audit(`--since=${when}`)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain('Expected 2026-12-31, 2026-12-31T23:59 or an age such as 24h or 7d.')
    },
  )

  it('says so when there are more than it shows', async () => {
    const { stdout, stderr } = await audit('--limit', '2')
    expect(stdout.trimEnd().split('\n')).toHaveLength(3)
    expect(stderr).toBe('These are the latest 2; --limit shows more.\n')
    expect((await audit('--limit', '5')).stderr).toBe('')
  })

  it('prints JSON with all that is known', async () => {
    const { stdout } = await audit('--json')
    const entries = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(entries).toHaveLength(5)
    expect(entries[3]).toMatchObject({ user: 'apiUser', storeId: 2, label: ODD_LABEL, types: null })
    expect(entries[2]).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), types: [] })
    expect(stdout).not.toContain(GIF)
  })
})

describe('keepsake audit prune', () => {
  it('drops what is older than its age, and only when told to', async () => {
    const storage = await openStorage(readSettings({}, environment), silent, () => {})
    await storage.database.query(
      sql("UPDATE media_audit SET changed_at = now() - interval '91 days' WHERE action = 'create'"),
    )
    await storage.close()

    expect((await audit('prune', '--older-than', '92', '--delete')).stdout).toBe('Dropped 0 changes.\n')
    expect((await audit('prune', '--older-than', '90')).stdout).toBe(
      'Found 2 changes; --delete drops them.\n',
    )
    expect(await actions()).toHaveLength(5)
    expect((await audit('prune', '--older-than', '90', '--delete')).stdout).toBe('Dropped 2 changes.\n')
    expect(await actions()).toEqual(['remove', 'update', 'update'])
  })

  it.each([[], ['--older-than', '0'], ['--older-than', '1.5'], ['--older-than', 'all']])(
    'refuses an age that is none: %j',
    async (...args) => {
      const { code, stdout } = await audit('prune', '--delete', ...args)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    },
  )
})
