import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { login } from '../support/soap'
import { describeWithBrowser } from './support/browser'
import { type ConsoleSession, closeBrowser, openConsole, openDouble, sharedBrowser } from './support/session'
import { waitFor } from './support/waitFor'

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

let console_: ConsoleSession

beforeAll(async () => {
  console_ = await openDouble(await sharedBrowser())
  const client = await login(console_.server.url)
  await client.fault('product_media.list', 'nothing')
  await client.call('product_media.list', 'teapot-blue')
})
afterAll(async () => {
  await console_.end()
  await closeBrowser()
})

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/** What axe-core finds wrong with the page as it is now. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE)
  const found = (await page.evaluate('axe.run(document).then(({ violations }) => violations)')) as Violation[]
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  )
}

/** Every view: its place, and what is pressed there before it is looked at. */
const VIEWS: readonly (readonly [view: string, place: string, press: readonly (string | RegExp)[]])[] = [
  ['the products', 'products', []],
  ['a product’s form', 'products', ['Add a product']],
  ['a gallery', 'products/1', []],
  ['an image’s form', 'products/1', ['Edit Pouring in german']],
  ['the question before a removal', 'products/1', ['Remove Pouring from german']],
  ['a product that is not there', 'products/99', []],
  ['the store views', 'stores', []],
  ['the users', 'users', []],
  ['the OAuth consumers', 'consumers', []],
  ['the journal', 'journal', []],
  ['a call', 'journal', [/^\d+ list/]],
  ['the rules', 'rules', []],
  ['a rule’s form', 'rules', ['Add a rule']],
  ['the server', 'server', []],
]

describeWithBrowser.each(['light', 'dark'] as const)('in %s, axe finds nothing wrong with', (colorScheme) => {
  it.each(VIEWS)('%s', async (_view, place, press) => {
    const page = await console_.another(place, { colorScheme })
    await page.getByRole('heading', { level: 1 }).or(page.getByRole('alert')).first().waitFor()
    await page.getByText('Loading…').waitFor({ state: 'detached' })
    for (const name of press) await page.getByRole('button', { name }).first().click()
    expect(await violations(page)).toEqual([])
    await page.context().close()
  })

  it('signing in', async () => {
    const signedOut = await openConsole(await sharedBrowser())
    const page = await signedOut.another('', { colorScheme })
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await violations(page)).toEqual([])
    await signedOut.end()
  })
})

describeWithBrowser('every page', () => {
  it.each([
    ['360 pixels wide', { viewport: { width: 360, height: 740 } }],
    ['a screen at 200 % zoom', { viewport: { width: 640, height: 450 } }],
  ])('fits into %s without scrolling sideways', async (_width, options) => {
    const page = await console_.another('products', options)
    for (const place of [
      'products',
      'products/1',
      'stores',
      'users',
      'consumers',
      'journal',
      'rules',
      'server',
    ]) {
      await page.goto(`${console_.server.url}/console/#/${place}`)
      await page.getByText('Loading…').waitFor({ state: 'detached' })
      const beyond = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect([place, beyond]).toEqual([place, 0])
    }
    await page.context().close()
  })
})

describeWithBrowser('with the keyboard alone', () => {
  it('an operator comes from the navigation to a gallery, reorders it and changes a label', async () => {
    const page = await console_.another('stores', {})
    const { keyboard } = page
    await page.getByRole('heading', { name: 'Store views' }).waitFor()
    const tabTo = async (name: RegExp) => {
      for (let step = 0; step < 80; step++) {
        await keyboard.press('Tab')
        const focused = 'document.activeElement.ariaLabel ?? document.activeElement.innerText'
        if (name.test(String(await page.evaluate(focused)))) return
      }
      throw new Error(`no way to ${name} by Tab`)
    }
    await keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.innerText')).toBe('To the content')
    await tabTo(/^Products$/)
    await keyboard.press('Enter')
    await page.getByRole('link', { name: 'teapot-blue' }).waitFor()
    await tabTo(/^teapot-blue$/)
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'teapot-blue' }).waitFor()
    await tabTo(/^Move Pouring, 2 of 3 in Default values/)
    await keyboard.press('ArrowUp')
    await page.getByRole('button', { name: 'Move Pouring, 1 of 3 in Default values' }).waitFor()
    await tabTo(/^Edit Pouring in Default values/)
    await keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await keyboard.press('Control+a')
    await keyboard.type('Pouring tea')
    await keyboard.press('Enter')
    await waitFor(async () => expect(await page.getByText('Pouring tea').count()).toBeGreaterThan(0))
    await tabTo(/^Edit Pouring tea in Default values/)
    await keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await keyboard.press('Escape')
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Edit Pouring tea in Default values')
    await page.context().close()
  })
})
