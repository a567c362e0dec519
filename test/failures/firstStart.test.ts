import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { keepsake, serving } from '../support/cli'
import { temporaryDirectory } from '../support/server'
import { login } from '../support/soap'
import { A_DISK_OF_ITS_OWN, describeWith } from './support/needs'
import { type SmallDisk, smallDisk } from './support/smallDisk'

const MEGABYTE = 1024 ** 2

jest.setTimeout(120_000)

describeWith(A_DISK_OF_ITS_OWN, 'a first start on the embedded database', () => {
  let mount: string
  let disk: SmallDisk
  let remove: () => Promise<void>

  beforeAll(async () => {
    const temporary = await temporaryDirectory()
    remove = temporary.remove
    mount = path.join(temporary.directory, 'disk')
    disk = await smallDisk(mount, 128)
  })

  afterAll(async () => {
    await disk?.unmount()
    await remove?.()
  })

  const inDirectory = (name: string) => ({ KEEPSAKE_DATA_DIR: path.join(mount, name) })
  const start = (name: string) => keepsake(['start', '--port', '0'], inDirectory(name))

  async function expectToStart(name: string): Promise<void> {
    const server = await serving(inDirectory(name))
    const key = /key ([0-9a-f]{32}) /.exec(server.stdout())?.[1] ?? ''
    const client = await login(server.url, { username: 'apiUser', apiKey: key })
    expect(await client.call('product_media.list', 'Sku')).toEqual([])
    expect((await server.stop('SIGTERM')).code).toBe(0)
  }

  test.each([
    ['no room', 0],
    ['room for the lock alone', 0.1],
    ['room for a part of the database', 6],
    ['room for most of the database', 12],
  ])(
    'with %s ends with one line that says so, and the next succeeds once there is room',
    async (_name, megabytes) => {
      const name = `full-${megabytes}`
      await disk.fillBut(megabytes * MEGABYTE)
      const { code, stdout, stderr } = await start(name)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(
        /^keepsake: .+\/full-.+: ENOSPC: no space left on device, \w+.*: make room there, or choose another --data-dir\n$/,
      )
      await disk.clear()
      await expectToStart(name)
      expect(await readdir(path.join(mount, name))).not.toContain('database.unfinished')
    },
  )

  test('below a directory that is read-only ends with one line that says so, and the next succeeds once it may write', async () => {
    await disk.mayWrite(false)
    const directory = path.join(mount, 'read-only')
    expect(await start('read-only')).toEqual({
      code: 1,
      stdout: '',
      stderr: `keepsake: the data directory ${directory} cannot be used: EROFS: read-only file system, mkdir '${directory}': let this user write there, or choose another --data-dir\n`,
    })
    await disk.mayWrite(true)
    await expectToStart('read-only')
  })

  test('with files where its database is to be leaves them alone, and says so', async () => {
    const database = path.join(mount, 'others', 'database')
    await mkdir(path.join(database, 'of-somebody'), { recursive: true })
    expect(await start('others')).toEqual({
      code: 1,
      stdout: '',
      stderr: `keepsake: the database cannot be made in ${database}: that directory has files, and no whole database: put back a backup of it, or remove it, or choose another --data-dir\n`,
    })
    expect(await readdir(database)).toEqual(['of-somebody'])
  })
})

describeWith(A_DISK_OF_ITS_OWN, 'a later start on the embedded database', () => {
  test('says so when its disk is read-only, and goes on when it may write', async () => {
    const { directory, remove } = await temporaryDirectory()
    const mount = path.join(directory, 'disk')
    const disk = await smallDisk(mount, 128)
    const environment = { KEEPSAKE_DATA_DIR: path.join(mount, 'data') }
    await (await serving(environment)).stop('SIGTERM')
    await disk.mayWrite(false)
    const { code, stderr } = await keepsake(['start', '--port', '0'], environment)
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^keepsake: the data directory .+ cannot be used: EROFS: .+: let this user write there, or choose another --data-dir\n$/,
    )
    await disk.mayWrite(true)
    expect((await (await serving(environment)).stop('SIGTERM')).code).toBe(0)
    await disk.unmount()
    await remove()
  })
})
