import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { DOUBLE } from '../../support/control'
import type { TestServer } from '../../support/server'
import { launchBrowser, openPage } from './browser'
import { CONSOLE, fillGallery, OPERATOR, startShop } from './shop'

/** A browser and a server of its own, with the console open, and whatever the page has complained of. */
export interface ConsoleSession {
  readonly page: Page
  readonly server: TestServer
  /** Leads to a place of the console, as its navigation would. */
  goTo(place: string): Promise<void>
  /** Another window on the same server, with other wishes. */
  another(place: string, options: BrowserContextOptions): Promise<Page>
  end(): Promise<void>
}

/** The console of an open test double, with three images in the gallery of its first product. */
export async function openDouble(browser: Browser): Promise<ConsoleSession> {
  return open(browser, await startShop(DOUBLE), true)
}

/** The console of a server that is no test double, where nobody has signed in. */
export async function openConsole(browser: Browser): Promise<ConsoleSession> {
  return open(browser, await startShop(CONSOLE), false)
}

async function open(browser: Browser, server: TestServer, isFilled: boolean): Promise<ConsoleSession> {
  if (isFilled) await fillGallery(server.url)
  const complaints: string[] = []
  const page = await openPage(browser, `${server.url}/console/`)
  page.on('pageerror', ({ message }) => complaints.push(message))
  page.on('console', (message) => {
    // A status of 4xx is said on the page, too.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
      complaints.push(message.text())
  })
  const pages = [page]
  return {
    page,
    server,
    async goTo(place) {
      await page.goto(`${server.url}/console/#/${place}`)
    },
    async another(place, options) {
      const other = await openPage(browser, `${server.url}/console/#/${place}`, options)
      pages.push(other)
      return other
    },
    async end() {
      for (const opened of pages) await opened.context().close()
      await server.stop()
      expect(complaints).toEqual([])
    },
  }
}

export async function signIn(page: Page, apiKey: string = OPERATOR.apiKey): Promise<void> {
  await page.getByLabel('User name').fill(OPERATOR.username)
  await page.getByLabel('API key').fill(apiKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

let shared: Browser | undefined

/** One browser for all tests of a file. */
export async function sharedBrowser(): Promise<Browser> {
  shared ??= await launchBrowser()
  return shared
}

export async function closeBrowser(): Promise<void> {
  await shared?.close()
  shared = undefined
}
