import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Environment, keepsake, serving } from '../support/cli'
import { send } from '../support/http'
import { dumpOf, madeShop, OLD_KEY } from '../support/magentoShop'
import { picture } from '../support/pictures'
import { temporaryDirectory } from '../support/server'
import { login } from '../support/soap'

const HASH = `${createHash('sha256').update(`salt${OLD_KEY}`).digest('hex')}:salt`

let directory: string
let remove: () => Promise<void>
let dump: string
let media: string
let environment: Environment

beforeAll(async () => {
  ;({ directory, remove } = await temporaryDirectory())
  dump = path.join(directory, 'shop.sql')
  media = path.join(directory, 'backup')
  environment = { KEEPSAKE_DATA_DIR: path.join(directory, 'data'), KEEPSAKE_COMPARE_KEY: OLD_KEY }
  await writeFile(dump, dumpOf(madeShop(HASH)))
  await mkdir(path.join(media, 'media/catalog/product/s/h'), { recursive: true })
  await writeFile(path.join(media, 'media/catalog/product/s/h/shared.gif'), await picture('gif', 1))
})

afterAll(() => remove())

const imported = (...args: readonly string[]) => keepsake(['import', 'magento', ...args], environment)

test('a shop is only looked at, then moved in, and its script logs in with its old key', async () => {
  const tried = await imported(dump, '--media', media, '--dry-run')
  expect(tried).toMatchObject({ code: 0, stderr: '' })
  expect(tried.stdout).toContain('What an import would do (nothing was changed):\n')
  const report = path.join(directory, 'report.json')
  const done = await imported(dump, '--media', media, '--report', report)
  expect(done).toMatchObject({ code: 0, stderr: '' })
  expect(done.stdout).toContain('  6 products: 6 new, 0 changed, 0 unchanged, 0 in conflict, 0 deleted\n')
  expect(done.stdout).toContain('  KEEPSAKE_BASE_URL=http://old.example\n')
  expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({ isDryRun: false, users: 4 })
  const server = await serving(environment)
  try {
    const client = await login(server.url, { username: 'erp', apiKey: OLD_KEY })
    const list = await client.call('product_media.list', '10')
    expect(list).toHaveLength(3)
    const served = await send(server.url, { method: 'GET', path: '/media/catalog/product/s/h/shared.gif' })
    expect([served.status, served.headers['content-type']]).toEqual([200, 'image/gif'])
  } finally {
    await server.stop('SIGTERM')
  }
  const users = await keepsake(['user', 'list'], environment)
  expect(users.stdout).toMatch(/^erp +everything +active +scrypt$/m)
  expect(users.stdout).toMatch(/^retired +everything +disabled +old: sha256$/m)
  const fsck = await keepsake(['fsck'], environment)
  expect(fsck).toMatchObject({ code: 0 })
  expect(fsck.stdout).toContain('2 files are missing since the import')
})

test('answers are saved while a shop is there, and compared when it is not', async () => {
  const saved = path.join(directory, 'saved.json')
  const others: Environment = {
    KEEPSAKE_DATA_DIR: path.join(directory, 'old'),
    KEEPSAKE_COMPARE_KEY: OLD_KEY,
  }
  expect((await keepsake(['import', 'magento', dump, '--media', media], others)).code).toBe(0)
  const shop = await serving(others)
  try {
    const wsdl = `${shop.url}/api/soap/?wsdl`
    const same = await keepsake(['compare', wsdl, '--user', 'erp', '--bytes'], environment)
    expect(same).toMatchObject({ code: 0 })
    expect(same.stdout).toContain('nothing differs')
    expect((await keepsake(['compare', wsdl, '--user', 'erp', '--save', saved], environment)).code).toBe(0)
    const refused = await keepsake(['compare', wsdl, '--user', 'erp'], {
      ...environment,
      KEEPSAKE_COMPARE_KEY: 'x',
    })
    expect(refused).toMatchObject({
      code: 2,
      stderr: `keepsake: erp cannot log in at ${wsdl}: Access denied.\n`,
    })
  } finally {
    await shop.stop('SIGTERM')
  }
  const recording = await readFile(saved, 'utf8')
  await writeFile(saved, recording.replace('"label":"nur hier"', '"label":"another"'))
  const differing = await keepsake(['compare', '--user', 'erp', '--recorded', saved], environment)
  expect(differing).toMatchObject({ code: 1 })
  expect(differing.stdout).toContain('label is "another" there, "nur hier" here\n')
})

describe('bad input is one line, and exit 2:', () => {
  test.each<[what: string, content: string, message: string]>([
    ['a dump that breaks off', dumpOf(madeShop(HASH)).slice(0, 4000), 'the dump breaks off before its end'],
    [
      'a dump of another program',
      'CREATE TABLE `wp_posts` (\n`id` int\n);\n',
      'this is no shop of Magento 1: it has no table core_website, core_store, eav_entity_type',
    ],
    ['a text', 'hello\n', 'there are no tables: this is no SQL dump of a shop'],
  ])('%s', async (_what, content, message) => {
    const file = path.join(directory, 'bad.sql')
    await writeFile(file, content)
    expect(await imported(file)).toEqual({ code: 2, stdout: '', stderr: `keepsake: ${message}\n` })
  })

  test('a dump that is not there, a media folder that is not, or is another shop’s', async () => {
    const nothing = path.join(directory, 'nothing')
    expect(await imported(nothing)).toMatchObject({
      code: 2,
      stderr: `keepsake: there is no dump ${nothing}\n`,
    })
    expect(await imported(dump, '--media', nothing)).toMatchObject({
      code: 2,
      stderr: `keepsake: there is no media folder ${nothing}\n`,
    })
    await mkdir(path.join(directory, 'empty'), { recursive: true })
    const others = await imported(dump, '--media', path.join(directory, 'empty'))
    expect(others.code).toBe(2)
    expect(others.stderr).toMatch(/^keepsake: the media folder has none of the \d+ files that the shop names/)
  })

  test('a prefix that does not exist, and a MySQL that does not answer', async () => {
    const prefix = await imported(dump, '--table-prefix', 'mage_')
    expect(prefix).toMatchObject({
      code: 2,
      stderr: 'keepsake: no tables of a shop begin with "mage_": those that are there begin with ""\n',
    })
    const mysql = await imported('mysql://nobody:secret@127.0.0.1:1/shop')
    expect(mysql.code).toBe(2)
    expect(mysql.stderr).toMatch(/^keepsake: the database cannot be read: .*\n$/)
    expect(mysql.stderr).not.toContain('secret')
  })
})
