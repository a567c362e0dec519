import { once } from 'node:events'
import net from 'node:net'
import { serve } from '../../src/server/serve'
import { openStorage, type Storage } from '../../src/server/storage'
import { readSettings } from '../../src/settings/settings'
import { applySeed, parseSeed } from '../../src/store/shop/seed'
import { SMALL_SHOP } from '../support/seed'
import { silent } from '../support/server'
import { ENDPOINT, loginEnvelope } from '../support/soap'

const settings = readSettings({}, { KEEPSAKE_PORT: '0', KEEPSAKE_MEMORY: 'true' })

let storage: Storage

beforeAll(async () => {
  storage = await openStorage(settings, silent, () => {})
  await applySeed(storage.database, parseSeed(SMALL_SHOP), storage.secretBox)
})

afterAll(() => storage.close())

/** A connection to a running server, with all that has come back over it. */
async function connected(port: number) {
  const socket = net.connect({ host: '127.0.0.1', port })
  const received: string[] = []
  socket.on('data', (chunk: Buffer) => received.push(chunk.toString()))
  await once(socket, 'connect')
  return { socket, closed: once(socket, 'close'), answer: () => received.join('') }
}

const body = loginEnvelope()

/** Lets the client wait until the server has taken the request, and says so. */
const head = [
  `POST ${ENDPOINT} HTTP/1.1`,
  'host: localhost',
  'expect: 100-continue',
  `content-length: ${Buffer.byteLength(body)}`,
  '\r\n',
].join('\r\n')

describe('a server that is stopped', () => {
  it('finishes the request under way, and is gone as soon as that is answered', async () => {
    const server = await serve(storage, settings, silent)
    const { socket, closed, answer } = await connected(server.port)
    socket.write(head)
    await once(socket, 'data')
    const stopped = server.stop()
    socket.write(body)
    await stopped
    await closed
    expect(answer()).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
    expect(answer()).toContain('loginReturn')
  }, 8_000)

  it('does not wait for a connection that asks nothing', async () => {
    const server = await serve(storage, settings, silent)
    const { closed } = await connected(server.port)
    await server.stop()
    await closed
  }, 8_000)

  it('takes no more connections', async () => {
    const server = await serve(storage, settings, silent)
    await server.stop()
    await expect(connected(server.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
