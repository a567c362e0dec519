import { type Keepsake, startKeepsake } from '../../src/library'
import '../../src/library/jest'
import { requireFreshBuild } from '../support/cli'
import { login } from '../support/soap'

let keepsake: Keepsake

beforeAll(async () => {
  requireFreshBuild()
  keepsake = await startKeepsake()
})

afterEach(() => keepsake.control.reset())
afterAll(() => keepsake.stop())

const client = () => login(keepsake.url, { username: 'apiUser', apiKey: 'apiKey' })

describe('the control of a server in a test', () => {
  it('makes a shop, and brings back that of the start', async () => {
    const { products, stores, attributeSets, users } = keepsake.control
    await attributeSets.put('Plain', { gallery: false })
    expect(await products.put('a/b %2F', { attributeSet: 'Plain' })).toMatchObject({ sku: 'a/b %2F' })
    await stores.put('french')
    const { key } = await users.put('guest', {})
    expect(key).toMatch(/^[0-9a-f]{32}$/)
    expect(await (await client()).fault('product_media.list', 'a/b %2F')).toMatchObject({ code: '107' })
    await keepsake.control.reset()
    expect((await products.list()).map(({ sku }) => sku)).toEqual(['Sku', 'Voucher'])
    expect((await stores.list()).map(({ code }) => code)).toEqual(['admin', 'default', 'german'])
  })

  it('keeps the shop under a name, and brings it back', async () => {
    const { control } = keepsake
    await control.products.put('kept')
    await control.snapshot('with-one-more')
    await control.reset()
    await control.restore('with-one-more')
    expect((await control.products.list({ search: 'kept' })).length).toBe(1)
  })

  it('puts a seed in', async () => {
    await keepsake.control.seed({ products: [{ id: 7, sku: 'seeded', attributeSet: 4, websites: [1] }] })
    expect(await keepsake.control.products.list({ search: 'seeded' })).toMatchObject([{ id: 7 }])
  })

  it('has calls answered by rules', async () => {
    const { rules } = keepsake.control
    const { id } = await rules.add({ when: { method: 'list' }, answer: { fault: 101 }, times: 1 })
    const caller = await client()
    expect(await caller.fault('product_media.list', 'Sku')).toMatchObject({ code: '101' })
    expect(await caller.fault('product_media.list', 'Sku')).toBeNull()
    expect(await rules.get(id)).toMatchObject({ hits: 1 })
    await rules.clear()
    expect(await rules.list()).toEqual([])
  })

  it('makes consumers and tokens of OAuth', async () => {
    const { consumers } = keepsake.control
    const { key } = await consumers.add({ name: 'Importer' })
    const { token } = await consumers.issueToken(key, 'admin')
    await consumers.revokeToken(token)
    expect(await consumers.list()).toMatchObject([{ name: 'Importer', tokens: [{ token, revoked: true }] }])
  })

  it('lists, awaits and exports what was asked', async () => {
    const { journal } = keepsake.control
    const caller = await client()
    const awaited = journal.await({ method: 'list', product: 'Sku' })
    await caller.call('product_media.list', 'Sku')
    const [entry] = await awaited
    expect(entry).toMatchObject({ path: expect.stringMatching(/\.list$/), user: 'apiUser' })
    expect(await journal.list({ method: 'list' })).toHaveLength(1)
    expect(await journal.get(entry?.id ?? 0)).toEqual(entry)
    expect((await journal.export()).flatMap(({ steps }) => steps)).not.toEqual([])
    await journal.clear()
    expect(await journal.list()).toEqual([])
  })

  it('says what came close to a call that was awaited in vain', async () => {
    await (await client()).call('product_media.list', 'Sku')
    const inVain = keepsake.control.journal.await({ method: 'create', product: 'Sku' }, { timeoutSeconds: 0 })
    await expect(inVain).rejects.toThrow(
      /no such calls.*\nClosest:\n {2}\d+\. list, soap_v1: method is .*list, not create/,
    )
  })

  it('says in a line what cannot be done', async () => {
    const { control } = keepsake
    await expect(control.restore('nothing')).rejects.toThrow(
      /^POST \/_keepsake\/snapshots\/nothing\/restore: /,
    )
    expect(() => control.products.put('..')).toThrow('".." cannot be a name in a path')
  })
})

describe('the matchers on the journal', () => {
  it('pass when the calls were made', async () => {
    const caller = await client()
    await caller.call('product_media.list', 'Sku')
    await caller.fault('product_media.list', 'nothing')
    await expect(keepsake).toHaveReceivedCall({ method: 'list', product: 'Sku' })
    await expect(keepsake).toHaveReceivedCallTimes(2, { method: 'list' })
    await expect(keepsake).toHaveAnsweredFault(101, { product: 'nothing' })
    await expect(keepsake).not.toHaveReceivedCall({ method: 'create' })
  })

  it('say what was wanted and what came close', async () => {
    await (await client()).call('product_media.list', 'Sku')
    await expect(expect(keepsake).toHaveReceivedCall({ method: 'list', product: 'Other' })).rejects.toThrow(
      /^expected \{"method":"list","product":"Other"\}: no such calls, at least 1 wanted\nClosest:\n {2}\d+\. list, soap_v1: product is "Sku", not Other$/,
    )
    await expect(expect(keepsake).not.toHaveReceivedCall({ method: 'list' })).rejects.toThrow(
      'expected no such call, got 1 call: {"method":"list"}',
    )
  })

  it('are of a server alone', async () => {
    await expect(expect('http://127.0.0.1').toHaveReceivedCall()).rejects.toThrow(
      'what startKeepsake has answered',
    )
  })
})
