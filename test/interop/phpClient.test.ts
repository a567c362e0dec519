import { randomBytes } from 'node:crypto'
import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { readFixture } from '../golden/player'
import { send } from '../support/http'
import { picture } from '../support/pictures'
import { startTestServer, type TestServer, temporaryDirectory } from '../support/server'
import { describeWithPhp, runPhp } from './support/php'

const USER = { username: 'apiUser', apiKey: 'apiKey123' } as const

describeWithPhp('PHP’s SoapClient', () => {
  let server: TestServer
  let directory: string
  let removeDirectory: () => Promise<void>
  let photo: Buffer

  beforeEach(async () => {
    server = await startTestServer({ seed: readFixture() })
    ;({ directory, remove: removeDirectory } = await temporaryDirectory())
    photo = await picture('jpeg')
  })

  afterEach(async () => {
    await server.stop()
    await removeDirectory()
  })

  const wsdl = () => `${server.url}/api/soap/?wsdl`
  const run = <Answer>(script: string, input: object) =>
    runPhp<Answer>(script, { wsdl: wsdl(), ...USER, ...input })
  const tour = (client: string, input: object = {}) =>
    run<Tour>('tour.php', { client, image: photo.toString('base64'), ...input })

  test.each([
    ['SOAP 1.1', 'Content-Type: text/xml; charset=utf-8'],
    ['SOAP 1.2', 'Content-Type: application/soap+xml; charset=utf-8'],
    ['compressed requests', 'Content-Encoding: gzip'],
    ['deflated requests', 'Content-Encoding: deflate'],
    ['arrays typed as arrays', 'Connection: close'],
    ['connections kept alive', 'Connection: Keep-Alive'],
  ])('calls everything, with %s', async (client, header) => {
    const { login, startSession, requestHeaders, ...answers } = await tour(client)
    expect(requestHeaders).toContain(header)
    expect([login, startSession]).toEqual([SESSION_ID, SESSION_ID])
    expect(answers).toEqual(expectedTour(server.url))
  })

  test('calls everything with the WSDL in a file', async () => {
    const file = path.join(directory, 'kept.wsdl')
    await writeFile(file, (await send(server.url, { path: '/api/soap/?wsdl' })).body)
    expect((await tour('SOAP 1.1', { wsdl: file })).list).toEqual(expectedTour(server.url).list)
  })

  test('takes the WSDL from its cache', async () => {
    const [first, second] = await run<readonly unknown[]>('cached.php', { cache: directory })
    expect(second).toEqual(first)
    expect(await readdir(directory)).toEqual([expect.stringMatching(/^wsdl-/)])
  })

  test('plays the public documentation’s example', async () => {
    const file = path.join(directory, 'product.jpg')
    await writeFile(file, photo)
    const created = image(server.url, 'file_name', { label: 'Cool Image Through Soap' })
    expect(await run('example1.php', { file })).toEqual([
      '/f/i/file_name.jpg',
      [{ ...created, types: ['small_image'] }],
      [{ ...created, types: ['image'] }],
      [],
    ])
  })

  test('sends and receives ISO-8859-1 when it is told to', async () => {
    expect(await run('latin1.php', { image: photo.toString('base64') })).toEqual({
      latin1: Buffer.from('Größe', 'latin1').toString('hex'),
      utf8: Buffer.from('Größe', 'utf8').toString('hex'),
    })
  })

  test('uploads an image of 10 MB, which is served as it was', async () => {
    const file = path.join(directory, 'large.png')
    const large = await largePicture()
    await writeFile(file, large)
    const { url } = await run<{ url: string }>('upload.php', { file })
    const served = await send(server.url, { path: new URL(url).pathname })
    expect(served.body.equals(large)).toBe(true)
  })

  test('receives every fault by its code', async () => {
    const notAnImage = { file: { content: Buffer.from('text').toString('base64'), mime: 'image/jpeg' } }
    const content = { content: photo.toString('base64'), mime: 'image/jpeg' }
    const file = '/f/a/faults.jpg'
    const create = ['product_media.create', ['Sku', { file: { ...content, name: 'faults' } }]]
    const calls: readonly (readonly [code: string, operation: string, args: readonly unknown[]])[] = [
      ['2', 'login', [USER.username, 'wrong']],
      ['3', 'call', ['SESSION', 'product_media.nothing', []]],
      ['5', 'call', ['0'.repeat(32), 'product_media.list', 'Sku']],
      ['6', 'login', ['', USER.apiKey]],
      ['100', 'call', ['SESSION', 'product_media.list', ['Sku', 'nowhere']]],
      ['101', 'call', ['SESSION', 'product_media.list', ['no such product']]],
      ['102', 'call', ['SESSION', 'product_media.create', ['Sku', { label: 'no file' }]]],
      ['103', 'call', ['SESSION', 'product_media.info', ['Sku', '/n/o/none.jpg']]],
      ['104', 'call', ['SESSION', 'product_media.create', ['Sku', notAnImage]]],
      ['105', 'call', ['SESSION', 'product_media.update', ['Sku', file, notAnImage]]],
      ['107', 'call', ['SESSION', 'product_media.list', ['nomedia']]],
    ]
    const [created, ...answers] = await run<readonly CallAnswer[]>('calls.php', {
      calls: [['call', ['SESSION', ...create]], ...calls.map(([, operation, args]) => [operation, args])],
    })
    expect(created).toEqual({ answer: file })
    expect(answers.map(({ faultcode }) => faultcode)).toEqual(calls.map(([code]) => code))
  })

  test.each([
    ['readonly', 'product_media.list', 'Access denied.'],
    ['mediaonly', 'product_media.create', 'Access denied.'],
  ])('as %s, is refused %s with fault 2', async (username, method, faultstring) => {
    const calls = [['call', ['SESSION', method, ['Sku', []]]]]
    expect(await run('calls.php', { username, calls })).toEqual([{ faultcode: '2', faultstring }])
  })
})

interface Tour {
  readonly login: string
  readonly startSession: string
  readonly requestHeaders: string
  readonly list: unknown
}

interface CallAnswer {
  readonly answer?: unknown
  readonly faultcode?: string
  readonly faultstring?: string
}

const SESSION_ID = expect.stringMatching(/^[0-9a-f]{32}$/)

/** More bytes than 10 MB, for noise does not compress. */
function largePicture(): Promise<Buffer> {
  const [width, height] = [2000, 1800]
  return sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer()
}

function image(serverUrl: string, name: string, fields: object) {
  const file = `/${name[0]}/${name[1]}/${name}.jpg`
  const url = `${serverUrl}/media/catalog/product${file}`
  return { file, label: '', position: '2', exclude: '0', url, types: [], ...fields }
}

/** What tour.php receives; a type that is given in a store view stays there until it is cleared. */
function expectedTour(serverUrl: string) {
  const label = 'Größe <1> & "2"'
  const updated = image(serverUrl, 'tour', { label, position: '3', types: ['image', 'thumbnail'] })
  const inStore = { ...updated, label: 'auf Deutsch' }
  return {
    functions: 8,
    create: updated.file,
    list: [image(serverUrl, 'tour', { label, types: ['small_image'] })],
    update: true,
    updateInStore: true,
    info: updated,
    infoInStore: inStore,
    types: ['image', 'small_image', 'thumbnail'].map((code) => ({ code, scope: 'store' })),
    currentStore: '0',
    multiCall: ['2', isFault('103', "Requested image not exists in product images' gallery."), inStore],
    multiCallUntilFault: [isFault('3', 'Invalid api path.')],
    remove: true,
    listWhenUnused: [{ ...updated, types: [] }],
    clearInStore: true,
    removeWhenUnused: true,
    listAtLast: [],
    resources: [
      expect.objectContaining({
        name: 'catalog_product_attribute_media',
        aliases: ['product_attribute_media', 'product_media'],
        methods: ['currentStore', 'list', 'info', 'types', 'create', 'update', 'remove'].map((name) =>
          expect.objectContaining({ name, path: `catalog_product_attribute_media.${name}` }),
        ),
      }),
    ],
    globalFaults: ['0', '1', '2', '3', '4', '5', '6'].map(faultEntry),
    resourceFaults: ['100', '101', '102', '103', '104', '105', '106', '107'].map(faultEntry),
    endSession: true,
    callWhenEnded: '5',
  }
}

function isFault(faultCode: string, faultMessage: string) {
  return { isFault: true, faultCode, faultMessage }
}

function faultEntry(code: string) {
  return { code, message: expect.any(String) }
}
