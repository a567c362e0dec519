import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { startTestServer, type TestServer } from '../support/server'
import { Asking, askRest } from './support/asking'
import { importInto } from './support/importing'
import { isMariadbThere, makeDatabase } from './support/mariadb'

/**
 * Shops of a running Magento, imported, answer as that Magento did. They are not part of this project: MAGENTO_SHOPS names the
 * directory that has them, as `NAME.sql`, `NAME-media.tar`, `NAME-truth.json` and `NAME-keys.json`.
 */
const SHOPS = process.env.MAGENTO_SHOPS ?? ''
const NAMES = SHOPS === '' ? [] : shopsIn(SHOPS)

function shopsIn(directory: string): readonly string[] {
  const files = readdirSync(directory)
  return files
    .filter((file) => file.endsWith('-truth.json') && files.includes(file.replace('-truth.json', '.sql')))
    .map((file) => file.replace('-truth.json', ''))
}

interface Truth {
  readonly base: string
  readonly types: Readonly<Record<string, { readonly types: unknown }>>
  readonly products: Readonly<Record<string, { readonly list: Readonly<Record<string, unknown>> }>>
  readonly bySku: readonly { readonly sku: string; readonly how: string; readonly answer: unknown }[]
  readonly rest: Readonly<Record<string, { readonly status: number; readonly body: string }>>
}

interface Keys {
  readonly users: readonly {
    readonly username: string
    readonly apiKey: string
    readonly magentoAnswers: Readonly<Record<string, string>>
  }[]
  readonly consumers: readonly { readonly key: string; readonly secret: string }[]
  readonly tokens: readonly {
    readonly what: string
    readonly consumer: string
    readonly token: string
    readonly secret: string
  }[]
}

/** What each method is asked with, to see whether a user may call it. */
const PROBES: readonly (readonly [method: string, args: readonly unknown[]])[] = [
  ['list', ['1']],
  ['create', ['1', {}]],
  ['update', ['1', '/nosuch.jpg', {}]],
  ['remove', ['1', '/nosuch.jpg']],
]

if (NAMES.length === 0) test('shops of a running Magento: not run, MAGENTO_SHOPS names none', () => {})

describe.each(NAMES)('%s', (name) => {
  const file = (end: string) => path.join(SHOPS, `${name}${end}`)
  const read = (end: string) => JSON.parse(readFileSync(file(end), 'utf8'))
  const sources = isMariadbThere() || process.env.KEEPSAKE_REQUIRE_ALL ? ['a dump', 'a MariaDB'] : ['a dump']

  describe.each(sources)('imported from %s', (source) => {
    let server: TestServer
    let asking: Asking
    let session: string
    const truth: Truth = read('-truth.json')
    const keys: Keys = read('-keys.json')
    const here = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll(truth.base, server.url))

    beforeAll(async () => {
      server = await startTestServer()
      asking = new Asking(server.url)
      const media = existsSync(file('-media.tar')) ? file('-media.tar') : null
      if (source === 'a dump') await importInto(server, { file: file('.sql') }, media)
      else {
        const database = makeDatabase()
        database.run(readFileSync(file('.sql')))
        await importInto(server, { url: database.url }, media)
        database.drop()
      }
      const [first] = keys.users
      const login = await asking.login(first?.username ?? '', first?.apiKey ?? '')
      session = 'session' in login ? login.session : ''
    })

    afterAll(() => server.stop())

    test('lists every product in every store view', async () => {
      for (const [id, { list }] of Object.entries(truth.products))
        for (const [store, wanted] of Object.entries(list)) {
          const answer = await asking.call(session, 'product_media.list', [id, store, 'id'])
          expect({ id, store, answer }).toEqual({ id, store, answer: here(wanted) })
        }
    })

    test('finds products by their SKUs', async () => {
      for (const { sku, how, answer } of truth.bySku) {
        const found = await asking.call(session, 'product_media.list', [
          sku,
          null,
          ...(how === 'sku' ? ['sku'] : []),
        ])
        const files = Array.isArray(found) ? found.map(({ file: listed }) => listed) : found
        expect({ sku, how, answer: files }).toEqual({ sku, how, answer })
      }
    })

    test('tells the types of each attribute set', async () => {
      for (const [set, { types }] of Object.entries(truth.types))
        expect(await asking.call(session, 'product_media.types', [set])).toEqual(types)
    })

    test('lets each user do with the old key what Magento let him do', async () => {
      for (const { username, apiKey, magentoAnswers } of keys.users) {
        const login = await asking.login(username, apiKey)
        const answers: Record<string, string> = { login: 'fault' in login ? `fault ${login.fault}` : 'ok' }
        if ('session' in login)
          for (const [method, args] of PROBES) {
            const answer = await asking.call(login.session, `product_media.${method}`, args)
            answers[method] = faultOf(answer) ?? 'ok'
          }
        expect({ username, ...answers }).toEqual({ username, ...magentoAnswers })
        expect(await asking.login(username, `${apiKey}x`)).toEqual({ fault: '2' })
      }
    })

    test('answers REST', async () => {
      const token = keys.tokens.find(({ what }) => what === 'admin access')
      const consumer = keys.consumers.find(({ key }) => key === token?.consumer)
      for (const [asked, { status, body }] of Object.entries(truth.rest)) {
        const [who, target = ''] = asked.split(' ')
        const signer =
          who === 'admin' && token && consumer
            ? { consumer, token: { key: token.token, secret: token.secret } }
            : null
        expect({ asked, ...(await askRest(server.url, target, signer)) }).toEqual({
          asked,
          status,
          body: here(JSON.parse(body)),
        })
      }
    })
  })
})

function faultOf(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null || !('fault' in answer)) return null
  return String(answer.fault)
}
