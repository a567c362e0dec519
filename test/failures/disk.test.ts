import { randomBytes } from 'node:crypto'
import path from 'node:path'
import sharp from 'sharp'
import { send } from '../support/http'
import { memoryLog } from '../support/memoryLog'
import { errorOf, type RestClient, restClient } from '../support/rest'
import { startTestServer, type TestServer, temporaryDirectory } from '../support/server'
import { login, type SoapClient } from '../support/soap'
import { eventually, FAILING_SHOP } from './support/failingShop'
import { A_DISK_OF_ITS_OWN, describeWith } from './support/needs'
import { type SmallDisk, smallDisk } from './support/smallDisk'

const LITTLE = 64 * 1024

describeWith(A_DISK_OF_ITS_OWN, 'a server whose image store', () => {
  const logged = memoryLog()
  let disk: SmallDisk
  let server: TestServer
  let client: SoapClient
  let rest: RestClient
  let remove: () => Promise<void>
  let large: string

  beforeAll(async () => {
    const temporary = await temporaryDirectory()
    remove = temporary.remove
    disk = await smallDisk(path.join(temporary.directory, 'images'))
    const environment = { KEEPSAKE_DATA_DIR: temporary.directory }
    server = await startTestServer({ seed: FAILING_SHOP, environment, log: logged.log })
    client = await login(server.url)
    rest = restClient(server.url, 'admin')
    large = await noise(300, 300)
  })

  afterAll(async () => {
    await server?.stop()
    await disk?.unmount()
    await remove?.()
  })

  const dataOf = (content: string, label: string) => ({ file: { mime: 'image/png', content }, label })
  const create = (content: string) => ['product_media.create', 'Sku', dataOf(content, 'new')] as const
  const listed = async () => (await client.call('product_media.list', 'Sku')) as readonly { file: string }[]
  const served = (file: string) => send(server.url, { path: `/media/catalog/product${file}` })
  const told = () => logged.lines().filter(({ outage }) => outage === 'image store')
  const ready = async () => JSON.parse((await send(server.url, { path: '/readyz' })).text)

  /** What is to be so of a store that takes no bytes: `cause` is how the system says it. */
  async function expectToRefuse(cause: string): Promise<void> {
    const [before, filesBefore] = [await listed(), await disk.files()]
    const file = before[0]?.file ?? ''
    const bytes = (await served(file)).body
    expect(await client.fault(...create(large))).toEqual({ code: '104', message: 'Cannot create image.' })
    expect(await client.fault('product_media.update', 'Sku', file, dataOf(large, 'changed'))).toEqual({
      code: '105',
      message: 'Cannot create image.',
    })
    const body = JSON.stringify({ file_mime_type: 'image/png', file_content: large })
    expect(errorOf(await rest.send('POST', '/products/1/images', { body }))).toBe(
      '500 Resource internal error.',
    )
    expect(await listed()).toEqual(before)
    expect(await disk.files()).toEqual(filesBefore)
    expect((await served(file)).body.equals(bytes)).toBe(true)
    expect(logged.text()).toContain(`"code":"${cause}"`)
    await eventually(async () => (await ready()).images === 'failed')
    expect(await ready()).toEqual({ status: 'failed', database: 'ok', images: 'failed' })
  }

  /** It goes on where it was, and a name that a failed create would have had is free. */
  async function expectToGoOn(): Promise<void> {
    const count = (await listed()).length
    const file = String(await client.call(...create(large)))
    expect(file).toBe(`/i/m/image${count === 0 ? '' : `_${count}`}.png`)
    expect((await served(file)).body.toString('base64')).toBe(large)
    expect(await disk.files()).toHaveLength(count + 1)
    await eventually(async () => (await ready()).status === 'ok')
  }

  test('is full refuses a create with fault 104 and an update with 105, leaves nothing behind, and goes on when there is room', async () => {
    await expectToGoOn()
    await disk.fillBut(LITTLE)
    await expectToRefuse('ENOSPC')
    await disk.clear()
    await expectToGoOn()
  })

  test('is full is told by one line at the start and one at the end, with the calls that failed in between', async () => {
    await eventually(async () => (await ready()).status === 'ok' && told().at(-1)?.failedCalls !== undefined)
    const before = told().length
    await disk.fillBut(LITTLE)
    for (let call = 0; call < 5; call++) expect((await client.fault(...create(large)))?.code).toBe('104')
    await disk.clear()
    await eventually(async () => (await ready()).status === 'ok' && told().length >= before + 2)
    const [start, end] = told().slice(before)
    expect(start).toMatchObject({ level: 50, err: { code: 'ENOSPC' } })
    expect(end).toMatchObject({ level: 30, failedCalls: 5 })
    expect(told()).toHaveLength(before + 2)
    expect(logged.lines().filter(({ msg, level }) => msg === 'call failed' && level === 50)).toEqual([])
  })

  test('is nearly full takes what still fits', async () => {
    await disk.fillBut(LITTLE)
    await expectToRefuse('ENOSPC')
    const small = await noise(30, 30)
    const file = String(await client.call(...create(small)))
    expect((await served(file)).body.toString('base64')).toBe(small)
    await disk.clear()
  })

  test('is read-only refuses in the same way, is not ready, still shows all, and goes on when it may write', async () => {
    await disk.mayWrite(false)
    await expectToRefuse('EROFS')
    const [{ file } = { file: '' }] = await listed()
    expect(await client.call('product_media.update', 'Sku', file, { label: 'no bytes' })).toBe(true)
    expect(await client.call('product_media.remove', 'Sku', file)).toBe(true)
    expect((await served(file)).status).toBe(200)
    await disk.mayWrite(true)
    await eventually(async () => (await ready()).status === 'ok')
    await client.call(...create(large))
  })

  test('has failed tells the client no path of the server', async () => {
    await disk.mayWrite(false)
    const body = JSON.stringify({ file_mime_type: 'image/png', file_content: large })
    const { text } = await rest.send('POST', '/products/1/images', { body })
    expect(text).toBe('{"messages":{"error":[{"code":500,"message":"Resource internal error."}]}}')
    await disk.mayWrite(true)
  })
})

/** A picture that no compression makes smaller. */
async function noise(width: number, height: number): Promise<string> {
  const pixels = randomBytes(width * height * 3)
  const bytes = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
  return bytes.toString('base64')
}
