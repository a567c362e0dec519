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
  await console_.goTo('journal')
  await page.getByText('No calls yet').waitFor()
})
afterEach(() => console_.end())
afterAll(closeBrowser)

const row = (name: RegExp) => page.getByRole('row', { name })

describeWithBrowser('the journal', () => {
  it('shows calls as they arrive', async () => {
    const client = await login(console_.server.url)
    await row(/login/).waitFor()
    await client.fault('product_media.list', 'nothing')
    await row(/list soap_v1 nothing fault 101/).waitFor()
  })

  it('shows request and answer with a line for each element, and why a call failed', async () => {
    const client = await login(console_.server.url)
    await client.fault('product_media.list', 'nothing')
    await page.getByRole('button', { name: /\d+ list/ }).click()
    await waitFor(async () => expect(await page.evaluate('document.activeElement.id')).toBe('entry'))
    const entry = page.getByRole('region', { name: /^Call \d+: list/ })
    expect(await entry.innerText()).toContain('Why:')
    expect(await entry.locator('pre').first().innerText()).toMatch(/\n {4}<m:call>\n {6}<sessionId/)
    expect(await entry.locator('pre').last().innerText()).toMatch(/<faultcode>101<\/faultcode>\n/)
  })

  it('lets a filter choose', async () => {
    const client = await login(console_.server.url)
    await client.fault('product_media.list', 'nothing')
    await row(/list/).waitFor()
    await page.getByLabel('Faults only').check()
    await row(/login/).waitFor({ state: 'detached' })
    await page.getByLabel('Method, user or argument').fill('login')
    await page.getByText('No call passes the filter.').waitFor()
  })

  it('pauses, and catches up', async () => {
    await page.getByRole('button', { name: 'Pause' }).click()
    await login(console_.server.url)
    expect(await row(/login/).count()).toBe(0)
    await page.getByRole('button', { name: 'Go on' }).click()
    await row(/login/).waitFor()
  })

  it('compares two calls line by line', async () => {
    const client = await login(console_.server.url)
    await client.call('product_media.list', 'teapot-blue')
    await client.call('product_media.list', 'teapot-green')
    const boxes = page.getByRole('checkbox', { name: /^Compare call/ })
    await waitFor(async () => expect(await boxes.count()).toBe(3))
    await boxes.nth(1).check()
    await boxes.nth(0).check()
    await page.getByRole('heading', { name: /compared$/ }).waitFor()
    const entry = page.locator('#entry')
    expect(await entry.locator('pre del').first().innerText()).toContain('teapot-blue')
    expect(await entry.locator('pre ins').first().innerText()).toContain('teapot-green')
  })

  it('is emptied', async () => {
    await login(console_.server.url)
    await row(/login/).waitFor()
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByText('No calls yet').waitFor()
  })
})
