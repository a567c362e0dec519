import type { Page } from 'playwright-core'
import { login } from '../support/soap'
import { describeWithBrowser } from './support/browser'
import { type ConsoleSession, closeBrowser, openDouble, sharedBrowser } from './support/session'
import { waitFor } from './support/waitFor'

let console_: ConsoleSession
let page: Page

beforeEach(async () => {
  console_ = await openDouble(await sharedBrowser())
  page = console_.page
  await console_.goTo('rules')
  await page.getByText('No rules: every call is answered as it should be.').waitFor()
})
afterEach(() => console_.end())
afterAll(closeBrowser)

async function addRule(fill: () => Promise<void>): Promise<void> {
  await page.getByRole('button', { name: 'Add a rule' }).click()
  await fill()
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByRole('table').waitFor()
}

const fault104 = async () => {
  await page.getByLabel('Name').fill('full disk')
  await page.getByLabel('Method').fill('list')
  await page.getByLabel('Text of the fault').fill('The disk is full.')
}

describeWithBrowser('a rule by the form', () => {
  it('answers a call over SOAP, and counts it', async () => {
    await addRule(fault104)
    const client = await login(console_.server.url)
    expect(await client.fault('product_media.list', 'teapot-blue')).toEqual({
      code: '104',
      message: 'The disk is full.',
    })
    await page.reload()
    expect(await page.getByRole('row', { name: 'full disk' }).innerText()).toMatch(
      /list.*The disk is full.*1/s,
    )
  })

  it('rests, is in force again, and is removed', async () => {
    await addRule(fault104)
    const client = await login(console_.server.url)
    const listed = () => client.fault('product_media.list', 'teapot-blue')
    await page.getByRole('button', { name: 'Disable rule full disk' }).click()
    await page.getByRole('cell', { name: 'at rest' }).waitFor()
    expect(await listed()).toBeNull()
    await page.getByRole('button', { name: 'Enable rule full disk' }).click()
    await page.getByRole('cell', { name: 'in force' }).waitFor()
    expect(await listed()).not.toBeNull()
    await page.getByRole('button', { name: 'Remove rule full disk' }).click()
    await page.getByText('No rules').waitFor()
    expect(await listed()).toBeNull()
  })

  it('is changed, with what it says filled in', async () => {
    await addRule(fault104)
    await page.getByRole('button', { name: 'Change rule full disk' }).click()
    expect(await page.getByLabel('Method').inputValue()).toBe('list')
    expect(await page.getByLabel('Answer').inputValue()).toBe('fault:104')
    await page.getByLabel('Answer').selectOption('broken:cut')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('cell', { name: 'the connection is cut' }).waitFor()
  })

  it('is refused in words when it makes no sense', async () => {
    await page.getByRole('button', { name: 'Add a rule' }).click()
    await page.getByLabel('Method').fill('lst')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await waitFor(async () =>
      expect(await page.getByRole('alert').innerText()).toContain('expected a method'),
    )
  })
})
