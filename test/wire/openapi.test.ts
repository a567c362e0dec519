import { readScenarios } from '../golden/player'
import { send } from '../support/http'
import { startTestServer, type TestServer } from '../support/server'

interface Operation {
  readonly operationId: string
  readonly responses: Readonly<Record<string, unknown>>
}

interface OpenApi {
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

let server: TestServer
let document: OpenApi

beforeAll(async () => {
  server = await startTestServer({ environment: { KEEPSAKE_MEMORY: 'true' } })
  document = JSON.parse((await send(server.url, { path: '/api/rest/openapi.json' })).text)
})

afterAll(() => server.stop())

describe('the OpenAPI document', () => {
  it('is valid', async () => {
    const { Validator } = await import('@seriousme/openapi-schema-validator')
    expect(await new Validator().validate({ ...document })).toEqual({ valid: true })
  })

  it('is of this server, under the URL by which it was asked', async () => {
    expect(document.servers).toEqual([{ url: `${server.url}/api/rest` }])
    const headers = { host: 'shop.example:8443' }
    const answer = await send(server.url, { path: '/index.php/api/rest/openapi.json', headers })
    expect(JSON.parse(answer.text).servers).toEqual([{ url: 'http://shop.example:8443/api/rest' }])
  })

  it('names every operation differently', () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).flatMap(({ operationId }) => operationId ?? []),
    )
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('has the four families of paths', () => {
    expect(Object.keys(document.paths)).toEqual([
      '/products/{product}/images',
      '/products/{product}/images/store/{store}',
      '/products/{product}/images/{image}',
      '/products/{product}/images/{image}/store/{store}',
    ])
  })

  const exchanges = readScenarios('rest.json').flatMap(({ scenario, steps }) =>
    steps.map(({ request, response }, step) => ({
      name: `${scenario}, step ${step}`,
      method: request.method.toLowerCase(),
      path: request.path.replace(/\?.*/, '').replace('/api/rest', ''),
      status: response.status,
    })),
  )

  it.each(exchanges.filter(({ path }) => path !== '/nosuch'))(
    'describes $name: $method, $status',
    ({ method, path, status }) => {
      const family = Object.entries(document.paths).find(([template]) => patternOf(template).test(path))
      expect(Object.keys(family?.[1][method]?.responses ?? {})).toContain(String(status))
    },
  )
})

/** Ids are digits or, in a recording, a placeholder; a segment that is fixed in one family is no parameter of another. */
function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{\w+\}/g, '(?!store(?:/|$))[^/]+')}$`)
}

describe('the page that shows it', () => {
  it.each(['/api/rest/docs/', '/index.php/api/rest/docs/'])(
    'is at %s, and takes nothing from elsewhere',
    async (path) => {
      const answer = await send(server.url, { path })
      expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
      const sources = [...answer.text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, source = '']) => source)
      expect(sources.length).toBeGreaterThan(3)
      for (const source of sources) {
        const { pathname, origin } = new URL(source, server.url + path)
        expect(origin).toBe(server.url)
        expect((await send(server.url, { path: pathname })).status).toBe(200)
      }
    },
  )

  it('is found without the slash at its end', async () => {
    const answer = await send(server.url, { path: '/api/rest/docs' })
    expect([answer.status, answer.headers.location]).toEqual([301, '/api/rest/docs/'])
  })

  it('has no script or style in it, which its policy would not run', async () => {
    const { text } = await send(server.url, { path: '/api/rest/docs/' })
    expect(text).not.toMatch(/<script>|<style|\sstyle=|\son\w+=/)
  })
})
