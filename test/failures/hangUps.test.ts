import { randomBytes } from 'node:crypto'
import { readdir, readlink } from 'node:fs/promises'
import net from 'node:net'
import sharp from 'sharp'
import { send } from '../support/http'
import { memoryLog } from '../support/memoryLog'
import { startTestServer, type TestServer, temporaryDirectory } from '../support/server'
import { callEnvelope, ENDPOINT, element, login, type SoapClient } from '../support/soap'
import { eventually, FAILING_SHOP } from './support/failingShop'

const CLIENTS = 20

describe('a server whose clients hang up', () => {
  const logged = memoryLog()
  let server: TestServer
  let client: SoapClient
  let directory: string
  let remove: () => Promise<void>
  let upload: string

  beforeAll(async () => {
    ;({ directory, remove } = await temporaryDirectory())
    const environment = { KEEPSAKE_DATA_DIR: directory, KEEPSAKE_METRICS_PORT: '0' }
    server = await startTestServer({ seed: FAILING_SHOP, environment, log: logged.log })
    client = await login(server.url)
    const file = { mime: 'image/png', content: await noise() }
    upload = callEnvelope(client.session, 'product_media.create', element('args', ['Sku', { file }]))
  })

  afterAll(async () => {
    await server.stop()
    await remove()
  })

  /** Nothing is held, and nothing is left: neither of a request, nor of its body, nor of a file. */
  afterEach(async () => {
    await eventually(async () => (await held()).every((line) => / 0$/.test(line)))
    expect(await openImages()).toEqual([])
    expect((await storedFiles()).filter((name) => name.endsWith('.tmp'))).toEqual([])
    expect(logged.lines().filter(({ level }) => Number(level) >= 50)).toEqual([])
  })

  const listed = async () => (await client.call('product_media.list', 'Sku')) as readonly { file: string }[]

  async function held(): Promise<readonly string[]> {
    const { text } = await send(server.metricsUrl ?? '', { path: '/metrics' })
    const lines = text.split('\n').filter((line) => /^keepsake_(?:requests_under_way|body_bytes) /.test(line))
    expect(lines).toHaveLength(2)
    return lines
  }

  async function storedFiles(): Promise<readonly string[]> {
    return (await readdir(`${directory}/images`, { recursive: true })).filter((name) => name.includes('~'))
  }

  /** Images that this process has open. */
  async function openImages(): Promise<readonly string[]> {
    const descriptors = await readdir('/proc/self/fd')
    const files = await Promise.all(
      descriptors.map((each) => readlink(`/proc/self/fd/${each}`).catch(() => '')),
    )
    return files.filter((file) => file.startsWith(`${directory}/images`))
  }

  function connected(): net.Socket {
    const { hostname, port } = new URL(server.url)
    return net.connect({ host: hostname, port: Number(port) }).on('error', () => undefined)
  }

  const post = (body: string, part: string) =>
    `POST ${ENDPOINT} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n${part}`

  test('in the middle of an upload: no file, no row, nothing held', async () => {
    const sockets = Array.from({ length: CLIENTS }, () => {
      const socket = connected()
      socket.write(post(upload, upload.slice(0, upload.length / 2)))
      return socket
    })
    const most = () => held().then((lines) => Math.max(...lines.map((line) => Number(line.split(' ')[1]))))
    await eventually(async () => (await most()) > upload.length)
    for (const socket of sockets) socket.resetAndDestroy()
    await eventually(async () => (await most()) === 0)
    expect(await listed()).toEqual([])
    expect(await storedFiles()).toEqual([])
  })

  test('behind an upload, before its answer: all of it is done', async () => {
    const sockets = Array.from({ length: CLIENTS }, () => connected())
    await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<void>((resolve) =>
            socket.write(post(upload, upload), () => resolve(socket.destroy() && undefined)),
          ),
      ),
    )
    await eventually(async () => (await held()).every((line) => / 0$/.test(line)))
    const files = await listed()
    expect(await storedFiles()).toHaveLength(files.length)
  })

  test('in the middle of an answer: the image is closed', async () => {
    const file = String(await client.call('product_media.create', 'Sku', { file: await largeImage() }))
    const sockets = await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        const socket = connected()
        socket.write(`GET /media/catalog/product${file} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
        await new Promise((resolve) => socket.once('data', resolve))
        socket.pause()
        return socket
      }),
    )
    expect(await openImages()).not.toEqual([])
    for (const socket of sockets) socket.resetAndDestroy()
    await eventually(async () => (await openImages()).length === 0)
    const whole = await send(server.url, { path: `/media/catalog/product${file}` })
    expect(whole.body.length).toBe(Number(whole.headers['content-length']))
  })
})

async function largeImage() {
  return { mime: 'image/png', content: await noise(2000, 2000), name: 'large' }
}

/** A picture that no compression makes smaller. */
async function noise(width = 400, height = 400): Promise<string> {
  const pixels = randomBytes(width * height * 3)
  const bytes = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
  return bytes.toString('base64')
}
