import { control, DOUBLE } from '../support/control'
import { startTestServer, type TestServer } from '../support/server'

interface Document {
  readonly tags: readonly { readonly name: string; readonly description?: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, { operationId: string; tags: string[] }>>>>
}

let server: TestServer
let document: Document

beforeAll(async () => {
  server = await startTestServer({ environment: DOUBLE })
  document = (await control(server.url, 'GET', '/openapi.json')) as Document
})

afterAll(() => server.stop())

const operations = () => Object.values(document.paths).flatMap((methods) => Object.values(methods))

describe('the OpenAPI document of the control API', () => {
  it('is valid', async () => {
    const { Validator } = await import('@seriousme/openapi-schema-validator')
    expect(await new Validator().validate({ ...document })).toEqual({ valid: true })
  })

  it('names every operation differently', () => {
    const ids = operations().map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('tells what each group of operations is about', () => {
    const described = document.tags.filter(({ description }) => description).map(({ name }) => name)
    expect(described.sort()).toEqual([...new Set(operations().flatMap(({ tags }) => tags))].sort())
  })
})
