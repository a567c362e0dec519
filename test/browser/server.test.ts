import type { Page } from 'playwright-core'
import { control } from '../support/control'
import { login } from '../support/soap'
import { describeWithBrowser } from './support/browser'
import { type ConsoleSession, closeBrowser, openDouble, sharedBrowser } from './support/session'
import { waitFor } from './support/waitFor'

let console_: ConsoleSession
let page: Page

beforeEach(async () => {
  console_ = await openDouble(await sharedBrowser())
  page = console_.page
  await console_.goTo('server')
  await page.getByRole('heading', { name: 'Reset' }).waitFor()
})
afterEach(() => console_.end())
afterAll(closeBrowser)

const images = async () =>
  ((await control(console_.server.url, 'GET', '/galleries/1')) as { images: object[] }).images.length

describeWithBrowser('a test double', () => {
  it('is reset after a question', async () => {
    await page.getByRole('button', { name: 'Reset…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click()
    await waitFor(async () => expect(await images()).toBe(0))
  })

  it('goes back to a snapshot', async () => {
    await page.getByLabel('Name').fill('three')
    await page.getByRole('button', { name: 'Take' }).click()
    await page.getByRole('button', { name: 'Restore three' }).waitFor()
    await control(console_.server.url, 'DELETE', '/galleries/1/images/3')
    await page.getByRole('button', { name: 'Restore three' }).click()
    await waitFor(async () => expect(await images()).toBe(3))
    await page.getByRole('button', { name: 'Drop three' }).click()
    await page.getByRole('button', { name: 'Drop three' }).waitFor({ state: 'detached' })
  })

  it('lets time go on, and sessions end by it', async () => {
    const client = await login(console_.server.url)
    await page.getByRole('button', { name: 'A day on' }).click()
    await waitFor(async () =>
      expect(await client.fault('product_media.list', 'teapot-blue')).toMatchObject({ code: '5' }),
    )
  })

  it('lets time stand still', async () => {
    await page.getByLabel('Stand still at').fill('2015-06-01T12:00:00')
    await page.getByRole('button', { name: 'Set', exact: true }).click()
    await page.getByText('standing still').waitFor()
  })
})
