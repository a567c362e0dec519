import { control, DOUBLE } from '../support/control'
import { LISTINGS } from '../support/listing'
import { SMALL_SHOP } from '../support/seed'
import { startTestServer, type TestServer } from '../support/server'
import { login } from '../support/soap'

let server: TestServer | undefined

afterEach(() => server?.stop())

async function started(environment: NodeJS.ProcessEnv, products: readonly string[] = []) {
  const seed = JSON.parse(SMALL_SHOP)
  for (const sku of products) seed.products.push({ sku, attributeSet: 4, websites: [1] })
  server = await startTestServer({
    seed: JSON.stringify(seed),
    environment: { KEEPSAKE_MEMORY: 'true', ...environment },
  })
  return server.url
}

const MAGIC = { KEEPSAKE_MAGIC_SKUS: 'true' }

describe('magic SKUs', () => {
  it('are products like any other unless they are switched on', async () => {
    for (const environment of [{}, DOUBLE]) {
      const client = await login(await started(environment))
      expect(await client.fault('product_media.list', 'keepsake-fault-104')).toMatchObject({ code: '101' })
      await server?.stop()
    }
    server = undefined
  })

  it('need no control API, and open none', async () => {
    const url = await started(MAGIC)
    expect((await fetch(`${url}/_keepsake/rules`)).status).toBe(404)
    const client = await login(url)
    expect(await client.fault('product_media.list', 'Keepsake-Fault-104')).toEqual({
      code: '104',
      message: 'Image creation failed. Details in error message.',
    })
    expect(await client.call('product_media.list', 'Sku')).toEqual([])
  })

  it('are answered in every protocol', async () => {
    const url = await started(MAGIC, ['keepsake-wait-20', 'keepsake-truncated', 'keepsake-malformed'])
    const { session } = await login(url)
    for (const { protocol, ask, faultIn } of LISTINGS) {
      const answer = (sku: string) => ask(url, session, sku)
      const whole = (await answer('Sku')).text
      expect(faultIn(await answer('keepsake-fault-107'))).toBe(
        protocol === 'rest'
          ? '400 Requested product does not support images'
          : "107 Requested product doesn't support images",
      )
      expect((await answer('keepsake-wait-20')).text).toBe(whole)
      expect((await answer('keepsake-truncated')).text).toBe(whole.slice(0, Math.floor(whole.length / 2)))
      expect((await answer('keepsake-malformed')).text).toContain('<&"')
      expect(await answer('keepsake-html')).toMatchObject({
        status: 200,
        text: expect.stringMatching(/^<html>/),
      })
      expect(await answer('keepsake-http-500')).toMatchObject({ status: 500 })
      expect(await answer('keepsake-http-503')).toMatchObject({
        status: 503,
        headers: { 'retry-after': '1' },
      })
      await expect(answer('keepsake-cut')).rejects.toMatchObject({ code: 'ECONNRESET' })
    }
  })

  it('yield to rules', async () => {
    const url = await started({ ...DOUBLE, ...MAGIC })
    const client = await login(url)
    const code = async () => (await client.fault('product_media.list', 'keepsake-fault-107'))?.code
    expect(await code()).toBe('107')
    await control(url, 'POST', '/rules', { answer: { fault: 103 } })
    expect(await code()).toBe('103')
  })
})
