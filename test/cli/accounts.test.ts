import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { openStorage } from '../../src/server/storage'
import { readSettings } from '../../src/settings/settings'
import { type Environment, keepsake, serving } from '../support/cli'
import { sql } from '../support/databases'
import { SMALL_SHOP } from '../support/seed'
import { silent, temporaryDirectory } from '../support/server'
import { login, type SoapClient } from '../support/soap'

let environment: Environment
let seedFile: string
let removeDirectory: () => Promise<void>

beforeAll(async () => {
  const { directory, remove } = await temporaryDirectory()
  removeDirectory = remove
  environment = { KEEPSAKE_DATA_DIR: path.join(directory, 'data') }
  seedFile = path.join(directory, 'shop.json')
  await writeFile(seedFile, SMALL_SHOP)
})

afterAll(() => removeDirectory())

/** Runs a command that is to succeed, and answers what it says. */
async function ran(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await keepsake(args, environment)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

/** Runs a command that is to be refused, and answers why. */
async function refused(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await keepsake(args, environment)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  return stderr
}

const keyIn = (stdout: string) => /^Key: ([0-9a-f]{32})$/m.exec(stdout)?.[1] ?? ''

it('seed puts a shop into a new data directory, and doing it again changes nothing', async () => {
  expect(await ran('seed', seedFile)).toBe('Seeded: 1 users, 2 store views, 1 products.\n')
  expect(await ran('seed', seedFile)).toBe('Seeded: 1 users, 2 store views, 1 products.\n')
})

it('seed puts in all or nothing, as the lists below tell', async () => {
  const file = path.join(path.dirname(seedFile), 'bad.json')
  const bad = {
    stores: [{ id: 5, code: 'ghost', website: 1 }],
    products: [{ sku: 'Ghost', attributeSet: 99 }],
    users: [{ username: 'ghost', apiKey: 'ghost' }],
  }
  await writeFile(file, JSON.stringify(bad))
  expect(await refused('seed', file)).toBe(
    'keepsake: seed file: Key (attribute_set_id)=(99) is not present in table "eav_attribute_set".\n',
  )
})

it('migrate --plan says that nothing would be done, or that there is nothing yet, and makes nothing', async () => {
  expect(await ran('migrate', '--plan')).toBe(
    'The database has the schema of this version: nothing would be done.\n',
  )
  const data = path.join(path.dirname(seedFile), 'not-there')
  expect(await keepsake(['migrate', '--plan'], { KEEPSAKE_DATA_DIR: data })).toEqual({
    code: 0,
    stdout: 'There is no embedded database yet: the first start makes one with the schema of this version.\n',
    stderr: '',
  })
  expect(existsSync(data)).toBe(false)
})

/** Does something to the database that no command does. */
async function inDatabase(...statements: readonly string[]): Promise<void> {
  const storage = await openStorage(readSettings({}, environment), silent, () => {})
  try {
    for (const statement of statements) await storage.database.query(sql(statement))
  } finally {
    await storage.close()
  }
}

it('migrate --plan tells what would run, and what it would add', async () => {
  await inDatabase("DELETE FROM knex_migrations WHERE name = '009_readiness'", 'DROP TABLE server_readiness')
  const plan = 'would run      adds\n009_readiness  the row that /readyz writes\n'
  expect(await ran('migrate', '--plan')).toBe(plan)
  expect(await ran('migrate', '--plan')).toBe(plan)
  expect(await ran('migrate')).toBe('The database has the schema of this version.\n')
})

it('migrate finds a database of this version as it should be', async () => {
  expect(await ran('migrate')).toBe('The database has the schema of this version.\n')
})

it('store add makes a store view, and its website if need be', async () => {
  expect(await ran('store', 'add', 'french')).toBe('Added store view french with id 3.\n')
  expect(await ran('store', 'add', 'outlet', '--website', 'second', '--id', '10')).toBe(
    'Added store view outlet with id 10.\n',
  )
  expect(await ran('store', 'list')).toBe(
    [
      'ID  CODE     WEBSITE',
      '0   admin    admin',
      '1   default  base',
      '2   german   base',
      '3   french   base',
      '10  outlet   second',
      '',
    ].join('\n'),
  )
})

it.each([
  ['a code that is there', ['german'], 'there is a store view german already'],
  [
    'a code that calls would read as an id',
    ['1e3'],
    'a store view code must not look like a number: calls would read it as an id',
  ],
])('store add refuses %s', async (_name, args, reason) => {
  expect(await refused('store', 'add', ...args)).toBe(`keepsake: ${reason}\n`)
})

describe('an API user', () => {
  let generated: string
  let port: string
  let rekeyed: SoapClient
  let disabled: SoapClient
  let untouched: SoapClient

  it('is added with a key that is printed, or with the one that was given', async () => {
    const stdout = await ran('user', 'add', 'importer')
    generated = keyIn(stdout)
    expect(stdout).toBe(`Added user importer with role all.\nKey: ${generated}\n`)
    expect(
      await ran(
        'user',
        'add',
        'Reader',
        '--key',
        'readerKey',
        '--role',
        'reader',
        '--resources',
        'catalog, catalog/product/media',
      ),
    ).toBe('Added user Reader with role reader.\n')
    const withKey = { ...environment, KEEPSAKE_API_KEY: 'from the environment' }
    expect(await keepsake(['user', 'add', 'writer'], withKey)).toMatchObject({
      code: 0,
      stdout: 'Added user writer with role all.\n',
    })
  })

  it('is listed without its key', async () => {
    expect(await ran('user', 'list')).toBe(
      [
        'USER      ROLE    STATE   KEY',
        'apiUser   all     active  scrypt',
        'importer  all     active  scrypt',
        'Reader    reader  active  scrypt',
        'writer    all     active  scrypt',
        '',
      ].join('\n'),
    )
  })

  it.each([
    [
      'added twice, in any case',
      ['add', 'IMPORTER'],
      'there is a user IMPORTER already: keepsake user set-key gives it a new key',
    ],
    [
      'given a key that login would refuse',
      ['add', 'other', '--key', '0'],
      '--key: expected a key that login accepts, not an empty one or 0',
    ],
    ['disabled when there is none', ['disable', 'nobody'], 'there is no user nobody'],
  ])('is not %s', async (_name, args, reason) => {
    expect(await refused('user', ...args)).toBe(`keepsake: ${reason}\n`)
  })

  it('is not added with the empty key of a variable, which is named', async () => {
    expect(await keepsake(['user', 'add', 'other'], { ...environment, KEEPSAKE_API_KEY: '' })).toMatchObject({
      code: 1,
      stderr: 'keepsake: KEEPSAKE_API_KEY: expected a key that login accepts, not an empty one or 0\n',
    })
  })

  it('may do what its role allows', async () => {
    const server = await serving(environment)
    try {
      port = new URL(server.url).port
      rekeyed = await login(server.url, { username: 'reader', apiKey: 'readerKey' })
      disabled = await login(server.url, { username: 'importer', apiKey: generated })
      untouched = await login(server.url, { username: 'writer', apiKey: 'from the environment' })
      expect(await rekeyed.call('product_media.list', 'Sku')).toEqual([])
      expect(await rekeyed.fault('product_media.create', 'Sku', {})).toMatchObject({ code: '2' })
      expect(await disabled.fault('product_media.create', 'Sku', {})).toMatchObject({ code: '102' })
    } finally {
      await server.stop('SIGTERM')
    }
  })

  it('loses its sessions when it is disabled or given a new key; others keep theirs', async () => {
    expect(await ran('user', 'disable', 'IMPORTER')).toBe('Disabled user IMPORTER.\n')
    const stdout = await ran('user', 'set-key', 'reader')
    const key = keyIn(stdout)
    expect(stdout).toBe(`Changed the key of user reader.\nKey: ${key}\n`)
    expect(await ran('user', 'list')).toContain('importer  all     disabled  scrypt\n')

    const server = await serving(environment, ['--port', port])
    try {
      expect(await untouched.call('product_media.list', 'Sku')).toEqual([])
      expect(await rekeyed.fault('product_media.list', 'Sku')).toMatchObject({ code: '5' })
      expect(await disabled.fault('product_media.list', 'Sku')).toMatchObject({ code: '5' })
      await expect(login(server.url, { username: 'importer', apiKey: generated })).rejects.toThrow('fault 2')
      await expect(login(server.url, { username: 'reader', apiKey: 'readerKey' })).rejects.toThrow('fault 2')
      await login(server.url, { username: 'reader', apiKey: key })
    } finally {
      await server.stop('SIGTERM')
    }
  })
})

it('every command refuses the database of a later version in one line that says what to do', async () => {
  await inDatabase("INSERT INTO knex_migrations (name, batch) VALUES ('999_later', 9)")
  const line =
    'keepsake: a later version of Keepsake has migrated the database (999_later): start that version, or restore a backup from before the upgrade\n'
  for (const command of [['start', '--port', '0'], ['migrate'], ['migrate', '--plan'], ['user', 'list']]) {
    expect(await refused(...command)).toBe(line)
  }
})
