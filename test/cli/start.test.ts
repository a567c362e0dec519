import { existsSync } from 'node:fs'
import { stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { type Finished, keepsake, type Serving, serving } from '../support/cli'
import { send } from '../support/http'
import { SMALL_SHOP } from '../support/seed'
import { temporaryDirectory } from '../support/server'
import { login } from '../support/soap'

let root: string
let removeRoot: () => Promise<void>

beforeAll(async () => {
  const { directory, remove } = await temporaryDirectory()
  root = directory
  removeRoot = remove
})

afterAll(() => removeRoot())

const inDirectory = (name: string) => ({ KEEPSAKE_DATA_DIR: path.join(root, name) })

/** The key that a first start has told. */
const keyIn = (stdout: string) => /^API user apiUser, key ([0-9a-f]{32}) /m.exec(stdout)?.[1] ?? ''

const logLines = ({ stderr }: Finished): readonly { msg?: string }[] =>
  stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

const inUseBy = ({ pid }: Serving) =>
  new RegExp(
    `^keepsake: the data directory \\S+ is in use by process ${pid} on \\S+: stop that process, or choose another --data-dir\n$`,
  )

describe('the starts on a data directory', () => {
  const environment = () => inDirectory('lifetime')
  let server: Serving
  let key: string

  beforeAll(async () => {
    server = await serving(environment())
    key = keyIn(server.stdout())
  })

  afterAll(async () => {
    await server.stop('SIGKILL')
  })

  it('begin with one that tells the WSDL, the key and a script', () => {
    const stdout = server.stdout()
    expect(stdout).toContain(`${server.url}/api/soap/?wsdl\n`)
    expect(stdout).toContain(`$proxy = new SoapClient('${server.url}/api/soap/?wsdl');`)
    expect(stdout).toContain(`$proxy->login('apiUser', '${key}');`)
    expect(key).toMatch(/^[0-9a-f]{32}$/)
  })

  it('begin with one whose key and product are good for a first call', async () => {
    const client = await login(server.url, { username: 'apiUser', apiKey: key })
    expect(await client.call('product_media.list', 'Sku')).toEqual([])
  })

  it('keep the data directory from other users of the machine', async () => {
    expect((await stat(path.join(root, 'lifetime'))).mode & 0o077).toBe(0)
  })

  it('are refused while another process serves', async () => {
    const { code, stdout, stderr } = await keepsake(['start', '--port', '0'], environment())
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(inUseBy(server))
  })

  it('are not the only commands that are refused then', async () => {
    const { code, stderr } = await keepsake(['user', 'list'], environment())
    expect(code).toBe(1)
    expect(stderr).toMatch(inUseBy(server))
    expect((await send(server.url, { path: '/readyz' })).status).toBe(200)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'end with 0 for %s, which the log tells, and the next tells no key',
    async (signal) => {
      const end = await server.stop(signal)
      expect(end.code).toBe(0)
      expect(logLines(end).at(-1)).toMatchObject({ msg: 'stopping', signal })

      server = await serving(environment())
      expect(server.stdout().split('\n')).toEqual([
        `Keepsake serves Magento 1's product-image API: ${server.url}/api/soap/?wsdl`,
        `  SOAP v2, for clients that call catalogProductAttributeMediaList: ${server.url}/api/v2_soap/?wsdl&wsi=0`,
        `  WS-I, for those that were made for Magento's WS-I mode: ${server.url}/api/v2_soap/?wsdl&wsi=1`,
        `  XML-RPC: ${server.url}/api/xmlrpc/`,
        `  REST: ${server.url}/api/rest/`,
        '',
      ])
      const client = await login(server.url, { username: 'apiUser', apiKey: key })
      expect(await client.call('product_media.list', 'Sku')).toEqual([])
    },
  )

  it('go on after kill -9, one of two at once, and nothing is lost', async () => {
    const client = await login(server.url, { username: 'apiUser', apiKey: key })
    const file = await client.call('product_media.create', 'Sku', {
      file: {
        mime: 'image/gif',
        content: 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
        name: 'survivor',
      },
    })
    await server.stop('SIGKILL')

    const starts = await Promise.allSettled([serving(environment()), serving(environment())])
    const started = starts.filter((start) => start.status === 'fulfilled').map(({ value }) => value)
    const refused = starts.filter((start) => start.status === 'rejected').map(({ reason }) => String(reason))
    expect([started.length, refused.length]).toEqual([1, 1])
    expect(refused[0]).toContain('is in use')
    server = started[0] as Serving

    const again = await login(server.url, { username: 'apiUser', apiKey: key })
    expect(await again.call('product_media.list', 'Sku')).toMatchObject([{ file }])
    expect((await send(server.url, { path: `/media/catalog/product${String(file)}` })).status).toBe(200)
  })
})

describe('a server that drains', () => {
  const draining = async (name: string, seconds: string) => {
    const server = await serving({ ...inDirectory(name), KEEPSAKE_DRAIN: seconds })
    const client = await login(server.url, { username: 'apiUser', apiKey: keyIn(server.stdout()) })
    const end = server.stop('SIGTERM')
    let ready = await send(server.url, { path: '/readyz' })
    while (ready.status === 200) ready = await send(server.url, { path: '/readyz' })
    expect([ready.status, JSON.parse(ready.text)]).toEqual([503, { status: 'stopping' }])
    expect(await client.call('product_media.list', 'Sku')).toEqual([])
    return { server, end }
  }

  it('fails /readyz first, answers all else meanwhile, and then ends with 0', async () => {
    const { end } = await draining('drained', '2')
    const { code, stderr } = await end
    expect(code).toBe(0)
    expect(stderr).toContain('draining')
  })

  it('ends at once with a second signal', async () => {
    const { server, end } = await draining('drained-at-once', '3600')
    expect((await server.stop('SIGTERM')).code).toBe(0)
    expect((await end).code).toBe(0)
  })
})

describe('a start', () => {
  it('that cannot have its port says so, and leaves the key to the next', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const port = String((other.address() as AddressInfo).port)
    const refused = await keepsake(['start', '--port', port], inDirectory('port'))
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr: `keepsake: listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`,
    })
    await new Promise((resolve) => other.close(resolve))

    const server = await serving(inDirectory('port'), ['--port', port])
    expect(server.url).toBe(`http://127.0.0.1:${port}`)
    expect(keyIn(server.stdout())).not.toBe('')
    await server.stop('SIGTERM')
  })

  it('with a seed, in memory, serves what it names, and leaves nothing behind', async () => {
    const file = path.join(root, 'shop.json')
    await writeFile(file, SMALL_SHOP)
    const server = await serving(inDirectory('memory'), ['--port', '0', '--memory', '--seed', file])
    expect(keyIn(server.stdout())).toBe('')
    expect(await (await login(server.url)).call('product_media.list', 'Sku')).toEqual([])
    expect((await server.stop('SIGTERM')).code).toBe(0)
    expect(existsSync(path.join(root, 'memory'))).toBe(false)
  })

  it('tells the public URL of its flag, before that of the environment', async () => {
    const server = await serving({ KEEPSAKE_MEMORY: 'true', KEEPSAKE_BASE_URL: 'https://other.example' }, [
      '--port',
      '0',
      '--base-url',
      'https://shop.example/',
    ])
    expect(server.url).toBe('https://shop.example')
    expect(server.stdout()).toContain("new SoapClient('https://shop.example/api/soap/?wsdl')")
    await server.stop('SIGTERM')
  })

  it('that cannot reach its S3 store ends with 1 and one line, which tells no credential', async () => {
    const { code, stdout, stderr } = await keepsake(['start', '--port', '0'], {
      ...inDirectory('unreachable'),
      KEEPSAKE_STORE: 's3://images/shop',
      KEEPSAKE_S3_ENDPOINT: 'http://127.0.0.1:8299',
      KEEPSAKE_S3_ACCESS_KEY_ID: 'id',
      KEEPSAKE_S3_SECRET_ACCESS_KEY: 'secret',
    })
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: 'keepsake: S3 store: PUT shop/keepsake-was-here: the connection failed (ECONNREFUSED)\n',
    })
  })

  it.each([
    ['is missing', null, /^keepsake: ENOENT: no such file or directory, open '.+'\n$/],
    ['is no JSON', '{', /^keepsake: seed file: not JSON: .+\n$/],
  ])('with a seed that %s ends with 1 and one line', async (name, content, message) => {
    const file = path.join(root, `${name}.json`)
    if (content !== null) await writeFile(file, content)
    const { code, stdout, stderr } = await keepsake(['start', '--port', '0', '--memory', '--seed', file])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(message)
  })
})
