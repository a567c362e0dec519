import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** `describe`, where there is a Chromium; where all is required, its absence is a failure of every test. */
export const describeWithBrowser =
  existsSync(EXECUTABLE) || process.env.KEEPSAKE_REQUIRE_ALL === '1' ? describe : describe.skip

/** A Chromium of its own; its profile is temporary. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS })
}

/** A window that is as wide as a screen, and moves nothing for the sake of looks. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    colorScheme: 'light',
    ...options,
  })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  await page.goto(url)
  return page
}
