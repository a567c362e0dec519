import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { FAULT_GUIDE } from '../../src/control/faultGuide'
import { MAGIC_SKUS } from '../../src/double/rules/magicSku'
import { packageRoot } from '../../src/packageRoot'
import { control, DOUBLE } from '../support/control'
import { GIF } from '../support/rest'
import { startTestServer, type TestServer } from '../support/server'
import { faultOf, login, loginEnvelope, type Plain, postSoap } from '../support/soap'

const CODES = [0, 1, 2, 3, 4, 5, 6, 100, 101, 102, 103, 104, 105, 106, 107]

let server: TestServer
let documentation: string

beforeAll(async () => {
  const seed = await readFile(path.join(packageRoot, 'examples/shop.json'), 'utf8')
  server = await startTestServer({ seed, environment: DOUBLE })
  documentation = withoutPadding(await readFile(path.join(packageRoot, 'docs/reference/faults.md'), 'utf8'))
})

afterAll(() => server.stop())

it('GET /faults tells of every fault', async () => {
  const told = (await control(server.url, 'GET', '/faults')) as { code: number }[]
  expect(told.map(({ code }) => code)).toEqual(CODES)
  expect(told[9]).toEqual({
    code: 102,
    name: 'data_invalid',
    message: 'Invalid data given. Details in error message.',
    means: 'the data given cannot be read',
    naturally: 'product_media.create ["Sku",{}]',
    why: null,
    magicSku: 'keepsake-fault-102',
    rest: { status: 400, message: 'The request data is invalid.' },
  })
})

describe('the call that is said to bring about fault', () => {
  it.each(FAULT_GUIDE.flatMap(({ code, call }) => (call ? [[code, call] as const] : [])))(
    '%i does, with examples/shop.json',
    async (code, { method, arguments: given }) => {
      const values = given as readonly Plain[]
      const [username = '', apiKey = ''] = values.map(String)
      if (method === 'login') {
        const answer = await postSoap(server.url, loginEnvelope({ username, apiKey }))
        expect(faultOf(answer)?.code).toBe(String(code))
        return
      }
      const client = await login(server.url, { username: 'apiUser', apiKey: 'apiKey' })
      if (code === 105)
        await client.call('product_media.create', 'Sku', {
          file: { name: 'seen', mime: 'image/gif', content: GIF },
        })
      if (code === 5) await postSoap(server.url, endSessionEnvelope(client.session))
      expect((await client.fault(method, ...values))?.code).toBe(String(code))
    },
  )
})

const endSessionEnvelope = (session: string) =>
  loginEnvelope()
    .replace(/<m:login>.*<\/m:login>/, '<m:endSession><sessionId>SESSION</sessionId></m:endSession>')
    .replace('SESSION', session)

describe('docs/reference/faults.md', () => {
  it.each(FAULT_GUIDE)('has a row of fault $code', ({ code, message, means, call, why, rest }) => {
    const provided = call?.provided === undefined ? '' : `, where ${call.provided}`
    const how = call ? `\`${call.method} ${JSON.stringify(call.arguments)}\`${provided}` : why
    expect(documentation).toContain(`| ${code} | ${means} | ${how} |`)
    expect(documentation).toContain(`| ${code} | ${message} | ${rest.status} ${rest.message} |`)
  })

  it.each(MAGIC_SKUS)('has a row of the magic SKU $form', ({ form, answers }) => {
    expect(documentation).toContain(`| \`${form}\` | ${answers} |`)
  })
})

/** Tables are padded to look well. */
function withoutPadding(text: string): string {
  return text.replace(/ +/g, ' ')
}
