import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { migrations } from '../../migrations/index'
import { type Environment, keepsake, type Serving, serving } from '../support/cli'
import { send } from '../support/http'
import { picture } from '../support/pictures'
import { SMALL_SHOP } from '../support/seed'
import { temporaryDirectory } from '../support/server'
import { login } from '../support/soap'

const PASSPHRASE = 'correct horse battery staple'

let root: string
let environment: Environment
let server: Serving
let removeDirectory: () => Promise<void>

beforeAll(async () => {
  const { directory, remove } = await temporaryDirectory()
  removeDirectory = remove
  root = directory
  environment = { KEEPSAKE_DATA_DIR: path.join(root, 'data') }
  await writeFile(path.join(root, 'seed.json'), SMALL_SHOP)
  server = await serving(environment, ['--port', '0', '--seed', path.join(root, 'seed.json')])
  await create('one')
})

afterAll(async () => {
  await server.stop('SIGTERM')
  await removeDirectory()
})

const set = () => path.join(root, 'set')
const manifestOf = async (directory: string) =>
  JSON.parse(await readFile(path.join(directory, 'manifest.json'), 'utf8'))

async function create(name: string): Promise<void> {
  const content = (await picture('jpeg', name.length)).toString('base64')
  const client = await login(server.url)
  await client.call('product_media.create', 'Sku', { file: { name, mime: 'image/jpeg', content } })
}

/** The files below a directory, by their names there. */
async function filesOf(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .sort()
}

const imagesOf = async (directory: string) => filesOf(path.join(directory, 'images'))

/** What the server of a data directory shows of the product's images, with their bytes. */
async function shownBy(dataDirectory: string): Promise<readonly string[]> {
  const restored = await serving({ KEEPSAKE_DATA_DIR: dataDirectory })
  try {
    return await shownAt(restored.url)
  } finally {
    await restored.stop('SIGTERM')
  }
}

async function shownAt(url: string): Promise<readonly string[]> {
  const list = (await (await login(url)).call('product_media.list', 'Sku')) as unknown as { file: string }[]
  return Promise.all(
    list.map(async ({ file }) => {
      const { body } = await send(url, { path: `/media/catalog/product${file}` })
      return `${file} ${body.toString('base64')}`
    }),
  )
}

/** A copy of the set, which a test may spoil. */
async function copyOfSet(name: string): Promise<string> {
  const copy = path.join(root, name)
  await cp(set(), copy, { recursive: true })
  await cp(`${set()}.secret.key`, `${copy}.secret.key`)
  return copy
}

const intoNew = (name: string) => ({ KEEPSAKE_DATA_DIR: path.join(root, name) })

describe('keepsake backup, beside the server of an embedded database', () => {
  it('copies rows and images, and puts the secret key beside them', async () => {
    const finished = await keepsake(['backup', set()], environment)
    expect(finished).toMatchObject({ code: 0, stderr: '' })
    expect(finished.stdout).toMatch(
      /^Backed up \d+ rows and 1 images of (\d+) bytes to \S+; 1 images of \1 bytes were new\.\nThe secret key is in \S+\.secret\.key: keep it/,
    )
    expect(await readFile(`${set()}.secret.key`)).toEqual(await readFile(path.join(root, 'data/secret.key')))
  })

  it('tells in its manifest of version, schema, counts and SHA-256', async () => {
    const manifest = await manifestOf(set())
    expect(manifest).toMatchObject({
      format: 1,
      version: (await keepsake(['--version'])).stdout.trim(),
      schema: [...migrations.keys()],
      images: { count: 1, damaged: [] },
    })
    expect(manifest.tables).toContainEqual({
      name: 'media_file',
      count: 1,
      bytes: expect.any(Number),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(manifest.tables.map(({ name }: { name: string }) => name)).not.toContain('api_session')
  })

  it('leaves no file to other users, nor the key in the directory', async () => {
    const files = [...(await filesOf(set())).map((file) => path.join(set(), file)), `${set()}.secret.key`]
    const modes = await Promise.all(files.map(async (file) => (await stat(file)).mode & 0o777))
    expect(new Set(modes)).toEqual(new Set([0o600]))
    expect((await stat(set())).mode & 0o777).toBe(0o700)
    const key = (await readFile(`${set()}.secret.key`, 'utf8')).trim()
    for (const file of await filesOf(set()))
      expect(await readFile(path.join(set(), file), 'latin1')).not.toContain(key)
  })

  it('asks over a socket that is for its user alone, and leaves no copy in the data directory', async () => {
    expect((await stat(path.join(root, 'data/backup.sock'))).mode & 0o777).toBe(0o600)
    expect((await readdir(path.join(root, 'data'))).filter((name) => name.startsWith('backup-copy'))).toEqual(
      [],
    )
  })

  it('copies only new images into a directory that has an earlier backup', async () => {
    const [image = ''] = await imagesOf(set())
    const before = await stat(path.join(set(), 'images', image))
    await create('another')
    const { stdout } = await keepsake(['backup', set()], environment)
    expect(stdout).toMatch(/ and 2 images of \d+ bytes to \S+; 1 images of \d+ bytes were new\.\n/)
    expect(await imagesOf(set())).toHaveLength(2)
    expect((await stat(path.join(set(), 'images', image))).ino).toBe(before.ino)
  })

  it('removes what the latest backup does not name', async () => {
    await mkdir(path.join(set(), 'images/o/l'), { recursive: true })
    await writeFile(path.join(set(), 'images/o/l/old~1.jpg'), 'old')
    await writeFile(path.join(set(), 'images/o/l/half~1.jpg.tmp'), 'half')
    expect((await keepsake(['backup', set()], environment)).code).toBe(0)
    expect(await imagesOf(set())).toHaveLength(2)
    expect(await readdir(path.join(set(), 'rows'))).toEqual([(await manifestOf(set())).rows])
  })

  it('seals the key with a passphrase, from the environment or from a file', async () => {
    const sealed = path.join(root, 'sealed')
    const file = path.join(root, 'passphrase')
    await writeFile(file, `${PASSPHRASE}\n`)
    const { stdout } = await keepsake(['backup', sealed], {
      ...environment,
      KEEPSAKE_BACKUP_PASSPHRASE: PASSPHRASE,
    })
    expect(stdout).toMatch(/\nThe secret key is sealed in \S+secret\.key\.sealed: keep the passphrase/)
    await expect(stat(`${sealed}.secret.key`)).rejects.toThrow('ENOENT')
    expect(await keepsake(['restore', sealed], intoNew('unopened'))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/is sealed: set KEEPSAKE_BACKUP_PASSPHRASE, .*\n$/),
    })
    expect(
      await keepsake(['restore', sealed], {
        ...intoNew('unopened'),
        KEEPSAKE_BACKUP_PASSPHRASE: 'another passphrase',
      }),
    ).toMatchObject({ code: 1, stderr: expect.stringContaining('sealed with another passphrase') })
    expect(
      await keepsake(['restore', sealed], {
        ...intoNew('opened'),
        KEEPSAKE_BACKUP_PASSPHRASE_FILE: file,
      }),
    ).toMatchObject({ code: 0 })
    expect(await readFile(path.join(root, 'opened/secret.key'))).toEqual(
      await readFile(path.join(root, 'data/secret.key')),
    )
  })

  it.each([
    [
      'too short a passphrase',
      { KEEPSAKE_BACKUP_PASSPHRASE: 'short' },
      /^keepsake: KEEPSAKE_BACKUP_PASSPHRASE: expected at least 12 characters, got something else\n$/,
    ],
    [
      'a file that is not there',
      { KEEPSAKE_BACKUP_PASSPHRASE_FILE: '/nowhere' },
      /^keepsake: KEEPSAKE_BACKUP_PASSPHRASE_FILE: there is no file \/nowhere\n$/,
    ],
  ])('(%s) ends with 2 and a line that names the setting', async (_name, given, line) => {
    expect(await keepsake(['backup', path.join(root, 'none')], { ...environment, ...given })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(line),
    })
  })

  it('does not write into a directory of others, nor into that of another shop', async () => {
    const others = path.join(root, 'others')
    await mkdir(others)
    await writeFile(path.join(others, 'thesis.txt'), '')
    expect(await keepsake(['backup', others], environment)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('holds thesis.txt, which is not of a backup'),
    })
    expect(
      await keepsake(['backup', set()], { ...environment, KEEPSAKE_SECRET_KEY: 'ab'.repeat(32) }),
    ).toMatchObject({ code: 1, stderr: expect.stringContaining('a shop with another secret key') })
    expect(await keepsake(['backup', path.join(root, 'data/set')], environment)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is in the data directory'),
    })
  })

  it('backs up nothing where there is no database', async () => {
    expect(await keepsake(['backup', path.join(root, 'none')], intoNew('mistyped'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no database in'),
    })
    await expect(stat(path.join(root, 'mistyped'))).rejects.toThrow('ENOENT')
  })

  it('notes an image that has lost its bytes, and ends with 1', async () => {
    const [image = ''] = await imagesOf(path.join(root, 'data'))
    const file = path.join(root, 'data/images', image)
    await rename(file, `${file}.away`)
    try {
      const damaged = path.join(root, 'damaged')
      const { code, stdout } = await keepsake(['backup', damaged], environment)
      expect(code).toBe(1)
      expect(stdout).toContain(`damaged /${image}: is gone\n`)
      expect((await manifestOf(damaged)).images).toMatchObject({
        count: 1,
        damaged: [{ key: `/${image}`, reason: 'is gone' }],
      })
      expect((await keepsake(['restore', damaged, '--check'])).code).toBe(0)
    } finally {
      await rename(`${file}.away`, file)
    }
  })

  it('works where the path of the data directory is too long for a socket', async () => {
    const long = path.join(root, 'x'.repeat(100))
    expect(await keepsake(['restore', set()], { KEEPSAKE_DATA_DIR: long })).toMatchObject({ code: 0 })
    const other = await serving({ KEEPSAKE_DATA_DIR: long })
    try {
      const { code, stderr } = await keepsake(['backup', path.join(root, 'long')], {
        KEEPSAKE_DATA_DIR: long,
      })
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    } finally {
      await other.stop('SIGTERM')
    }
  })
})

describe('keepsake restore', () => {
  it('brings back what the server shows, byte for byte', async () => {
    const { code, stdout } = await keepsake(['restore', set()], intoNew('restored'))
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Restored the backup of \S+Z: \d+ rows and 2 images of \d+ bytes\.\n$/),
    })
    expect(await shownBy(path.join(root, 'restored'))).toEqual(await shownAt(server.url))
    expect(await keepsake(['fsck'], intoNew('restored'))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing is wrong'),
    })
  })

  it('refuses a database that has rows, an image store that has others’ files, and a server at work', async () => {
    expect(await keepsake(['restore', set()], intoNew('restored'))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^keepsake: the database is not empty: there are rows in \w+\. Name an empty one\n$/,
      ),
    })
    await mkdir(path.join(root, 'filled/images/o/f'), { recursive: true })
    await writeFile(path.join(root, 'filled/images/o/f/of_others~1.jpg'), 'x')
    expect(await keepsake(['restore', set()], intoNew('filled'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the image store is not empty: it has /o/f/of_others~1.jpg'),
    })
    expect(await keepsake(['restore', set()], environment)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/is in use/),
    })
  })

  it('refuses the manifest of a newer schema, and of a newer form', async () => {
    const newer = await copyOfSet('newer')
    const manifest = await manifestOf(newer)
    const write = (changed: object) =>
      writeFile(path.join(newer, 'manifest.json'), JSON.stringify({ ...manifest, ...changed }))
    await write({ version: '9.9.9', schema: [...manifest.schema, '099_future'] })
    expect(await keepsake(['restore', newer], intoNew('refused'))).toMatchObject({
      code: 1,
      stderr:
        'keepsake: the backup is of Keepsake 9.9.9, which has 099_future: restore it with that version or a later one\n',
    })
    await write({ format: 2 })
    expect(await keepsake(['restore', newer], intoNew('refused'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is of a later version of Keepsake'),
    })
    await expect(stat(path.join(root, 'refused'))).rejects.toThrow('ENOENT')
  })

  it('puts a backup of an older schema into this version', async () => {
    const older = await copyOfSet('older')
    const manifest = await manifestOf(older)
    const counters = { ...manifest.counters }
    for (const ofLaterTable of [
      'eav_attribute_attribute_id_seq',
      'api2_acl_role_entity_id_seq',
      'api2_acl_rule_entity_id_seq',
      'admin_user_user_id_seq',
    ]) {
      expect(counters).toHaveProperty(ofLaterTable)
      delete counters[ofLaterTable]
    }
    await writeFile(
      path.join(older, 'manifest.json'),
      JSON.stringify({ ...manifest, counters, schema: manifest.schema.slice(0, 7) }),
    )
    expect(await keepsake(['restore', older], intoNew('migrated'))).toMatchObject({ code: 0, stderr: '' })
    expect(await shownBy(path.join(root, 'migrated'))).toEqual(await shownAt(server.url))
  })

  it('writes nothing of a backup in which one byte has changed', async () => {
    const [image = ''] = await imagesOf(set())
    const rows = `rows/${(await manifestOf(set())).rows}/media_file.jsonl.gz`
    for (const [index, file] of [`images/${image}`, rows].entries()) {
      const spoilt = await copyOfSet(`spoilt${index}`)
      const bytes = await readFile(path.join(spoilt, file))
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
      await writeFile(path.join(spoilt, file), bytes)
      for (const flags of [['--check'], []]) {
        const { code, stderr } = await keepsake(['restore', spoilt, ...flags], intoNew('spared'))
        expect(code).toBe(1)
        expect(stderr).toContain(path.join(spoilt, file))
        expect(stderr).not.toMatch(/\n\s+at /)
      }
    }
    await expect(stat(path.join(root, 'spared'))).rejects.toThrow('ENOENT')
  })

  it('goes on where one broke off, with the bytes that this has left', async () => {
    const [whole = '', half = ''] = await imagesOf(set())
    for (const image of [whole, half])
      await mkdir(path.join(root, 'resumed/images', path.dirname(image)), { recursive: true })
    await cp(path.join(set(), 'images', whole), path.join(root, 'resumed/images', whole))
    await writeFile(path.join(root, 'resumed/images', `${half}.tmp`), 'half')
    expect(await keepsake(['restore', set()], intoNew('resumed'))).toMatchObject({ code: 0 })
    expect(await shownBy(path.join(root, 'resumed'))).toEqual(await shownAt(server.url))
  })

  it('asks for the key, and goes without when told to', async () => {
    const keyless = await copyOfSet('keyless')
    await rm(`${keyless}.secret.key`)
    expect(await keepsake(['restore', keyless], intoNew('keyed'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--secret-key-file'),
    })
    const flags = ['--secret-key-file', `${set()}.secret.key`]
    expect(await keepsake(['restore', keyless, ...flags], intoNew('keyed'))).toMatchObject({ code: 0 })
    expect(await keepsake(['restore', keyless, '--without-secret-key'], intoNew('unkeyed'))).toMatchObject({
      code: 0,
    })
  })

  it('follows no wrong key unnoticed: a backup whose key does not open the OAuth secrets ends with 1', async () => {
    const place = intoNew('with-consumer')
    expect((await keepsake(['restore', set()], place)).code).toBe(0)
    expect((await keepsake(['oauth', 'consumer', 'add', 'erp'], place)).code).toBe(0)
    expect(await keepsake(['backup', path.join(root, 'right')], place)).toMatchObject({ code: 0, stderr: '' })
    expect(
      await keepsake(['backup', path.join(root, 'wrong')], {
        ...place,
        KEEPSAKE_SECRET_KEY: 'ab'.repeat(32),
      }),
    ).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('1 OAuth secrets in the database were encrypted with another key'),
    })
  })

  it('does not put the key of another shop into its place', async () => {
    await mkdir(path.join(root, 'foreign'))
    await writeFile(path.join(root, 'foreign/secret.key'), `${'cd'.repeat(32)}\n`)
    expect(await keepsake(['restore', set()], intoNew('foreign'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('holds another key than the backup'),
    })
    expect(
      await keepsake(['restore', set()], { ...intoNew('foreign'), KEEPSAKE_SECRET_KEY: 'cd'.repeat(32) }),
    ).toMatchObject({ code: 1, stderr: expect.stringContaining('KEEPSAKE_SECRET_KEY is not the one') })
  })
})
