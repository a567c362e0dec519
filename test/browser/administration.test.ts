import type { Page } from 'playwright-core'
import { login } from '../support/soap'
import { describeWithBrowser } from './support/browser'
import { type ConsoleSession, closeBrowser, openConsole, sharedBrowser, signIn } from './support/session'

let console_: ConsoleSession
let page: Page

beforeEach(async () => {
  console_ = await openConsole(await sharedBrowser())
  page = console_.page
  await signIn(page)
  await page.getByRole('link', { name: 'teapot-blue' }).waitFor()
})
afterEach(() => console_.end())
afterAll(closeBrowser)

const dialog = () => page.getByRole('dialog')
const save = () => dialog().getByRole('button', { name: 'Save' }).click()

describeWithBrowser('products', () => {
  it('are found by a part of the SKU', async () => {
    await page.getByLabel('Part of the SKU').fill('cup')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'teapot-blue' }).waitFor({ state: 'detached' })
    expect(await page.getByRole('link', { name: 'cup-small' }).count()).toBe(1)
  })

  it('are added, and lead to their galleries', async () => {
    await page.getByRole('button', { name: 'Add a product' }).click()
    await dialog().getByLabel('SKU').fill('saucer')
    await save()
    await page.getByRole('link', { name: 'saucer' }).click()
    await page.getByRole('heading', { name: 'saucer' }).waitFor()
    await page.getByRole('region', { name: 'german' }).waitFor()
  })

  it('are changed', async () => {
    await page.getByRole('button', { name: 'Change cup-small' }).click()
    await dialog().getByLabel('Attribute set').selectOption('Gift card')
    await save()
    await page.getByRole('row', { name: 'cup-small' }).getByText('Gift card').waitFor()
  })
})

describeWithBrowser('store views', () => {
  it('are added, with their website', async () => {
    await console_.goTo('stores')
    await page.getByRole('button', { name: 'Add a store view' }).click()
    await dialog().getByLabel('Code').fill('french')
    await dialog().getByLabel('Website').fill('france')
    await save()
    await page.getByRole('row', { name: 'french' }).getByText('france').waitFor()
  })
})

describeWithBrowser('users', () => {
  it('are added with a key that is shown once, and works', async () => {
    await console_.goTo('users')
    await page.getByRole('button', { name: 'Add a user' }).click()
    await dialog().getByLabel('User name').fill('nightly')
    await save()
    await page.getByRole('heading', { name: 'The key of nightly' }).waitFor()
    const apiKey = await dialog().locator('code').last().innerText()
    await dialog().getByRole('button', { name: 'Done' }).click()
    await login(console_.server.url, { username: 'nightly', apiKey })
    expect(await page.getByText(apiKey).count()).toBe(0)
  })

  it('are disabled', async () => {
    await console_.goTo('users')
    await page.getByRole('button', { name: 'Change importer' }).click()
    await dialog().getByLabel('Active').uncheck()
    await save()
    await page.getByRole('row', { name: 'importer' }).getByText('disabled').waitFor()
  })
})

describeWithBrowser('OAuth consumers', () => {
  it('are added, and get tokens that can be revoked', async () => {
    await console_.goTo('consumers')
    await page.getByRole('button', { name: 'Add a consumer' }).click()
    await dialog().getByLabel('Name').fill('Warehouse')
    await save()
    await page.getByRole('heading', { name: 'The new consumer' }).waitFor()
    await dialog().getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Issue a token for Warehouse' }).click()
    await dialog().getByRole('button', { name: 'Issue' }).click()
    await page.getByText('Token secret').waitFor()
    await dialog().getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Revoke' }).click()
    await dialog().getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('row', { name: 'Warehouse' }).getByText('revoked').waitFor()
  })
})
