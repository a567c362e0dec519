import { control, DOUBLE } from '../support/control'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { login, type SoapClient } from '../support/soap'

let server: TestServer
let client: SoapClient

beforeAll(async () => {
  server = await startTestServer({ seed: SMALL_SHOP, environment: DOUBLE })
  client = await login(server.url)
})

afterEach(() => control(server.url, 'DELETE', '/rules'))
afterAll(() => server.stop())

const make = (rule: unknown) => control(server.url, 'POST', '/rules', rule) as Promise<{ id: string }>
const all = () => control(server.url, 'GET', '/rules')
const code = async () => (await client.fault('product_media.list', 'Sku'))?.code ?? null

describe('the rules of a test double', () => {
  it('are made, read, replaced and removed', async () => {
    const { id } = await make({ name: 'busy', when: { method: 'list' }, answer: { http: 503 }, times: 2 })
    const made = {
      id,
      name: 'busy',
      when: { method: 'list' },
      answer: { http: 503 },
      times: 2,
      enabled: true,
      hits: 0,
    }
    expect(await all()).toEqual([made])
    expect(await control(server.url, 'GET', `/rules/${id}`)).toEqual(made)
    const other = { answer: { fault: 104 }, enabled: false }
    expect(await control(server.url, 'PUT', `/rules/${id}`, other)).toEqual({
      id,
      when: {},
      ...other,
      hits: 0,
    })
    await control(server.url, 'DELETE', `/rules/${id}`)
    expect(await all()).toEqual([])
  })

  it('can be put as they are read', async () => {
    const made = await make({ when: { product: 'Sku' }, answer: { fault: 104 } })
    const { hits: _, id, ...description } = made as { id: string; hits: number }
    expect(await control(server.url, 'PUT', `/rules/${id}`, description)).toEqual(made)
  })

  it('are tried in their order, and the first that is for a call answers it', async () => {
    const { id } = await make({ answer: { fault: 104 }, times: 1 })
    await make({ answer: { fault: 105 } })
    expect([await code(), await code()]).toEqual(['104', '105'])
    await control(server.url, 'PUT', `/rules/${id}`, { answer: { fault: 106 } })
    expect(await code()).toBe('106')
    await control(server.url, 'PUT', `/rules/${id}`, { answer: { fault: 106 }, enabled: false })
    expect(await code()).toBe('105')
  })

  it('answer calls as before once they are removed', async () => {
    await make({ answer: { fault: 104 } })
    await control(server.url, 'DELETE', '/rules')
    expect(await code()).toBeNull()
  })

  it.each(['GET', 'DELETE', 'PUT'] as const)('that are not there are not found by %s', async (method) => {
    const body = method === 'PUT' ? { answer: { fault: 1 } } : undefined
    await expect(control(server.url, method, '/rules/none', body)).rejects.toThrow(
      '404 {"error":"There is no rule \\"none\\""}',
    )
  })

  it.each([
    [{}, 'body.answer: '],
    [{ answer: {} }, 'body.answer: expected fault, wait, broken or http'],
    [{ answer: { after: true } }, 'body.answer: expected fault, wait, broken or http'],
    [{ answer: { fault: 7 } }, 'body.answer.fault: '],
    [{ answer: { fault: 108 } }, 'body.answer.fault: '],
    [{ answer: { http: 404 } }, 'body.answer.http: '],
    [{ answer: { broken: 'melted' } }, 'body.answer.broken: '],
    [{ answer: { wait: -1 } }, 'body.answer.wait: '],
    [{ answer: { wait: 3_600_001 } }, 'body.answer.wait: '],
    [{ answer: { fault: 1, http: 500 } }, 'body.answer: expected only one of fault, broken and http'],
    [{ answer: { http: 500, message: 'x' } }, 'body.answer: a message goes with a fault'],
    [
      { when: { method: 'craete' }, answer: { fault: 1 } },
      'body.when.method: expected a method such as create, product_media.create or login',
    ],
    [{ when: { method: 'call' }, answer: { fault: 1 } }, 'body.when.method: '],
    [{ when: { protocol: 'soup' }, answer: { fault: 1 } }, 'body.when.protocol: '],
    [{ when: { nth: 0 }, answer: { fault: 1 } }, 'body.when.nth: '],
    [{ when: { probability: 1.1 }, answer: { fault: 1 } }, 'body.when.probability: '],
    [{ when: { sku: 'Sku' }, answer: { fault: 1 } }, 'body.when: '],
    [{ answer: { fault: 1 }, times: 0 }, 'body.times: '],
  ])('of the form %j are refused', async (rule, error) => {
    await expect(make(rule)).rejects.toThrow(`400 {"error":"${error}`)
    expect(await all()).toEqual([])
  })
})
