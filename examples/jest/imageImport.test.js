const { startKeepsake } = require('keepsake')
require('keepsake/jest')
const { importImages } = require('imageImport')
const { Shop } = require('./shop')

const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

let keepsake

beforeAll(async () => {
  keepsake = await startKeepsake()
})

afterAll(() => keepsake.stop())

beforeEach(() => keepsake.control.reset())

test('goes on when the shop refuses an image', async () => {
  await keepsake.control.rules.add({ when: { method: 'create', nth: 2 }, answer: { fault: 104 } })

  const shop = new Shop(keepsake.jsonrpcUrl)
  await shop.login(keepsake.user)
  const refused = await importImages(shop, 'Sku', { front: GIF, back: GIF, side: GIF })

  expect(refused).toEqual(['back'])
  await expect(keepsake).toHaveReceivedCallTimes(3, { method: 'create', product: 'Sku' })
  await expect(keepsake).toHaveAnsweredFault(104)
})
